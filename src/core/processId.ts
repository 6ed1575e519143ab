/**
 * Which process this is, so that another one can tell later whether it is still alive. A process number alone is not enough: numbers are
 * used again, so the start time goes with it where the system tells it.
 */
import fs from 'node:fs';

export interface ProcessId {
  readonly pid: number;
  /** Changes whenever the number is used again; absent where the system does not say. */
  readonly startedAt?: string;
}

export function thisProcess(): ProcessId {
  const startedAt = startOf(process.pid);
  return startedAt === undefined ? { pid: process.pid } : { pid: process.pid, startedAt };
}

/** True when that very process still runs. When in doubt (no permission to look), true: nothing is taken from a living owner. */
export function isAlive(id: ProcessId): boolean {
  try {
    process.kill(id.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const startedAt = startOf(id.pid);
  return id.startedAt === undefined || startedAt === undefined || startedAt === id.startedAt;
}

/** Linux: boot id and start time in clock ticks, fields of /proc as described in proc(5). Elsewhere unknown. */
function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${afterName[19]}`;
  } catch {
    return undefined; // no such process, or /proc is not there: unknown
  }
}
