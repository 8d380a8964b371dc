import { CrmError } from '#core/error.ts';

/** Tells the person at the terminal what is going on. */
export interface Progress {
  /** One line when it begins (only on a terminal), one when it is done, with the seconds it took. */
  step<T>(title: string, work: (note: (text: string) => void) => Promise<T>): Promise<T>;
  /** A line of its own. */
  say(text: string): void;
  /** A line that the next one overwrites; nothing where the output is not a terminal. */
  passing(text: string): void;
}

/** Progress on a stream: standard output, or standard error where standard output is for a machine. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  let isPassing = false;
  const clear = () => {
    if (isPassing) stream.write('\r\u001b[2K');
    isPassing = false;
  };
  const passing = (text: string) => {
    if (!stream.isTTY) return;
    clear();
    stream.write(text.slice(0, (stream.columns ?? 80) - 1));
    isPassing = true;
  };
  const say = (text: string) => {
    clear();
    stream.write(`${text}\n`);
  };
  return {
    say,
    passing,
    async step(title, work) {
      const begun = performance.now();
      const seconds = () => `${((performance.now() - begun) / 1000).toFixed(1)} s`;
      let lastNote = '';
      passing(`  … ${title}`);
      try {
        const done = await work((note) => {
          lastNote = note;
          passing(`  … ${title}: ${note} (${seconds()})`);
        });
        say(`  ✓ ${title} (${seconds()})`);
        return done;
      } catch (error) {
        say(`  ✗ ${title} (${seconds()})${lastNote === '' ? '' : `: ${lastNote}`}`);
        throw error;
      }
    },
  };
}

/** `1 mail`, `2 mails`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** An option that there is not, or one without its value. */
const isMistyped = (error: unknown): error is Error =>
  error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS_');

/** Runs a command line tool: an expected failure ends as one clear sentence, a bug with its stack; both with exit code 1. */
export async function runTool(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (error instanceof CrmError || isMistyped(error)) process.stderr.write(`\n${error.message}\n`);
    else process.stderr.write(`\n${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  }
}
