import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CrmError } from '#core/error.ts';

/** State in memory that is written to a JSON file soon after it changed, and at once on `flush`. */
export interface StateFile<T> {
  state: T;
  /** Call after each change; many changes become one write. */
  changed(): void;
  flush(): Promise<void>;
}

/** Writing may take this share of the time, however large the state grows. */
const PAUSE = 10;
const PAUSE_MINIMUM = 200;

/** Opens (or begins) a state file. Throws bad-input when the file is there and can't be read as JSON. */
export async function openStateFile<T extends object>(path: string, empty: () => T): Promise<StateFile<T>> {
  await mkdir(dirname(path), { recursive: true });
  const state = { ...empty(), ...(await readState<T>(path)) };
  let isChanged = false;
  let pause = PAUSE_MINIMUM;
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  async function write(): Promise<void> {
    if (!isChanged) return;
    isChanged = false;
    const begun = performance.now();
    await writeFile(`${path}.new`, JSON.stringify(state));
    await rename(`${path}.new`, path);
    pause = Math.max(PAUSE_MINIMUM, PAUSE * (performance.now() - begun));
  }
  const writeInTurn = (): Promise<void> => {
    writing = writing.then(write);
    return writing;
  };

  return {
    state,
    changed() {
      isChanged = true;
      timer ??= setTimeout(() => {
        timer = undefined;
        // A write that fails (disk full) leaves the old file; the next change tries again and `flush` throws.
        writeInTurn().catch(() => {
          isChanged = true;
          writing = Promise.resolve();
        });
      }, pause);
    },
    async flush() {
      clearTimeout(timer);
      timer = undefined;
      await writeInTurn();
    },
  };
}

async function readState<T>(path: string): Promise<Partial<T>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CrmError('bad-input', `The state file ${path} is damaged. Remove it to start anew.`, { cause });
  }
}
