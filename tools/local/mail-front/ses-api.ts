import { randomUUID } from 'node:crypto';
import type { Fault, Faults } from '../faults.ts';
import { answerJson, type Call, jsonOf } from '../web.ts';
import { decodeWords } from './encoded-words.ts';
import type { Inbox, MadeMail } from './inbox.ts';
import type { MailLife } from './mail-life.ts';
import type { Mail, MailStore } from './mail-store.ts';
import {
  checkSendBulkEmail,
  checkSendEmail,
  faultOfEntry,
  isFault,
  type SendBulkEmail,
  type SendEmail,
  type SesFault,
} from './ses-rules.ts';

export interface SesContext {
  now: () => Promise<Date>;
  store: MailStore;
  inbox: Inbox;
  life: MailLife;
  faults: Faults;
  wait: (seconds: number) => Promise<void>;
}

const SENDS = ['/v2/email/outbound-emails', '/v2/email/outbound-bulk-emails'];
const FAULTS: Partial<Record<Fault['kind'], SesFault>> = {
  error: { status: 500, type: 'InternalServiceErrorException', message: 'Service failure.' },
  throttle: { status: 429, type: 'TooManyRequestsException', message: 'Maximum sending rate exceeded.' },
  reject: { status: 400, type: 'MessageRejected', message: 'Message rejected.' },
};
const BROKEN = { status: 500, type: 'InternalServiceErrorException', message: 'Service failure.' };

/** Answers a call of the SES v2 API; false when the path is none of it. */
export async function answerSes(call: Call, context: SesContext): Promise<boolean> {
  if (!call.path.startsWith('/v2/email/')) return false;
  if (!call.request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) {
    const message = 'Missing Authentication Token';
    refuse(call, { status: 403, type: 'MissingAuthenticationTokenException', message });
    return true;
  }
  if (call.method === 'POST' && SENDS.includes(call.path)) await answerSend(call, context);
  else await answerOther(call, context);
  return true;
}

function refuse({ response }: Call, { status, type, message }: SesFault): void {
  answerJson(response, status, { message }, { 'x-amzn-errortype': type, 'x-amzn-requestid': randomUUID() });
}

async function answerSend(call: Call, context: SesContext): Promise<void> {
  const fault = context.faults.take();
  if (fault?.kind === 'delay') await context.wait(fault.seconds);
  const answer =
    (fault && FAULTS[fault.kind]) ??
    (call.path.endsWith('bulk-emails') ? await sendMany(call, context) : await sendOne(call, context));
  if (fault?.kind === 'lost-after-success') call.request.socket.destroy();
  else if (fault?.kind === 'error-after-success') refuse(call, BROKEN);
  else if (isFault(answer)) refuse(call, answer);
  else answerJson(call.response, 200, answer, { 'x-amzn-requestid': randomUUID() });
}

async function sendOne(call: Call, context: SesContext): Promise<SesFault | object> {
  const mail = checkSendEmail(jsonOf(call));
  if (isFault(mail)) return mail;
  const shown = readable(mail);
  const since = Date.now();
  const { status, body } = await context.inbox.forward('POST', call.path, shown);
  const id = body.MessageId;
  if (status !== 200 || typeof id !== 'string') return faultFrom(status, body);
  const made = simpleMail(shown) ?? (await context.inbox.made([id], since))[0];
  if (!made) return BROKEN;
  return { MessageId: await accept(made, mail.EmailTags ?? [], mail.ConfigurationSetName ?? '', context) };
}

/** A mail whose text is in the request; undefined when it is made of a template or of MIME source. */
function simpleMail({ Content: { Simple }, ...mail }: SendEmail): MadeMail | undefined {
  if (!Simple) return undefined;
  const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = mail.Destination ?? {};
  const { Html, Text } = Simple.Body;
  return {
    from: mail.FromEmailAddress ?? '',
    replyTo: mail.ReplyToAddresses ?? [],
    destination: { to: ToAddresses, cc: CcAddresses, bcc: BccAddresses },
    subject: Simple.Subject.Data,
    body: { ...(Html && { html: Html.Data }), ...(Text && { text: Text.Data }) },
    headers: (Simple.Headers ?? []).map(({ Name, Value }) => ({ name: Name, value: Value })),
  };
}

