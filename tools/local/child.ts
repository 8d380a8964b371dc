import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CrmError } from '#core/error.ts';

export interface Ran {
  code: number;
  /** The last 40 lines of both outputs, for an error message. */
  tail: string;
}

const running = new Set<ChildProcess>();

/** Ends every command that `run` still waits for. */
export function stopAllRuns(): void {
  for (const child of running) child.kill('SIGTERM');
}

/** Runs a command to its end, handing on each line as it comes. Never throws for an exit code; throws not-found when there is no such command. */
export async function run(
  command: string,
  args: string[],
  options: SpawnOptions & { onLine?: (line: string) => void } = {},
): Promise<Ran> {
  const { onLine, ...rest } = options;
  const child = spawn(command, args, { ...rest, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  child.once('close', () => running.delete(child));
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream! }).on('line', (line) => {
      lines.push(line);
      if (lines.length > 40) lines.shift();
      onLine?.(line);
    });
  }
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', (cause) =>
      reject(new CrmError('not-found', `The command ${command} could not be started.`, { cause })),
    );
    child.on('close', (exit, signal) => resolve(exit ?? (signal ? 1 : 0)));
  });
  return { code, tail: lines.join('\n') };
}

/** Asks a child that leads its own process group to end; after `patience` milliseconds the whole group is killed. */
export async function stopGroup(child: ChildProcess, patience: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => killGroup(child.pid!), patience);
  await gone;
  clearTimeout(timer);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
