import { SESv2Client, SendEmailCommand, type SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import type { Mailer, MailToSend, ProviderAnswer } from '#core/ports/outward.ts';
import { encodeAddress, encodeMailbox, withoutControls } from './mail-address.ts';
import { tagsOf } from './mail-tags.ts';

export interface MailerOptions {
  /** Without it SES tells nothing of what became of a mail. */
  configurationSet: string;
  /** @default SES of the function's region */
  endpoint?: string;
  /** How long one attempt may take, in milliseconds. @default 8000 */
  timeoutMilliseconds?: number;
}

const TIMEOUT = 8000;
const CONNECT_TIMEOUT = 2000;
/** Seconds to wait where only a person or the next day can mend it. */
const AFTER_REPAIR = 900;

/** What SES answers that says: not sent. `after` = may be sent later, in seconds. */
const REFUSALS: Record<string, { reason: string; after?: number }> = {
  TooManyRequestsException: { reason: 'ses-throttled', after: 2 },
  ThrottlingException: { reason: 'ses-throttled', after: 2 },
  Throttling: { reason: 'ses-throttled', after: 2 },
  LimitExceededException: { reason: 'ses-quota', after: 3600 },
  SendingPausedException: { reason: 'ses-paused', after: AFTER_REPAIR },
  AccountSuspendedException: { reason: 'ses-suspended', after: AFTER_REPAIR },
  MailFromDomainNotVerifiedException: { reason: 'ses-sender-not-verified', after: AFTER_REPAIR },
  NotFoundException: { reason: 'ses-configuration-set-missing', after: AFTER_REPAIR },
  MessageRejected: { reason: 'ses-rejected' },
  BadRequestException: { reason: 'ses-bad-request' },
};
/** Codes of a connection that never came about: nothing was sent. */
const NOT_REACHED = /\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN)\b/;

/** Sends by SES v2, one attempt a call; SES's own texts never get out, as they may quote an address. */
export function createMailer(options: MailerOptions): Mailer {
  const { configurationSet, endpoint, timeoutMilliseconds = TIMEOUT } = options;
  const client = new SESv2Client({
    maxAttempts: 1,
    // No kept sockets: one that died while the function slept would look like a mail whose answer was lost.
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT,
      httpAgent: { keepAlive: false },
      httpsAgent: { keepAlive: false },
    },
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  return {
    async send(mail) {
      const input = inputOf(mail, configurationSet);
      if (typeof input === 'string') return { kind: 'refused', isRetryable: false, reason: input };
      try {
        const abortSignal = AbortSignal.timeout(timeoutMilliseconds);
        const { MessageId } = await client.send(new SendEmailCommand(input), { abortSignal });
        return { kind: 'accepted', ...(MessageId === undefined ? {} : { providerId: MessageId }) };
      } catch (error) {
        return answerOf(error);
      }
    },
  };
}

/** The request, or the reason why there can be none. */
function inputOf(mail: MailToSend, configurationSet: string): SendEmailCommandInput | string {
  const from = encodeMailbox(mail.from);
  if (from === undefined) return 'mail-sender-malformed';
  const to = encodeAddress(mail.to);
  if (to === undefined) return 'mail-address-malformed';
  const replyTo = mail.replyTo === undefined ? undefined : encodeMailbox(mail.replyTo);
  if (mail.replyTo !== undefined && replyTo === undefined) return 'mail-reply-address-malformed';
  return {
    FromEmailAddress: from,
    Destination: { ToAddresses: [to] },
    ...(replyTo === undefined ? {} : { ReplyToAddresses: [replyTo] }),
    ConfigurationSetName: configurationSet,
    EmailTags: tagsOf(mail),
    Content: {
      Simple: {
        Subject: { Data: withoutControls(mail.subject), Charset: 'UTF-8' },
        Body: { Html: { Data: mail.html, Charset: 'UTF-8' }, Text: { Data: mail.text, Charset: 'UTF-8' } },
        ...(mail.unsubscribeUrl === undefined ? {} : { Headers: unsubscribeHeaders(mail.unsubscribeUrl) }),
      },
    },
  };
}

/** RFC 8058: both headers, so that a mail program can show its own button. */
const unsubscribeHeaders = (url: string) => [
  { Name: 'List-Unsubscribe', Value: `<${url}>` },
  { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
];

function answerOf(error: unknown): ProviderAnswer {
  const name = textOf(error, 'name');
  if (name === 'AbortError' || name === 'TimeoutError') return { kind: 'unknown', reason: 'ses-timeout' };
  const status = statusOf(error);
  // A new account may write to nobody but verified addresses: mended by leaving the SES sandbox or verifying the sender.
  if (name === 'MessageRejected' && /not verified/i.test(textOf(error, 'message'))) {
    return refused('ses-not-verified', AFTER_REPAIR);
  }
  const refusal = Object.hasOwn(REFUSALS, name) ? REFUSALS[name] : undefined;
  if (refusal && (status === undefined || status < 500)) return refused(refusal.reason, refusal.after);
  if (status === 403 || status === 401) return refused('ses-access-denied', AFTER_REPAIR);
  if (status === 429) return refused('ses-throttled', 2);
  if (status !== undefined && status >= 400 && status < 500) return refused(`ses-http-${status}`);
  if (status !== undefined && status >= 500) return { kind: 'unknown', reason: `ses-http-${status}` };
  // The SDK may wrap an error and keep only its message.
  if (NOT_REACHED.test(textOf(error, 'code') || textOf(error, 'message'))) return refused('ses-unreachable', 30);
  return { kind: 'unknown', reason: 'ses-connection-lost' };
}

const refused = (reason: string, after?: number): ProviderAnswer => ({
  kind: 'refused',
  isRetryable: after !== undefined,
  reason,
  ...(after === undefined ? {} : { retryAfterSeconds: after }),
});

const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

function textOf(error: unknown, key: string): string {
  const text = fieldOf(error, key);
  return typeof text === 'string' ? text : '';
}

function statusOf(error: unknown): number | undefined {
  const status = fieldOf(fieldOf(error, '$metadata'), 'httpStatusCode');
  return typeof status === 'number' ? status : undefined;
}