async function sendMany(call: Call, context: SesContext): Promise<SesFault | object> {
  const bulk = checkSendBulkEmail(jsonOf(call));
  if (isFault(bulk)) return bulk;
  const since = Date.now();
  const { status, body } = await context.inbox.forward('POST', call.path, readable(bulk));
  const results = body.BulkEmailEntryResults;
  if (status !== 200 || !Array.isArray(results)) return faultFrom(status, body);
  const ids = results.map((result) => (result?.Status === 'SUCCESS' ? String(result.MessageId) : ''));
  const made = await context.inbox.made(ids, since);
  const answers: object[] = [];
  for (const [index, entry] of bulk.BulkEmailEntries.entries()) {
    answers.push(await settleEntry(entry, made[index], bulk, context));
  }
  return { BulkEmailEntryResults: answers };
}

async function settleEntry(
  entry: SendBulkEmail['BulkEmailEntries'][number],
  made: MadeMail | undefined,
  bulk: SendBulkEmail,
  context: SesContext,
): Promise<object> {
  const fault = faultOfEntry(entry);
  if (fault) return { Status: 'INVALID_PARAMETER', Error: fault.message };
  if (!made) return { Status: 'FAILED', Error: 'The template could not be rendered.' };
  // A tag of the entry stands in for a default one of the same name.
  const tags = new Map(
    [...(bulk.DefaultEmailTags ?? []), ...(entry.ReplacementTags ?? [])].map((tag) => [tag.Name, tag]),
  );
  const sesId = await accept(made, [...tags.values()], bulk.ConfigurationSetName ?? '', context);
  return { Status: 'SUCCESS', MessageId: sesId };
}

/** Names as people read them, for the inbox. */
function readable<T extends { FromEmailAddress?: string | undefined; ReplyToAddresses?: string[] | undefined }>(
  mail: T,
): T {
  const { FromEmailAddress, ReplyToAddresses } = mail;
  return {
    ...mail,
    ...(FromEmailAddress && { FromEmailAddress: decodeWords(FromEmailAddress) }),
    ...(ReplyToAddresses && { ReplyToAddresses: ReplyToAddresses.map(decodeWords) }),
  };
}

const faultFrom = (status: number, body: Record<string, unknown>): SesFault => ({
  status: status >= 400 && status < 600 ? status : 500,
  type: typeof body.type === 'string' ? body.type : status === 404 ? 'NotFoundException' : 'BadRequestException',
  message: String(body.detail ?? body.message ?? 'Bad request'),
});

async function accept(
  made: MadeMail,
  tags: { Name: string; Value: string }[],
  configurationSet: string,
  { now, store, life }: SesContext,
): Promise<string> {
  const at = await now();
  const sesId = `${at.getTime().toString(16).padStart(16, '0')}-${randomUUID()}-000000`;
  const names = Object.fromEntries(tags.map(({ Name, Value }) => [Name, Value]));
  const { to, cc, bcc } = made.destination;
  const mail: Mail = {
    sesId,
    at: at.toISOString(),
    from: made.from,
    replyTo: made.replyTo,
    to: [...to, ...cc, ...bcc],
    subject: made.subject,
    html: made.body.html ?? '',
    text: made.body.text ?? '',
    headers: made.headers ?? [],
    tags: names,
    ...(names.messageId !== undefined && { messageId: names.messageId }),
    configurationSet,
    events: [],
  };
  store.add(mail);
  life.begin(mail);
  return sesId;
}

async function answerOther(call: Call, { inbox, store, now }: SesContext): Promise<void> {
  if (call.method === 'GET' && call.path === '/v2/email/account') {
    const dayAgo = (await now()).getTime() - 86_400_000;
    const SentLast24Hours = store.all().filter((mail) => Date.parse(mail.at) > dayAgo).length;
    answerJson(call.response, 200, {
      SendingEnabled: true,
      ProductionAccessEnabled: true,
      EnforcementStatus: 'HEALTHY',
      SendQuota: { Max24HourSend: 50_000, MaxSendRate: 14, SentLast24Hours },
    });
    return;
  }
  // Templates: kept and rendered by the inbox.
  const { status, body } = await inbox.forward(call.method, call.path, call.body?.length ? jsonOf(call) : undefined);
  if (status >= 400) refuse(call, faultFrom(status, body));
  else answerJson(call.response, status, body);
}
