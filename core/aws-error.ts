import { CrmError, type ErrorCode } from './error.ts';

/** Names that AWS and its SDK give to trouble, as error names and as codes of single statements in a batch. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  ThrottlingException: 'throttled',
  ThrottlingError: 'throttled',
  Throttling: 'throttled',
  ThrottledException: 'throttled',
  TooManyRequestsException: 'throttled',
  ProvisionedThroughputExceededException: 'throttled',
  ProvisionedThroughputExceeded: 'throttled',
  RequestLimitExceeded: 'throttled',
  RequestThrottled: 'throttled',
  RequestThrottledException: 'throttled',
  KmsThrottled: 'throttled',
  SlowDown: 'throttled',
  LimitExceededException: 'throttled',
  ServiceQuotaExceededException: 'throttled',
  TransactionConflict: 'throttled',
  TransactionConflictException: 'throttled',
  ReplicatedWriteConflictException: 'throttled',
  TimeoutError: 'timeout',
  AbortError: 'timeout',
  RequestTimeout: 'timeout',
  RequestTimeoutException: 'timeout',
  AccessDeniedException: 'misconfigured',
  AccessDenied: 'misconfigured',
  UnrecognizedClientException: 'misconfigured',
  InvalidSignatureException: 'misconfigured',
  ExpiredTokenException: 'unavailable',
  CredentialsProviderError: 'misconfigured',
  ResourceNotFoundException: 'misconfigured',
  ResourceNotFound: 'misconfigured',
  QueueDoesNotExist: 'misconfigured',
  NoSuchBucket: 'misconfigured',
  ValidationException: 'misconfigured',
  ValidationError: 'misconfigured',
  SerializationException: 'misconfigured',
};

/** What a name of AWS's means to us; what is not known is `unavailable`, so that the work comes again. */
export const awsErrorCode = (name: string): ErrorCode => CODES[name] ?? 'unavailable';

/** An error of an AWS client in our words. Its own text, which may quote keys and values, stays behind in the cause. */
export function awsError(error: unknown, doing: string): CrmError {
  if (error instanceof CrmError) return error;
  const name = error instanceof Error ? error.name : 'unknown';
  const status = statusOf(error);
  const code = CODES[name] ?? (status === 429 ? 'throttled' : status === 403 ? 'misconfigured' : 'unavailable');
  return new CrmError(code, `${doing}: ${name}`, { cause: error, details: { name } });
}

function statusOf(error: unknown): unknown {
  const metadata: unknown = error instanceof Error ? Reflect.get(error, '$metadata') : undefined;
  return typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'httpStatusCode') : undefined;
}
