import { randomUUID } from 'node:crypto';
import { isJson, type Json } from '#core/message/line-check.ts';
import { checkLineMessages } from '#core/message/line-rules.ts';
import type { Fault, Faults } from '../faults.ts';
import { answerJson, type Call, jsonOf } from '../web.ts';
import { lineErrorOf } from './line-error.ts';
import type { Delivery, Store } from './store.ts';

export interface ApiContext {
  channelAccessToken: string;
  /** The account's own user id. */
  destination: string;
  accountName: string;
  now: () => Promise<Date>;
  store: Store;
  faults: Faults;
  wait: (seconds: number) => Promise<void>;
}

interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

const USER = /^U[0-9a-f]{32}$/;
const TARGET = /^[UCR][0-9a-f]{32}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const UNIT = /^[a-zA-Z0-9_]{1,30}$/;
/** Calls that take a retry key; LINE refuses it anywhere else. */
const KEYED = ['/v2/bot/message/push', '/v2/bot/message/multicast'];
const SENDS = [...KEYED, '/v2/bot/message/reply'];

const refusal = (status: number, message: string): Answer => ({ status, body: { message } });
const badProperty = (name: string): Answer =>
  refusal(400, `The property, '${name}', in the request body is invalid (line: -, column: -)`);

/** Answers a call of the Messaging API; false when the path is none of those Enishi uses. */
export async function answerApi(call: Call, context: ApiContext): Promise<boolean> {
  if (!call.path.startsWith('/v2/bot/')) return false;
  const requestId = randomUUID();
  const fault = SENDS.includes(call.path) && call.method === 'POST' ? context.faults.take() : undefined;
  if (fault?.kind === 'delay') await context.wait(fault.seconds);
  const answer = faultAnswer(fault) ?? (await answerOf(call, context, requestId));
  if (fault?.kind === 'lost-after-success') {
    call.request.socket.destroy();
    return true;
  }
  const { status, body, headers } =
    fault?.kind === 'error-after-success' ? refusal(500, 'Internal Server Error') : withHeaders(answer);
  answerJson(call.response, status, body, { 'x-line-request-id': requestId, ...headers });
  return true;
}

const withHeaders = (answer: Answer): Answer & { headers: Record<string, string> } => ({ headers: {}, ...answer });

function faultAnswer(fault: Fault | undefined): Answer | undefined {
  if (fault?.kind === 'error') return refusal(500, 'Internal Server Error');
  if (fault?.kind === 'throttle') return refusal(429, 'The API rate limit has been exceeded. Try again later.');
  if (fault?.kind === 'reject') return refusal(400, 'Failed to send messages');
  return undefined;
}

async function answerOf(call: Call, context: ApiContext, requestId: string): Promise<Answer> {
  if (call.request.headers.authorization !== `Bearer ${context.channelAccessToken}`) {
    return refusal(401, 'Authentication failed. Confirm that the access token in the authorization header is valid.');
  }
  if (call.method === 'GET') return answerGet(call.path, context);
  if (call.method !== 'POST') return refusal(405, 'Method not allowed');
  if (call.body === undefined) return refusal(413, 'Request exceeds the max size of 2MB.');
  const type = call.request.headers['content-type'] ?? '';
  if (!type.startsWith('application/json')) return refusal(415, `The content type, ${type}, is not supported`);
  const body = jsonOf(call);
  if (!isJson(body)) return refusal(400, 'The request body could not be parsed as JSON (line: -, column: -)');
  if (/^\/v2\/bot\/message\/validate\/(push|multicast|broadcast|narrowcast|reply)$/.test(call.path)) {
    return checked(body, ['messages']) ?? { status: 200, body: {} };
  }
  const key = call.request.headers['x-line-retry-key'];
  if (key !== undefined && !KEYED.includes(call.path)) return refusal(400, 'The retry key is not supported here');
  if (typeof key === 'string' && !UUID.test(key)) return refusal(400, 'The retry key is invalid');
  const now = await context.now();
  const earlier = typeof key === 'string' ? context.store.acceptedWith(key, now) : undefined;
  if (earlier) {
    const sentMessages = earlier.sentIds.map((id) => ({ id }));
    return {
      status: 409,
      body: { message: 'The retry key is already accepted', ...(sentMessages.length > 0 && { sentMessages }) },
      headers: { 'x-line-accepted-request-id': earlier.requestId },
    };
  }
  const request = { body, now, requestId, ...(typeof key === 'string' && { key }) };
  if (call.path === '/v2/bot/message/push') return push(request, context);
  if (call.path === '/v2/bot/message/multicast') return multicast(request, context);
  if (call.path === '/v2/bot/message/reply') return reply(request, context);
  return refusal(404, 'Not found');
}

interface SendRequest {
  body: Json;
  now: Date;
  requestId: string;
  key?: string;
}

