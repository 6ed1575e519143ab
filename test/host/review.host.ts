/** Review and apply inside a real extension host: virtual documents, native diffs, the checks before a write, apply and undo. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { suite, suiteSetup, suiteTeardown, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { type ApplyOutcome, applyPlan } from '../../src/core/apply/apply.ts';
import { planApply } from '../../src/core/apply/plan.ts';
import { undoApply } from '../../src/core/apply/undo.ts';
import type { ApplyDependencies, Question } from '../../src/core/apply/workspace.ts';
import { type ComparisonEvent, type ComparisonState, fold, type LaneId } from '../../src/shared/comparison.ts';
import type { FinishReason } from '../../src/shared/model.ts';
import type { Task, TaskSource } from '../../src/shared/task.ts';
import { AnswerFiles } from '../../src/shell/answerFiles.ts';
import { applyAndTell } from '../../src/shell/apply.ts';
import { readText, sha256 } from '../../src/shell/applyTargets.ts';
import { WINDOW_WORKSPACE } from '../../src/shell/applyWorkspace.ts';
import { diffLanes, diffWithFile } from '../../src/shell/diffReview.ts';
import { formatApplied } from '../../src/shell/formatApplied.ts';
import { applyResult, laneBeside, type ResultDependencies, switchResultSide, takeHunks } from '../../src/shell/resultDocument.ts';
import { ResultFiles } from '../../src/shell/resultFiles.ts';
import { undoStoreIn } from '../../src/shell/undoApply.ts';

const FENCE = '```';
const SCHEME = 'second-thought-test';

const answer = (files: Readonly<Record<string, string>>): string =>
  Object.entries(files)
    .map(([name, content]) => `### ${name}\n\n${FENCE}${name.split('.').at(-1)}\n${content}${FENCE}\n`)
    .join('\n');

/** A comparison that ran: what each lane answered and how it ended. */
function comparison(
  task: Partial<Task>,
  answers: Partial<Record<LaneId, string>>,
  finish: FinishReason = 'stop',
): ComparisonState {
  const events: ComparisonEvent[] = [];
  const add = (event: Record<string, unknown>): void => {
    // The cast: a spread loses the union, and the fold checks the shape anyway.
    events.push({ seq: events.length, atMs: events.length * 10, ...event } as unknown as ComparisonEvent);
  };
  const whole: Task = { kind: 'design', title: 'card.md', instruction: '', parts: [{ type: 'text', text: 'spec' }], ...task };
  add({
    type: 'comparison-start',
    schema: 1,
    id: `test-${Math.abs(hash(JSON.stringify([whole, answers])))}`,
    startedAt: '2026-11-22T10:00:00.000Z',
    task: whole,
  });
  for (const [lane, text] of Object.entries(answers)) {
    const plan = {
      lane,
      model: `sample:${lane}`,
      endpointLabel: 'Sample',
      scripted: true,
      maxOutputTokens: 1,
      system: 'S',
      prompt: 'P',
      estimate: { inputTokens: 1 },
    };
    add({ type: 'lane', lane, event: { type: 'start', plan } });
    add({ type: 'lane', lane, event: { type: 'text', text } });
    add({ type: 'lane', lane, event: { type: 'end', reason: finish } });
  }
  return fold(events);
}

/** Applies as a person does, with nobody pressing the message's buttons. */
const applyAnswer = (state: ComparisonState, lane: LaneId, dependencies: ApplyDependencies): Promise<ApplyOutcome> =>
  applyAndTell(state, lane, dependencies, { undo: () => undefined, format: () => undefined, takeHunks: () => undefined });

const hash = (text: string): number => [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) | 0, 7);

