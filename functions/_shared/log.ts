import { CrmError } from '#core/error.ts';
import { functionName, maybeEnv } from './env.ts';

/** Codes, counts, ids of ours and milliseconds; never an event's body, an address or a provider's text. */
export type LogFacts = Record<string, string | number | boolean | undefined>;

/** One JSON line to standard output: level, function, code and facts. */
export const log = {
  info: (code: string, facts: LogFacts = {}): void => write('info', code, facts),
  warn: (code: string, facts: LogFacts = {}): void => write('warn', code, facts),
  /** With the error's name, message and place; of a CrmError also its cause's name. */
  error: (code: string, error: unknown, facts: LogFacts = {}): void =>
    write('error', code, { ...facts, ...factsOf(error) }),
};

/** A measure that an alarm may look at: a line that CloudWatch turns into a metric of the stage (namespace Enishi). */
export function measure(name: 'CouponsLow', value: number): void {
  const Metrics = [{ Namespace: 'Enishi', Dimensions: [['stage']], Metrics: [{ Name: name }] }];
  const _aws = { Timestamp: Date.now(), CloudWatchMetrics: Metrics };
  process.stdout.write(`${JSON.stringify({ _aws, stage: maybeEnv('STAGE') ?? 'local', [name]: value })}\n`);
}

function write(level: 'info' | 'warn' | 'error', code: string, facts: LogFacts): void {
  process.stdout.write(`${JSON.stringify({ level, function: functionName(), code, ...facts })}\n`);
}

function factsOf(error: unknown): LogFacts {
  if (!(error instanceof Error)) return { error: typeof error };
  const cause = error.cause instanceof Error ? error.cause.name : undefined;
  const facts: LogFacts = { error: error.name, cause };
  if (error instanceof CrmError) return { ...facts, errorCode: error.code, message: error.message };
  // JSON.parse quotes what it could not read.
  const message = error instanceof SyntaxError ? undefined : error.message;
  return { ...facts, message, stack: framesOf(error) };
}

/** Where it was thrown, without the text above it. */
const framesOf = (error: Error): string =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .join('\n');
