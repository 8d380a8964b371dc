import * as z from 'zod';
import type { Faults } from '../faults.ts';
import { answerJson, type Call, jsonOf, type Listeners } from '../web.ts';
import type { Person, SentWebhook, Store } from './store.ts';
import { isReceived, type WebhookSender } from './webhook.ts';

export interface ControlContext {
  accountName: string;
  now: () => Promise<Date>;
  store: Store;
  faults: Faults;
  webhooks: WebhookSender;
  listeners: Listeners;
}

const newPerson = z.object({
  displayName: z.string().trim().min(1).max(50),
  userId: z
    .string()
    .regex(/^U[0-9a-f]{32}$/)
    .optional(),
});
const text = z.object({ text: z.string().min(1).max(5000) });
const sticker = z.object({ packageId: z.string().max(20), stickerId: z.string().max(20) });
const postback = z.object({
  data: z.string().max(300),
  displayText: z.string().max(300).optional(),
  params: z.record(z.string(), z.string()).optional(),
});
const quota = z.object({ limit: z.int().min(0).nullable() });

interface Reply {
  status: number;
  body: unknown;
}
const ok = (body: unknown): Reply => ({ status: 200, body });
const no = (status: number, message: string): Reply => ({ status, body: { message } });

/** Answers the sandbox's own API, which tests and the phone page use; false for other paths. */
export async function answerControl(call: Call, context: ControlContext): Promise<boolean> {
  if (!call.path.startsWith('/sandbox/')) return false;
  if (call.path === '/sandbox/stream') {
    context.listeners.add(call);
    return true;
  }
  const { status, body } = await replyOf(call, context);
  answerJson(call.response, status, body, { 'cache-control': 'no-store' });
  return true;
}

async function replyOf(call: Call, context: ControlContext): Promise<Reply> {
  const { store, faults, webhooks } = context;
  const [, , place, id, verb] = call.path.split('/');
  const route = `${call.method} ${place}`;
  const input = jsonOf(call);
  switch (route) {
    case 'GET state': {
      const now = await context.now();
      const { quota: limit } = store;
      const people = store.people().map((person) => ({ ...person, last: lastOf(store, person.userId) }));
      return ok({
        now,
        accountName: context.accountName,
        people,
        quota: limit,
        usage: store.usage(now),
        faults: faults.list(),
      });
    }
    case 'GET messages':
      return ok(store.deliveries(call.query.get('to') ?? undefined));
    case 'DELETE messages':
      store.clear();
      return ok({});
    case 'PUT quota': {
      const wish = quota.safeParse(input);
      if (!wish.success) return no(400, 'limit must be a number of messages or null');
      store.quota = wish.data.limit;
      return ok({ quota: store.quota });
    }
    case 'GET faults':
      return ok(faults.list());
    case 'POST faults': {
      const fault = faults.add(input);
      return fault ? ok(fault) : no(400, 'no such fault');
    }
    case 'DELETE faults':
      faults.clear();
      return ok({});
    case 'GET webhooks':
      return ok(store.webhooks());
    case 'POST webhooks': {
      if (id === 'verify') return ok({ isReceived: await webhooks.verify() });
      const sent = store.webhook(id ?? '');
      return sent && verb === 'redeliver' ? ok(outcomeOf(await webhooks.redeliver(sent))) : no(404, 'no such webhook');
    }
    case 'GET people': {
      if (id === undefined) return ok(store.people());
      const person = store.person(id);
      return person ? ok(verb === 'chat' ? store.entries(id) : person) : no(404, 'no such person');
    }
    case 'POST people': {
      if (id === undefined) return addPerson(input, context);
      const person = store.person(id);
      return person ? act(person, verb ?? '', input, context) : no(404, 'no such person');
    }
    default:
      return no(404, 'no such place');
  }
}

async function addPerson(input: unknown, { store, now }: ControlContext): Promise<Reply> {
  const wish = newPerson.safeParse(input);
  if (!wish.success) return no(400, 'displayName must have 1 to 50 characters, userId the form U and 32 hex digits');
  const person = store.addPerson(wish.data.displayName, await now(), wish.data.userId);
  return person ? { status: 201, body: person } : no(409, 'this userId is taken');
}

const lastOf = (store: Store, userId: string) => store.entries(userId).at(-1);

/** What came of a webhook, for the caller: whether LINE would have counted it as received. */
const outcomeOf = (sent: SentWebhook) => {
  const last = sent.tries.at(-1);
  return { webhookEventId: sent.webhookEventId, isReceived: last !== undefined && isReceived(last), ...last };
};

/** What a person does on the phone: changes the sandbox first, then tells the shop by webhook. */
async function act(person: Person, verb: string, input: unknown, context: ControlContext): Promise<Reply> {
  const { store, webhooks } = context;
  const { userId } = person;
  const now = await context.now();
  const at = now.toISOString();
  const withReply = () => ({ replyToken: store.newReplyToken(userId, now) });
  if (verb === 'follow' || verb === 'unblock') {
    if (person.state === 'friend') return no(409, 'is a friend already');
    const isUnblocked = person.state === 'blocked';
    if (verb === 'unblock' && !isUnblocked) return no(409, 'has not blocked the account');
    store.setPersonState(person, 'friend');
    store.addEntry({ kind: 'notice', at, to: userId, notice: isUnblocked ? 'unblocked' : 'followed' });
    return ok(outcomeOf(await webhooks.send(userId, { type: 'follow', ...withReply(), follow: { isUnblocked } })));
  }
  if (person.state !== 'friend') return no(409, 'is no friend of the account');
  switch (verb) {
    case 'block':
      store.setPersonState(person, 'blocked');
      store.addEntry({ kind: 'notice', at, to: userId, notice: 'blocked' });
      return ok(outcomeOf(await webhooks.send(userId, { type: 'unfollow' })));
    case 'text':
    case 'sticker': {
      const content = verb === 'text' ? text.safeParse(input) : sticker.safeParse(input);
      if (!content.success) return no(400, verb === 'text' ? 'text must have 1 to 5000 characters' : 'no such sticker');
      const id = store.nextMessageId();
      const { data } = content;
      store.addEntry({ kind: 'said', id, at, to: userId, ...('text' in data ? data : { sticker: data }) });
      const message = {
        id,
        type: verb,
        ...data,
        ...(verb === 'sticker' && { stickerResourceType: 'STATIC' }),
        quoteToken: `q${id}`,
      };
      return ok(outcomeOf(await webhooks.send(userId, { type: 'message', ...withReply(), message })));
    }
    case 'postback': {
      const press = postback.safeParse(input);
      if (!press.success) return no(400, 'data must have at most 300 characters');
      const { displayText, ...rest } = press.data;
      if (displayText) store.addEntry({ kind: 'said', id: store.nextMessageId(), at, to: userId, text: displayText });
      else store.addEntry({ kind: 'notice', at, to: userId, notice: 'tapped' });
      return ok(outcomeOf(await webhooks.send(userId, { type: 'postback', ...withReply(), postback: rest })));
    }
    default:
      return no(404, 'no such act');
  }
}