/** What is wrong with the body besides its recipients; undefined when nothing is. */
function checked(body: Json, fields: string[]): Answer | undefined {
  for (const name of Object.keys(body)) if (!fields.includes(name)) return badProperty(name);
  if (!['undefined', 'boolean'].includes(typeof body.notificationDisabled)) return badProperty('notificationDisabled');
  const units = body.customAggregationUnits;
  const areUnits = Array.isArray(units) && units.length === 1 && units.every((unit) => UNIT.test(String(unit)));
  if (units !== undefined && !areUnits) return badProperty('customAggregationUnits');
  const findings = checkLineMessages(body.messages);
  return findings.length > 0 ? { status: 400, body: lineErrorOf(findings) } : undefined;
}

function push({ body, now, requestId, key }: SendRequest, { store }: ApiContext): Answer {
  const { to } = body;
  if (typeof to !== 'string' || !TARGET.test(to)) return badProperty('to');
  const fault = checked(body, ['to', 'messages', 'notificationDisabled', 'customAggregationUnits']);
  if (fault) return fault;
  const person = store.person(to);
  // Groups and rooms are not played here; a stranger's id is not known to the channel.
  if (!person || person.state === 'stranger') return refusal(400, 'Failed to send messages');
  if (isOver(store, now, 1)) return refusal(429, 'You have reached your monthly limit.');
  const sentIds = deliver(store, { call: 'push', to, now, requestId, messages: body.messages, key });
  if (key !== undefined) store.keepKey(key, requestId, sentIds, now);
  return { status: 200, body: { sentMessages: sentIds.map((id) => ({ id, quoteToken: `q${id}` })) } };
}

function multicast({ body, now, requestId, key }: SendRequest, { store }: ApiContext): Answer {
  const { to } = body;
  const areUsers = Array.isArray(to) && to.every((id) => typeof id === 'string' && USER.test(id));
  if (!areUsers || to.length < 1 || to.length > 500 || new Set(to).size !== to.length) return badProperty('to');
  const fault = checked(body, ['to', 'messages', 'notificationDisabled', 'customAggregationUnits']);
  if (fault) return fault;
  const known = to.filter((id) => (store.person(id)?.state ?? 'stranger') !== 'stranger');
  if (isOver(store, now, known.length)) return refusal(429, 'You have reached your monthly limit.');
  for (const id of known) deliver(store, { call: 'multicast', to: id, now, requestId, messages: body.messages, key });
  if (key !== undefined) store.keepKey(key, requestId, [], now);
  return { status: 200, body: {} };
}

function reply({ body, now, requestId }: SendRequest, { store }: ApiContext): Answer {
  const fault = checked(body, ['replyToken', 'messages', 'notificationDisabled']);
  if (fault) return fault;
  const to = typeof body.replyToken === 'string' ? store.spendReplyToken(body.replyToken, now) : undefined;
  if (to === undefined) return refusal(400, 'Invalid reply token');
  const sentIds = deliver(store, { call: 'reply', to, now, requestId, messages: body.messages });
  return { status: 200, body: { sentMessages: sentIds.map((id) => ({ id, quoteToken: `q${id}` })) } };
}

interface Sending {
  call: Delivery['call'];
  to: string;
  now: Date;
  requestId: string;
  messages: unknown;
  key?: string | undefined;
}

function deliver(store: Store, { call, to, now, requestId, messages, key }: Sending): string[] {
  const list = Array.isArray(messages) ? messages : [];
  const sentIds = list.map(() => store.nextMessageId());
  store.addEntry({
    kind: 'delivery',
    requestId,
    at: now.toISOString(),
    call,
    to,
    ...(key === undefined ? {} : { retryKey: key }),
    isDelivered: store.person(to)?.state === 'friend',
    messages: list,
    sentIds,
  });
  return sentIds;
}

const isOver = (store: Store, now: Date, more: number): boolean =>
  store.quota !== null && store.usage(now) + more > store.quota;

async function answerGet(path: string, { store, now, accountName, destination }: ApiContext): Promise<Answer> {
  switch (path) {
    case '/v2/bot/message/quota':
      return { status: 200, body: store.quota === null ? { type: 'none' } : { type: 'limited', value: store.quota } };
    case '/v2/bot/message/quota/consumption':
      return { status: 200, body: { totalUsage: store.usage(await now()) } };
    case '/v2/bot/info':
      return {
        status: 200,
        body: {
          userId: destination,
          basicId: '@000sndbx',
          displayName: accountName,
          chatMode: 'bot',
          markAsReadMode: 'auto',
        },
      };
  }
  const userId = /^\/v2\/bot\/profile\/([^/]+)$/.exec(path)?.[1];
  const person = userId === undefined ? undefined : store.person(userId);
  if (person?.state !== 'friend') return refusal(404, 'Not found');
  return { status: 200, body: { userId: person.userId, displayName: person.displayName, language: 'ja' } };
}
