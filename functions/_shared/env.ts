import { CrmError } from '#core/error.ts';

/** Every variable a function of ours may be given; lib sets them. */
const NAMES = [
  'STAGE',
  'EVENTS_TABLE',
  'CUSTOMERS_TABLE',
  'SENDS_TABLE',
  'CATALOG_TABLE',
  'ALARM_QUEUE_URL',
  'ALARM_QUEUE_ARN',
  'SEND_EMAIL_QUEUE_URL',
  'SEND_LINE_QUEUE_URL',
  'SEND_POSTAL_QUEUE_URL',
  'LETTER_BUCKET',
  'INTAKE_QUEUE_URL',
  'REFUSED_QUEUE_URL',
  'COUPON_QUEUE_URL',
  'CALL_QUEUE_URL',
  'SPREAD_QUEUE_URL',
  'NEWS_QUEUE_URL',
  'SCHEDULE_GROUP',
  'SCHEDULE_ROLE_ARN',
  'ADDRESS_KEY_SECRET',
  'INTAKE_SECRET',
  'LINE_SECRET',
  'LINKS_SECRET',
  'PUBLIC_URL',
  'CONFIGURATION_SET',
  'SES_ENDPOINT',
  'LINE_API_BASE',
  'SCENARIO_BUCKET',
  'EFFECT_DELAY_SECONDS',
  'CLOCK',
] as const;

export type EnvName = (typeof NAMES)[number];

/** The variables asked for. Errors: misconfigured, naming every one that is missing or empty. */
export function readEnv<N extends EnvName>(...names: N[]): Record<N, string> {
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) {
    throw new CrmError('misconfigured', `environment variables are missing: ${missing.join(', ')}`, {
      details: { missing },
    });
  }
  return Object.fromEntries(names.map((name) => [name, process.env[name]!])) as Record<N, string>;
}

/** A variable that only some stages set; undefined when it is missing or empty. */
export const maybeEnv = (name: EnvName): string | undefined => process.env[name] || undefined;

/** A variable that holds a number. Errors: misconfigured, naming it. */
export function readEnvNumber(name: EnvName): number {
  const value = Number(readEnv(name)[name]);
  if (!Number.isFinite(value)) throw new CrmError('misconfigured', `environment variable ${name} must be a number`);
  return value;
}

/** The function's own name, for the log; Lambda sets it. */
export const functionName = (): string => process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'local';
