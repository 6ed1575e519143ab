/**
 * What a design's answer is to be made in: what the person chose for its workspace folder, else what the settings say, else what fits the
 * workspace. A proposal is used without a question; the panel says which it was, and the choice can be changed and run again.
 */
import * as vscode from 'vscode';
import { proposeTarget, type TargetProposal } from '../core/targets.ts';
import { TARGET_LABEL, TARGETS, type TargetId } from '../shared/design.ts';
import type { Task } from '../shared/task.ts';
import { folderOf } from './contextFiles.ts';

/** A package.json beyond this is none that people wrote. */
const MAX_PACKAGE_BYTES = 1024 * 1024;
const MAX_NEIGHBOURS = 1000;

export interface TargetDeps {
  /** Keeps the choice of each folder of this workspace. */
  readonly memory: vscode.Memento;
  readonly setting: () => TargetId | 'auto';
}

/** The design task with its target; any other task as it is, and one that has a target already. */
export async function withTarget(task: Task, deps: TargetDeps): Promise<Task> {
  if (task.kind === 'code' || task.target) return task;
  const setting = deps.setting();
  const chosen = readChoice(task, deps) ?? (setting === 'auto' ? undefined : setting);
  return { ...task, target: chosen ?? (await proposalFor(task)).target };
}

/** Asks for the target of a design, or of the workspace where there is none, and remembers it. Undefined: the person gave up. */
export async function chooseTarget(task: Task | undefined, deps: TargetDeps): Promise<TargetId | undefined> {
  const place = task ?? EMPTY_TASK;
  const proposal = await proposalFor(place);
  const current = task?.target ?? readChoice(place, deps);
  const items = [proposal.target, ...TARGETS.filter((target) => target !== proposal.target)].map((target) => ({
    label: TARGET_LABEL[target],
    ...(target === current ? { description: 'current' } : {}),
    ...(target === proposal.target ? { detail: `Proposed: ${proposal.reason}` } : {}),
    target,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Choose Output Target',
    placeHolder: 'What designs are to be built in, in this folder',
    matchOnDetail: true,
  });
  if (!picked) return undefined;
  await deps.memory.update(keyOf(place), picked.target);
  return picked.target;
}

const EMPTY_TASK: Task = { kind: 'design', title: '', instruction: '', parts: [] };

const keyOf = (task: Task): string => `target ${folderOf(task)?.uri.toString() ?? ''}`;

function readChoice(task: Task, { memory }: TargetDeps): TargetId | undefined {
  const stored = memory.get<unknown>(keyOf(task));
  return TARGETS.find((target) => target === stored);
}

/** From the design's own name, what lies beside it, and the nearest package.json up to the workspace folder. */
async function proposalFor(task: Task): Promise<TargetProposal> {
  const folder = folderOf(task)?.uri;
  const source = task.source && vscode.Uri.parse(task.source.uri);
  const isInFolder = source !== undefined && folder !== undefined && source.path.startsWith(`${folder.path}/`);
  const beside = isInFolder ? vscode.Uri.joinPath(source, '..') : folder;
  const packageJson = beside && folder ? await nearestPackage(beside, folder) : undefined;
  return proposeTarget({
    neighbours: beside ? await namesIn(beside) : [],
    ...(packageJson === undefined ? {} : { packageJson }),
    ...(task.source ? { source: task.source.name } : {}),
  });
}

async function namesIn(directory: vscode.Uri): Promise<readonly string[]> {
  try {
    return (await vscode.workspace.fs.readDirectory(directory)).slice(0, MAX_NEIGHBOURS).map(([name]) => name);
  } catch {
    return [];
  }
}

async function nearestPackage(from: vscode.Uri, top: vscode.Uri): Promise<string | undefined> {
  for (let directory = from; ; directory = vscode.Uri.joinPath(directory, '..')) {
    const file = vscode.Uri.joinPath(directory, 'package.json');
    try {
      const { size } = await vscode.workspace.fs.stat(file);
      if (size <= MAX_PACKAGE_BYTES) return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    } catch {
      // There is none here.
    }
    if (directory.path === top.path || directory.path === '/') return undefined;
  }
}
