/** The closed list of expected failures. */
export type ErrorCode =
  | 'bad-input'
  | 'unauthorised'
  | 'too-large'
  | 'not-found'
  | 'conflict'
  | 'throttled'
  | 'unavailable'
  | 'timeout'
  | 'refused'
  | 'misconfigured';

const RETRYABLE: ReadonlySet<ErrorCode> = new Set(['throttled', 'unavailable', 'timeout']);

/** An expected failure. The message names the thing and the rule, never the person. */
export class CrmError extends Error {
  readonly code: ErrorCode;
  /** Facts for the caller: field, rule, position. Never personal data. */
  readonly details: Readonly<Record<string, unknown>>;
  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: Record<string, unknown> } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CrmError';
    this.code = code;
    this.details = options.details ?? {};
  }
  /** Whether the same call may succeed when it is made again. */
  get isRetryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}