suite('review and apply', () => {
  const states = new Map<string, ComparisonState>();
  const known = (state: ComparisonState): ComparisonState => {
    states.set(state.id, state);
    return state;
  };
  let files: AnswerFiles;
  let registered: vscode.Disposable;
  let root: vscode.Uri;
  let folder: vscode.Uri;
  /** Path of the test's own folder, as messages show it. */
  let here: string;
  let count = 0;
  let store: string;
  let questions: Question[];
  let told: string[];
  let says: boolean;
  const dialogs = {
    confirm: async (question: Question): Promise<boolean> => {
      questions.push(question);
      return says;
    },
    tell: async (message: string): Promise<undefined> => void told.push(message),
    pickFolder: async (): Promise<undefined> => undefined,
  };
  let dependencies: ApplyDependencies;

  suiteSetup(async () => {
    const workspace = vscode.workspace.workspaceFolders?.[0];
    assert.ok(workspace, 'the tests need a workspace folder');
    root = workspace.uri;
    files = new AnswerFiles({ lookup: async (id) => states.get(id), readText, scheme: SCHEME });
    registered = vscode.workspace.registerFileSystemProvider(SCHEME, files, { isCaseSensitive: true, isReadonly: true });
  });
  suiteTeardown(async () => {
    registered.dispose();
    files.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await fs.rm(vscode.Uri.joinPath(root, 'review-test').fsPath, { recursive: true, force: true });
  });
  async function fresh(): Promise<void> {
    count += 1;
    here = `review-test/${count}`;
    folder = vscode.Uri.joinPath(root, here);
    await fs.mkdir(folder.fsPath, { recursive: true });
    store = await fs.mkdtemp(path.join(root.fsPath, '..', 'undo-'));
    questions = [];
    told = [];
    says = true;
    dependencies = { workspace: WINDOW_WORKSPACE, dialogs, undo: undoStoreIn(store), log: () => undefined, preview: false };
  }
  teardown(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const at = (name: string): vscode.Uri => vscode.Uri.joinPath(folder, ...name.split('/'));
  const onDisk = (name: string): Promise<string | undefined> => fs.readFile(at(name).fsPath, 'utf8').catch(() => undefined);
  const put = async (name: string, text: string): Promise<vscode.TextDocument> => {
    await fs.mkdir(path.dirname(at(name).fsPath), { recursive: true });
    await fs.writeFile(at(name).fsPath, text);
    return vscode.workspace.openTextDocument(at(name));
  };
  const source = (document: vscode.TextDocument, selection?: TaskSource['selection']): TaskSource => ({
    uri: document.uri.toString(),
    name: path.basename(document.uri.path),
    languageId: document.languageId,
    baseHash: sha256(document.getText()),
    ...(selection ? { selection } : {}),
  });
  const spec = async (): Promise<TaskSource> => source(await put('card.md', '# Card\n'));
  const type = async (document: vscode.TextDocument, text: string): Promise<void> => {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), text);
    assert.ok(await vscode.workspace.applyEdit(edit));
  };
  const tabs = (): readonly vscode.Tab[] => vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const hasTab = async (label: string | RegExp): Promise<vscode.Tab> => {
    for (let tries = 0; tries < 100; tries += 1) {
      const found = tabs().find((tab) => (typeof label === 'string' ? tab.label === label : label.test(tab.label)));
      if (found) return found;
      await delay(50);
    }
    throw new Error(
      `no tab ${label}; there are: ${tabs()
        .map((tab) => tab.label)
        .join(' | ')}`,
    );
  };

  suite('answers as documents', () => {
    test('have the language of their name, the right size, and cannot be written', async () => {
      await fresh();
      const state = known(
        comparison({ source: await spec() }, { fast: answer({ 'index.html': '<p>ü</p>\n', 'src/a.css': 'p {}\n' }) }),
      );
      const uri = files.fileUri(state, 'fast', {
        name: 'src/a.css',
        named: true,
        languageId: 'css',
        content: '',
        complete: true,
        replaces: false,
      });
      assert.equal(uri.toString(), `${SCHEME}:/${state.id}/fast/src/a.css`);
      const document = await vscode.workspace.openTextDocument(uri);
      assert.equal(document.getText(), 'p {}\n');
      assert.equal(document.languageId, 'css');
      const html = vscode.Uri.from({ scheme: SCHEME, path: `/${state.id}/fast/index.html` });
      assert.equal((await vscode.workspace.fs.stat(html)).size, Buffer.byteLength('<p>ü</p>\n'));
      await assert.rejects(async () => vscode.workspace.fs.writeFile(uri, new Uint8Array()));
      const listed = await vscode.workspace.fs.readDirectory(vscode.Uri.from({ scheme: SCHEME, path: `/${state.id}/fast` }));
      assert.deepEqual(listed.map(([name]) => name).sort(), ['index.html', 'src']);
    });

    test('show what was sent', async () => {
      await fresh();
      const state = known(comparison({ source: await spec() }, { fast: 'x' }));
      assert.match(
        (await vscode.workspace.openTextDocument(files.promptUri(state, 'fast'))).getText(),
        /sample:fast[\s\S]*S\n[\s\S]*P\n/,
      );
      assert.equal((await vscode.workspace.openTextDocument(files.baseUri(state))).getText(), 'spec');
    });

    test('what two lanes were sent alike reads alike, but for its heading', async () => {
      const state = known(comparison({}, { fast: 'x', reasoning: 'y' }));
      const read = async (uri: vscode.Uri) => Buffer.from(await vscode.workspace.fs.readFile(uri)).toString();
      assert.equal(await read(files.sentUri(state, 'fast')), await read(files.sentUri(state, 'reasoning')));
      assert.notEqual(await read(files.promptUri(state, 'fast')), await read(files.promptUri(state, 'reasoning')));
    });

    test('what is unknown is not found', async () => {
      const state = known(comparison({}, { fast: 'x' }));
      for (const missing of ['/none/fast/a.html', `/${state.id}/fast/a.html`, `/${state.id}/reasoning/a.html`, '/']) {
        await assert.rejects(
          async () => vscode.workspace.fs.readFile(vscode.Uri.from({ scheme: SCHEME, path: missing })),
          /NotFound|not found|non-existing|FileNotFound/i,
          missing,
        );
      }
    });

    test('follow the answer as it streams', async () => {
      await fresh();
      const first = comparison({ source: await spec() }, { fast: `### a.html\n\n${FENCE}html\n<p>\n` });
      const state = known({ ...first, id: 'streaming' });
      const run = state.runs.fast;
      assert.ok(run);
      const document = await vscode.workspace.openTextDocument(
        vscode.Uri.from({ scheme: SCHEME, path: '/streaming/fast/a.html' }),
      );
      assert.equal(document.getText(), '<p>\n');
      states.set('streaming', {
        ...state,
        atMs: state.atMs + 5,
        runs: { fast: { ...run, text: `${run.text}more\n`, endedMs: 99 } },
      });
      files.update('streaming');
      for (let tries = 0; tries < 100 && !document.getText().includes('more'); tries += 1) await delay(50);
      assert.equal(document.getText(), '<p>\nmore\n');
    });

    test('hostile names are shown and climb nowhere', async () => {
      const state = known(comparison({}, { fast: answer({ '../../x.html': 'A\n', 'x.html': 'B\n' }) }));
      const [one, two] = ['x.html', '2-x.html'].map((name) =>
        vscode.Uri.from({ scheme: SCHEME, path: `/${state.id}/fast/${name}` }),
      );
      assert.ok(one && two);
      assert.equal((await vscode.workspace.openTextDocument(one)).getText(), 'A\n');
      assert.equal((await vscode.workspace.openTextDocument(two)).getText(), 'B\n');
    });
  });

  suite('diff', () => {
    test('of one file each opens the diff editor, fast on the left', async () => {
      await fresh();
      const state = known(
        comparison({ source: await spec() }, { fast: answer({ 'card.html': 'A\n' }), reasoning: answer({ 'card.html': 'B\n' }) }),
      );
      assert.ok(await diffLanes(state, { files, dialogs }));
      const tab = await hasTab('card.html: Fast (sample:fast) ↔ Reasoning (sample:reasoning)');
      assert.ok(tab.input instanceof vscode.TabInputTextDiff);
      assert.equal(tab.input.original.path, `/${state.id}/fast/card.html`);
      assert.equal(tab.input.modified.path, `/${state.id}/reasoning/card.html`);
    });

    test('of files with different names compares them all the same', async () => {
      await fresh();
      const state = known(
        comparison(
          { source: await spec() },
          { fast: answer({ 'a.html': 'A\n' }), reasoning: answer({ 'b.html': 'B\n' }) },
          'length',
        ),
      );
      assert.ok(await diffLanes(state, { files, dialogs }));
      await hasTab('a.html ↔ b.html: Fast (sample:fast) (partial) ↔ Reasoning (sample:reasoning) (partial)');
    });

    test('of several files opens one multi-file diff', async () => {
      await fresh();
      const state = known(
        comparison(
          { source: await spec() },
          { fast: answer({ 'a.html': 'A\n', 'b.css': 'B\n' }), reasoning: answer({ 'a.html': 'AA\n' }) },
        ),
      );
      assert.ok(await diffLanes(state, { files, dialogs }));
      await hasTab(/^card\.md: Fast \(sample:fast\) ↔ Reasoning/);
    });

    test('says when a lane has no file', async () => {
      await fresh();
      const state = known(comparison({ source: await spec() }, { fast: answer({ 'a.html': 'A\n' }), reasoning: 'No.' }));
      assert.ok(await diffLanes(state, { files, dialogs }));
      assert.deepEqual(told, ['The Reasoning answer has no file in it.']);
      assert.equal(await diffLanes(comparison({}, {}), { files, dialogs }), false);
    });

    test('with the workspace: a new file against nothing, an existing one against itself', async () => {
      await fresh();
      await put('old.html', 'before\n');
      const state = known(
        comparison(
          { source: await spec() },
          { fast: answer({ 'old.html': 'after\n' }), reasoning: answer({ 'new.html': 'after\n' }) },
        ),
      );
      assert.ok(await diffWithFile(state, 'fast', { files, dialogs }));
      const existing = await hasTab('old.html: Workspace ↔ Fast (sample:fast)');
      assert.ok(existing.input instanceof vscode.TabInputTextDiff);
      assert.equal(existing.input.original.toString(), at('old.html').toString());
      assert.ok(await diffWithFile(state, 'reasoning', { files, dialogs }));
      const created = await hasTab('new.html: Workspace ↔ Reasoning (sample:reasoning)');
      assert.ok(created.input instanceof vscode.TabInputTextDiff);
      assert.equal((await vscode.workspace.openTextDocument(created.input.original)).getText(), '');
    });

    test('of a selection shows the whole document with the answer in its place, unsaved edits included', async () => {
      await fresh();
      const document = await put('a.css', 'a {}\nb {}\nc {}\n');
      const selection = { startLine: 1, startCharacter: 0, endLine: 1, endCharacter: 4 };
      const state = known(
        comparison(
          { kind: 'code', parts: [{ type: 'text', text: 'b {}' }], source: source(document, selection) },
          { fast: `${FENCE}css\nB {}\n${FENCE}\n` },
        ),
      );
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(3, 0), 'd {}\n');
      await vscode.workspace.applyEdit(edit);
      assert.ok(await diffWithFile(state, 'fast', { files, dialogs }));
      const tab = await hasTab('a.css: Workspace ↔ Fast (sample:fast)');
      assert.ok(tab.input instanceof vscode.TabInputTextDiff);
      assert.equal((await vscode.workspace.openTextDocument(tab.input.modified)).getText(), 'a {}\nB {}\nc {}\nd {}\n');
      await type(document, 'x {}\n');
      assert.equal(await diffWithFile(state, 'fast', { files, dialogs }), false);
      assert.match(told.join(), /a\.css changed since the run began/);
      await document.save();
    });
  });

  suite('apply and undo', () => {
    test('new files are made beside the spec, and undo leaves no trace', async () => {
      await fresh();
      const state = comparison({ source: await spec() }, { fast: answer({ 'index.html': '<p>\n', 'css/deep/a.css': 'p {}\n' }) });
      const outcome = await applyAnswer(state, 'fast', dependencies);
      assert.deepEqual(outcome.applied, [`${here}/index.html`, `${here}/css/deep/a.css`]);
      assert.equal(await onDisk('index.html'), '<p>\n');
      assert.equal(await onDisk('css/deep/a.css'), 'p {}\n');
      assert.match(told.join(), /Applied Fast \(sample:fast\) to 2 files/);
      // As after a reload: nothing but the store on disk is left.
      const undone = await undoApply(state.id, { ...dependencies, undo: undoStoreIn(store) });
      assert.equal(undone.undone.length, 2);
      assert.deepEqual((await fs.readdir(folder.fsPath)).sort(), ['card.md']);
      assert.match((await undoApply(state.id, dependencies)).message, /no apply to undo/);
    });

    test('a file is changed in its buffer, only where it differs, and restored as it was', async () => {
      await fresh();
      const document = await put('a.css', 'a {}\r\nb {}\r\nc {}\r\n');
      const state = comparison({ kind: 'code', source: source(document) }, { fast: `${FENCE}css\na {}\nB {}\nc {}\n${FENCE}\n` });
      assert.deepEqual((await applyAnswer(state, 'fast', dependencies)).applied, [`${here}/a.css`]);
      assert.equal(document.getText(), 'a {}\r\nB {}\r\nc {}\r\n');
      assert.equal((await undoApply(state.id, dependencies)).undone.length, 1);
      assert.equal(document.getText(), 'a {}\r\nb {}\r\nc {}\r\n');
      assert.equal(document.isDirty, false);
      assert.equal(await onDisk('a.css'), 'a {}\r\nb {}\r\nc {}\r\n');
    });

    test('a selection takes the answer, and an unsaved buffer is the base', async () => {
      await fresh();
      const document = await put('a.css', 'a {}\nb {}\n');
      await type(document, 'new {}\n');
      const selection = { startLine: 2, startCharacter: 0, endLine: 2, endCharacter: 4 };
      const state = comparison(
        { kind: 'code', parts: [{ type: 'text', text: 'b {}' }], source: source(document, selection) },
        { fast: `${FENCE}css\nB {}\n${FENCE}\n` },
      );
      assert.equal((await applyAnswer(state, 'fast', dependencies)).applied.length, 1);
      assert.equal(document.getText(), 'new {}\na {}\nB {}\n');
      assert.equal(await onDisk('a.css'), 'a {}\nb {}\n');
      await undoApply(state.id, dependencies);
      assert.equal(document.getText(), 'new {}\na {}\nb {}\n');
      assert.equal(document.isDirty, true);
      await document.save();
    });

    test('refuses when the buffer or the disk changed since the run began', async () => {
      await fresh();
      const document = await put('a.css', 'a {}\n');
      const state = comparison({ kind: 'code', source: source(document) }, { fast: `${FENCE}css\nA {}\n${FENCE}\n` });
      await type(document, 'x');
      assert.match((await applyAnswer(state, 'fast', dependencies)).message, /a\.css changed since the run began/);
      assert.equal(document.getText(), 'xa {}\n');
      await document.save();
      const other = await put('b.css', 'b {}\n');
      const second = comparison({ kind: 'code', source: source(other) }, { fast: `${FENCE}css\nB {}\n${FENCE}\n` });
      await fs.writeFile(at('b.css').fsPath, 'somebody else\n');
      assert.match((await applyAnswer(second, 'fast', dependencies)).message, /b\.css/);
      assert.equal(await onDisk('b.css'), 'somebody else\n');
    });

    test('a second lane is refused until the first is undone', async () => {
      await fresh();
      const document = await put('a.css', 'a {}\n');
      const state = comparison(
        { kind: 'code', source: source(document) },
        { fast: `${FENCE}css\nA {}\n${FENCE}`, reasoning: `${FENCE}css\nB {}\n${FENCE}` },
      );
      await applyAnswer(state, 'fast', dependencies);
      assert.match((await applyAnswer(state, 'reasoning', dependencies)).message, /applied before. Undo that apply first/);
      await undoApply(state.id, dependencies);
      assert.equal((await applyAnswer(state, 'reasoning', dependencies)).applied.length, 1);
      assert.equal(document.getText(), 'B {}\n');
      await document.save();
    });

    test('a plan is done as it was agreed to, or not at all', async () => {
      await fresh();
      await put('old.html', 'before\n');
      const state = comparison({ source: await spec() }, { fast: answer({ 'old.html': 'after\n', 'new.html': 'N\n' }) });
      const planned = await planApply(state, 'fast', dependencies);
      assert.ok(planned.ok);
      const { plan } = planned;
      const tampered = { ...plan, files: plan.files.map((file) => ({ ...file, after: `${file.after}!` })) };
      assert.match((await applyPlan(tampered, dependencies)).message, /not the one that was agreed to/);
      await put('new.html', 'mine\n');
      assert.match((await applyPlan(plan, dependencies)).message, /new\.html changed meanwhile/);
      assert.equal(await onDisk('old.html'), 'before\n');
      assert.equal(await onDisk('new.html'), 'mine\n');
    });

    test('undo leaves what changed since alone, and names it', async () => {
      await fresh();
      const state = comparison({ source: await spec() }, { fast: answer({ 'a.html': 'A\n', 'b.html': 'B\n' }) });
      await applyAnswer(state, 'fast', dependencies);
      await fs.writeFile(at('a.html').fsPath, 'edited\n');
      says = false;
      assert.match((await undoApply(state.id, dependencies)).message, /Nothing was undone: .*a\.html changed/);
      assert.equal(await onDisk('b.html'), 'B\n');
      says = true;
      assert.deepEqual((await undoApply(state.id, dependencies)).undone, [`${here}/b.html`]);
      assert.equal(await onDisk('a.html'), 'edited\n');
      assert.equal(await onDisk('b.html'), undefined);
    });

    test('hostile names write nothing, not even beside them', async () => {
      await fresh();
      const outside = await fs.mkdtemp(path.join(root.fsPath, '..', 'outside-'));
      await fs.writeFile(path.join(outside, 'there.html'), 'theirs\n');
      await fs.symlink(outside, at('link').fsPath);
      await fs.symlink(path.join(outside, 'there.html'), at('there.html').fsPath);
      await fs.symlink(path.join(outside, 'nowhere.html'), at('dangling.html').fsPath);
      await put('plain', 'a file\n');
      for (const name of [
        '../x.html',
        '/tmp/x.html',
        'a/../../x.html',
        '..\\x.html',
        'C:\\x.html',
        '~/x.html',
        '%2e%2e/x.html',
        'CON.html',
        'x.html.',
        '．．/x.html',
        'link/x.html',
        'link/deep/x.html',
        'there.html',
        'dangling.html',
        'plain/x.html',
      ]) {
        const text = `${FENCE}html file="${name}"\n<p>\n${FENCE}\n${FENCE}html good.html\n<p>\n${FENCE}\n`;
        const state = comparison({ source: await spec() }, { fast: text });
        assert.equal((await planApply(state, 'fast', dependencies)).ok, false, name);
        const outcome = await applyAnswer(state, 'fast', dependencies);
        assert.deepEqual(outcome.applied, [], name);
        assert.match(outcome.message, /^Nothing was applied: /, name);
      }
      assert.equal(await onDisk('good.html'), undefined);
      assert.deepEqual(await fs.readdir(outside), ['there.html']);
      assert.equal(await fs.readFile(path.join(outside, 'there.html'), 'utf8'), 'theirs\n');
    });

    test('a link swapped in during the write is found, reported and taken back', async () => {
      await fresh();
      const outside = await fs.mkdtemp(path.join(root.fsPath, '..', 'outside-'));
      await fs.writeFile(path.join(outside, 'old.css'), 'theirs {}\n');
      await put('sub/old.css', 'mine {}\n');
      const real = undoStoreIn(store);
      let swapped = false;
      // The record is written after the last check and before the edit: the worst moment.
      const undo = {
        ...real,
        write: async (id: string, value: unknown): Promise<void> => {
          await real.write(id, value);
          if (swapped) return;
          swapped = true;
          await fs.rename(at('sub').fsPath, at('sub-before').fsPath);
          await fs.symlink(outside, at('sub').fsPath);
        },
      };
      const state = comparison({ source: await spec() }, { fast: answer({ 'sub/new.html': 'N\n', 'sub/old.css': 'new {}\n' }) });
      const outcome = await applyAnswer(state, 'fast', { ...dependencies, undo });
      assert.deepEqual(outcome.applied, []);
      assert.match(outcome.message, /a link led .*sub\/new\.html.* out of the folder/);
      assert.deepEqual(await fs.readdir(outside), ['old.css']);
      assert.equal(await fs.readFile(path.join(outside, 'old.css'), 'utf8'), 'theirs {}\n');
      assert.equal(await fs.readFile(at('sub-before/old.css').fsPath, 'utf8'), 'mine {}\n');
    });

    test('files that can make code run need their own yes, links to them included', async () => {
      await fresh();
      await fs.mkdir(at('.git/hooks').fsPath, { recursive: true });
      await fs.symlink(at('.git/hooks').fsPath, at('hooks').fsPath);
      says = false;
      for (const name of ['.vscode/settings.json', 'package.json', 'AGENTS.md', 'run.sh', 'hooks/x.html']) {
        questions = [];
        const state = comparison({ source: await spec() }, { fast: `${FENCE}html file="${name}"\n{}\n${FENCE}\n` });
        assert.deepEqual((await applyAnswer(state, 'fast', dependencies)).applied, [], name);
        assert.equal(questions[0]?.message, `${here}/${name} can make code run or change how tools work. Write it?`);
        assert.equal(await onDisk(name), undefined);
      }
    });

    test('an answer that is not complete needs a yes', async () => {
      await fresh();
      const text = `${FENCE}html a.html\n<p>\n`;
      const state = comparison({ source: await spec() }, { fast: text }, 'length');
      says = false;
      assert.deepEqual((await applyAnswer(state, 'fast', dependencies)).applied, []);
      assert.match(questions[0]?.message ?? '', /not complete: it reached its output limit/);
      says = true;
      assert.equal((await applyAnswer(state, 'fast', dependencies)).applied.length, 1);
    });

    test('an answer that is there already, or has no file, is said so', async () => {
      await fresh();
      await put('a.html', '<p>\n');
      assert.match(
        (await applyAnswer(comparison({ source: await spec() }, { fast: answer({ 'a.html': '<p>\n' }) }), 'fast', dependencies))
          .message,
        /already hold/,
      );
      assert.match(
        (await applyAnswer(comparison({ source: await spec() }, { fast: 'No.' }), 'fast', dependencies)).message,
        /no file in it/,
      );
    });

    test('a file changed since the run began is merged after a yes, and refused where the answer changes the same lines', async () => {
      await fresh();
      const text = 'a {}\nb {}\nc {}\nd {}\ne {}\n';
      const document = await put('a.css', text);
      const state = comparison(
        { kind: 'code', parts: [{ type: 'text', text }], source: source(document) },
        {
          fast: `${FENCE}css\n${text.replace('e {}', 'E {}')}${FENCE}\n`,
          reasoning: `${FENCE}css\n${text.replace('a {}', 'A {}')}${FENCE}\n`,
        },
      );
      await type(document, 'mine {}\n');
      says = false;
      assert.deepEqual((await applyAnswer(state, 'fast', dependencies)).applied, []);
      assert.match(
        `${questions[0]?.message} ${questions[0]?.detail}`,
        /a\.css changed since the run began.*keeps 1 line you changed/,
      );
      says = true;
      assert.equal((await applyAnswer(state, 'fast', dependencies)).applied.length, 1);
      assert.equal(document.getText(), `mine {}\n${text.replace('e {}', 'E {}')}`);
      await undoApply(state.id, dependencies);
      assert.equal(document.getText(), `mine {}\n${text}`);
      const refused = await applyAnswer(state, 'reasoning', dependencies);
      assert.match(refused.message, /in lines that the answer changes too/);
      assert.equal(refused.conflict, true);
      assert.equal(document.getText(), `mine {}\n${text}`);
      await document.save();
    });

    test('what an apply will do is listed first', async () => {
      await fresh();
      await put('old.html', 'theirs\n');
      await put('same.html', 'S\n');
      const state = comparison(
        { source: await spec() },
        { fast: answer({ 'old.html': 'O\n', 'new.html': 'N\n', 'same.html': 'S\n', 'run.sh': 'echo\n' }) },
      );
      says = false;
      assert.deepEqual((await applyAnswer(state, 'fast', dependencies)).applied, []);
      const lines = questions[0]?.detail?.split('\n') ?? [];
      assert.match(questions[0]?.message ?? '', /Apply Fast \(sample:fast\) to 3 files\?/);
      for (const expected of [
        /^New: .*new\.html, .*run\.sh\.$/,
        /^Conflicting: .*old\.html\.$/,
        /already: .*same\.html\.$/,
        /run, .*run\.sh/,
      ]) {
        assert.ok(
          lines.some((line) => expected.test(line)),
          `${expected} in ${lines.join(' | ')}`,
        );
      }
    });

    test('typing while the preview stands is not overwritten', async () => {
      await fresh();
      const document = await put('old.html', 'before\n');
      const state = comparison({ source: await spec() }, { fast: answer({ 'old.html': 'after\n' }) });
      const pending = applyAnswer(state, 'fast', { ...dependencies, preview: true });
      let done = false;
      void pending.finally(() => {
        done = true;
      });
      await delay(1500);
      await type(document, 'typed\n');
      for (let tries = 0; tries < 40 && !done; tries += 1) {
        await Promise.resolve(vscode.commands.executeCommand('refactorPreview.apply')).catch(() => undefined);
        await delay(250);
      }
      const outcome = await pending;
      assert.equal(document.getText(), 'typed\nbefore\n');
      assert.deepEqual(outcome.applied, [], outcome.message);
      assert.match((await undoApply(state.id, dependencies)).message, /no apply to undo/);
      await document.save();
    });

    test('the workspace formatter runs on what was applied, and the apply can still be undone', async () => {
      await fresh();
      const formatter = vscode.languages.registerDocumentFormattingEditProvider(
        { language: 'css' },
        { provideDocumentFormattingEdits: () => [vscode.TextEdit.insert(new vscode.Position(0, 0), '/* tidy */\n')] },
      );
      try {
        const state = comparison({ source: await spec() }, { fast: answer({ 'new.css': 'a {}\n', 'x.strange': 'X\n' }) });
        await applyAnswer(state, 'fast', dependencies);
        const { message } = await formatApplied(state.id, dependencies);
        assert.match(message, /Formatted .*new\.css\./);
        assert.equal(await onDisk('new.css'), '/* tidy */\na {}\n');
        assert.equal((await undoApply(state.id, dependencies)).undone.length, 2);
        assert.equal(await onDisk('new.css'), undefined);
      } finally {
        formatter.dispose();
      }
    });

    test('what runs at every save may change what was formatted: the undo then asks', async () => {
      await fresh();
      const top = new vscode.Position(0, 0);
      const formatter = vscode.languages.registerDocumentFormattingEditProvider(
        { language: 'css' },
        { provideDocumentFormattingEdits: () => [vscode.TextEdit.insert(top, '/* tidy */\n')] },
      );
      const atSave = vscode.workspace.onWillSaveTextDocument((event) => {
        if (event.document.languageId === 'css') event.waitUntil(Promise.resolve([vscode.TextEdit.insert(top, '/* saved */\n')]));
      });
      try {
        const state = comparison({ source: await spec() }, { fast: answer({ 'new.css': 'a {}\n' }) });
        await applyAnswer(state, 'fast', dependencies);
        await formatApplied(state.id, dependencies);
        assert.equal(await onDisk('new.css'), '/* saved */\n/* tidy */\na {}\n');
        says = false;
        questions = [];
        assert.deepEqual((await undoApply(state.id, dependencies)).undone, []);
        assert.match(questions.map(({ message }) => message).join(), /new\.css held more than the answer/);
        says = true;
        assert.equal((await undoApply(state.id, dependencies)).undone.length, 1);
        assert.equal(await onDisk('new.css'), undefined);
      } finally {
        formatter.dispose();
        atSave.dispose();
      }
    });

    test('a file with a second name on the disk is refused', async () => {
      await fresh();
      const outside = await fs.mkdtemp(path.join(root.fsPath, '..', 'outside-'));
      await fs.writeFile(path.join(outside, 'theirs.html'), 'theirs\n');
      await fs.link(path.join(outside, 'theirs.html'), at('hard.html').fsPath);
      const state = comparison({ source: await spec() }, { fast: answer({ 'hard.html': 'mine\n' }) });
      assert.match((await applyAnswer(state, 'fast', dependencies)).message, /second name on this disk/);
      assert.equal(await fs.readFile(path.join(outside, 'theirs.html'), 'utf8'), 'theirs\n');
    });

    test('the refactor preview comes first, with the changes ticked; discarding it applies nothing', async () => {
      await fresh();
      const document = await put('old.html', 'before\n');
      const state = comparison({ source: await spec() }, { fast: answer({ 'old.html': 'after\n', 'new.html': 'N\n' }) });
      const withPreview = { ...dependencies, preview: true };
      for (const [command, applied] of [
        ['refactorPreview.discard', []],
        ['refactorPreview.apply', [`${here}/old.html`, `${here}/new.html`]],
      ] as const) {
        const pending = applyAnswer(state, 'fast', withPreview);
        let done = false;
        void pending.finally(() => {
          done = true;
        });
        await delay(1500);
        assert.equal(done, false, 'it must wait for the preview');
        assert.equal(document.getText(), 'before\n');
        for (let tries = 0; tries < 40 && !done; tries += 1) {
          await Promise.resolve(vscode.commands.executeCommand(command)).catch(() => undefined);
          await delay(250);
        }
        const outcome = await pending;
        assert.deepEqual([...outcome.applied].sort(), [...applied].sort(), outcome.message);
        if (applied.length === 0) assert.equal(outcome.message, 'Nothing was applied.');
      }
      assert.equal(await onDisk('new.html'), 'N\n');
      assert.equal(document.getText(), 'after\n');
      await undoApply(state.id, dependencies);
      assert.equal(document.getText(), 'before\n');
      assert.equal(await onDisk('new.html'), undefined);
    });
  });

  suite('a result document', () => {
    const RESULTS = 'second-thought-result-test';
    let results: ResultFiles;
    let registeredResults: vscode.Disposable;
    let directory: string;
    let chosen: string[];
    const withResults = (): ResultDependencies => ({
      ...dependencies,
      files,
      results,
      choose: async (_title, items) => items.find(({ label }) => label === chosen[0]) ?? items[0],
    });
    const begin = async (): Promise<void> => {
      await fresh();
      chosen = [];
      directory = await fs.mkdtemp(path.join(root.fsPath, '..', 'results-'));
      results = new ResultFiles(directory, RESULTS);
      registeredResults = vscode.workspace.registerFileSystemProvider(RESULTS, results, { isCaseSensitive: true });
    };
    teardown(() => {
      registeredResults.dispose();
      results.dispose();
    });

    test('begins as the file, takes hunks, keeps them over a reload, and is applied and undone like an answer', async () => {
      await begin();
      const text = 'a {}\nb {}\nc {}\n';
      const document = await put('a.css', text);
      const state = known(
        comparison(
          { kind: 'code', parts: [{ type: 'text', text }], source: source(document) },
          { fast: `${FENCE}css\nA {}\nb {}\nc {}\n${FENCE}\n`, reasoning: `${FENCE}css\na {}\nb {}\nC {}\n${FENCE}\n` },
        ),
      );
      const uri = await takeHunks(state, 'reasoning', withResults());
      assert.ok(uri);
      const tab = await hasTab('a.css: Reasoning (sample:reasoning) → Result');
      assert.ok(tab.input instanceof vscode.TabInputTextDiff);
      assert.equal(tab.input.modified.toString(), uri.toString());
      assert.equal(laneBeside(uri), 'reasoning');
      const result = await vscode.workspace.openTextDocument(uri);
      assert.equal(result.languageId, 'css');
      assert.equal(result.getText(), text);
      const edit = new vscode.WorkspaceEdit();
      edit.replace(uri, new vscode.Range(2, 0, 2, 4), 'C {}');
      await vscode.workspace.applyEdit(edit);
      assert.ok(await result.save());
      await switchResultSide(state, uri, withResults());
      await hasTab('a.css: Fast (sample:fast) → Result');
      assert.equal((await results.read(uri))?.content, 'a {}\nb {}\nC {}\n');
      await type(document, 'later {}\n');
      const after = { undo: () => undefined, format: () => undefined, takeHunks: () => undefined };
      await applyResult(uri, 'fast', withResults(), after);
      assert.equal(document.getText(), 'later {}\na {}\nb {}\nC {}\n', told.join());
      await undoApply(state.id, dependencies);
      assert.equal(document.getText(), `later {}\n${text}`);
      await document.save();
    });

    test('goes on as it was left, or begins again over what was not saved', async () => {
      await begin();
      const text = 'a {}\n';
      const document = await put('a.css', text);
      const answered = { fast: `${FENCE}css\nA {}\n${FENCE}\n` };
      const state = known(comparison({ kind: 'code', parts: [{ type: 'text', text }], source: source(document) }, answered));
      const uri = await takeHunks(state, 'fast', withResults());
      assert.ok(uri);
      const result = await vscode.workspace.openTextDocument(uri);
      await type(result, 'typed {}\n');
      await takeHunks(state, 'fast', withResults());
      assert.equal(result.getText(), 'typed {}\na {}\n');
      assert.ok(result.isDirty);
      chosen = ['Start Again'];
      await takeHunks(state, 'fast', withResults());
      assert.equal(result.getText(), text);
      assert.equal((await results.read(uri))?.content, text);
      await type(result, 'more {}\n');
      assert.ok(await result.save());
      assert.equal((await results.read(uri))?.content, 'more {}\na {}\n');
    });

    test('of a new file begins as chosen, and refuses to replace what came since', async () => {
      await begin();
      const state = known(comparison({ source: await spec() }, { fast: answer({ 'new.html': 'F\n' }) }));
      chosen = ['Fast (sample:fast)'];
      const uri = await takeHunks(state, undefined, withResults());
      assert.ok(uri);
      assert.equal((await vscode.workspace.openTextDocument(uri)).getText(), 'F\n');
      await put('new.html', 'somebody\n');
      const after = { undo: () => undefined, format: () => undefined, takeHunks: () => undefined };
      await applyResult(uri, 'fast', withResults(), after);
      assert.match(told.join(), /new\.html was made since the result was begun/);
      assert.equal(await onDisk('new.html'), 'somebody\n');
    });
  });
});
