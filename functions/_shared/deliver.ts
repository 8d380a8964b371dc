import type { Product } from '#core/catalog/product.ts';
import type { CustomerState } from '#core/customer/state.ts';
import { CrmError } from '#core/error.ts';
import type { Channel, CrmEvent, MessageFacts } from '#core/event/event.ts';
import { eventIdOf } from '#core/event/event-id.ts';
import { type CustomerId, type EventId, type Instant, type MessageId, millisOf, plus } from '#core/ids.ts';
import type { Pending } from '#core/message/pending.ts';
import { productsOf, type Wanted, wanted } from '#core/message/wanted.ts';
import type { Catalog } from '#core/ports/catalog.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Customers } from '#core/ports/customers.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { Mailbox } from '#core/ports/mailbox.ts';
import type { ProgrammeStore, ProviderAnswer, SendJob, Sends } from '#core/ports/outward.ts';
import type { Recommendations } from '#core/ports/recommendations.ts';
import type { SurveyBook } from '#core/ports/survey-book.ts';
import { editionAt, type Programme, type Template } from '#core/programme.ts';
import { surveysIn } from '#core/survey/asked.ts';
import { HOUR } from '#core/time/duration.ts';
import { nextHour, takeRoom } from './hourly-room.ts';
import { LEASE } from './lease.ts';
import { loadOwner } from './load-owner.ts';
import { log } from './log.ts';
import { recommendedFor } from './recommended.ts';
import { takeAboard } from './take-aboard.ts';

export interface DeliverPorts {
  customers: Customers;
  mailbox: Mailbox;
  sends: Sends;
  programmes: ProgrammeStore;
  /** Asked only where a step or a letter speaks of products. */
  catalog: Catalog;
  /** Told only of letters that link to a survey. */
  surveys: Pick<SurveyBook, 'noteSent'>;
  /** Asked only where a recommend step stands before the message. */
  recommendations: Recommendations;
  clock: Clock;
  hashes: Hashes;
}

/** What a channel adds: make the message (before the claim, so that a bad template leaves none behind), then hand it over once. */
export interface Channeled<T> {
  channel: Channel;
  /** Errors: CrmError bad-input when the template can't be filled in for this person. */
  render(template: Template, message: SendWanted, programme: Programme, owner: CustomerId): Promise<T>;
  /** `carried`: what rides along. */
  send(rendered: T, message: SendWanted, owner: CustomerId, at: Instant, carried: MessageId[]): Promise<ProviderAnswer>;
  /** Whether the same id may be handed over again after a lost answer, and until when: LINE's retry key lives 24 h, SES has none. */
  retry: { isSafe: true; hours: number } | { isSafe: false };
  /** One message that says what both say; undefined where that can't be. Absent: this channel sends each alone. */
  join?(first: T, second: T): T | undefined;
}

export type SendWanted = Extract<Wanted, { kind: 'send' }>;
export type Result = 'done' | 'again';

/** Rows a look into the mailbox reads at once. */
const PAGE = 50;

/** Delivers one job: load, ask, render, claim, send, tell. `again` = leave it on the queue. AWS trouble throws. */
export async function deliver<T>(
  ports: DeliverPorts,
  channel: Channeled<T>,
  job: SendJob,
  attemptId: string,
): Promise<Result> {
  const found = await loadOwner(ports, job);
  if (!found) return 'done';
  const { state, addressItem } = found;
  const now = await ports.clock.now();
  const pending = state.pending[job.messageId];
  const riders = (pending?.riders ?? []).flatMap((id) => state.pending[id] ?? []);
  const programme = await ports.programmes.load(
    now,
    [...(pending ? [pending] : []), ...riders].map(({ scenario, version }) => ({ scenario, version })),
  );
  const products = pending && (await productsFor(ports, state, pending, programme, now));
  const answer = wanted(state, job.messageId, channel.channel, addressItem, now, programme, products);
  if (answer.kind === 'gone') return 'done';
  if (answer.kind === 'return') {
    const { reason, notBefore } = answer;
    if (reason === 'expired') return endExpired(ports, state, job, attemptId, now);
    await put(ports, state, job, 'message.returned', now, attemptId, { reason, ...(notBefore ? { notBefore } : {}) });
    return 'done';
  }
  const recommended = await recommendedIn(ports, answer.pending, state, programme, now);
  if (recommended === 'too-few') {
    await put(ports, state, job, 'message.returned', now, attemptId, { reason: 'too-few-recommendations' });
    return 'done';
  }
  const letter = recommended ? { ...answer, variables: { ...answer.variables, recommended } } : answer;
  const rendered = await renderOrReturn(ports, channel, letter, programme, state, job, attemptId, now);
  if (rendered === undefined) return 'done';
  const claim = await ports.sends.claim({ messageId: job.messageId, attemptId, at: now, leaseUntil: plus(now, LEASE) });
  if (claim.result === 'live') return 'again';
  if (claim.result === 'stale') {
    const settled = await settleStale(ports, channel, state, job, claim, attemptId, now);
    if (settled) return settled;
  }
  if (!(await takeRoom(ports.sends, answer.pending.scenario, programme, now))) {
    await ports.sends.release(job.messageId, attemptId);
    const full = { reason: 'ceiling', notBefore: nextHour(now) } as const;
    await put(ports, state, job, 'message.returned', now, attemptId, full);
    return 'done';
  }
  const wishes = { state, addressItem, programme, attemptId, now };
  const { message, carried } = await takeAboard(ports, channel, rendered.message, answer, wishes);
  const said = await channel.send(message, answer, state.customerId, now, carried);
  const result = await conclude(ports, said, state, answer, job, attemptId, now, carried);
  if (said.kind === 'accepted') await countAsked(ports, rendered.surveys, job.messageId, now);
  return result;
}

/** The products a message and its letter speak of, in one call; no call where they speak of none. */
async function productsFor(
  ports: DeliverPorts,
  state: CustomerState,
  pending: Pending,
  programme: Programme,
  now: Instant,
): Promise<Map<string, Product>> {
  const version = editionAt(programme.manifest, now)?.templates[pending.template];
  const letter = version === undefined ? undefined : await templateOr(ports, pending.template, version);
  const ids = productsOf(state, pending, programme, letter);
  return ids.length === 0 ? new Map() : ports.catalog.products(ids);
}

/** What the message recommends; undefined where no step asks for it. */
async function recommendedIn(
  ports: DeliverPorts,
  { recommend, enrolment }: Pending,
  state: CustomerState,
  programme: Programme,
  now: Instant,
): Promise<Record<string, unknown>[] | 'too-few' | undefined> {
  if (!recommend) return undefined;
  const found = await recommendedFor(ports, recommend, state, enrolment, programme, now);
  return found.length < recommend.min ? 'too-few' : found;
}

/** The template; one that is not there is spoken of where it is to be filled in. */
async function templateOr({ programmes }: DeliverPorts, id: string, version: number): Promise<Template | undefined> {
  try {
    return await programmes.template(id, version);
  } catch (error) {
    if (error instanceof CrmError && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** For the answer rate alone: what is sent is sent, counted or not. */
async function countAsked(
  { surveys }: DeliverPorts,
  asked: string[],
  messageId: MessageId,
  now: Instant,
): Promise<void> {
  try {
    for (const survey of asked) await surveys.noteSent(survey, messageId, now);
  } catch (error) {
    log.error('survey-not-counted', error, { messageId });
  }
}

async function conclude(
  ports: DeliverPorts,
  said: ProviderAnswer,
  state: CustomerState,
  answer: SendWanted,
  job: SendJob,
  attemptId: string,
  now: Instant,
  carried: MessageId[],
): Promise<Result> {
  switch (said.kind) {
    case 'accepted':
      await put(ports, state, job, 'message.sent', now, '', {
        ...about(answer),
        ...(carried.length === 0 ? {} : { with: carried }),
        ...(said.providerId === undefined ? {} : { providerId: said.providerId }),
      });
      return 'done';
    case 'unknown':
      log.warn('send-unknown', { messageId: job.messageId, reason: said.reason });
      return 'again';
    case 'refused':
      log.warn('send-refused', { messageId: job.messageId, reason: said.reason, detail: said.detail });
      for (const id of [...carried, job.messageId]) await ports.sends.release(id, attemptId);
      if (said.isRetryable) return 'again';
      await put(ports, state, job, 'message.returned', now, attemptId, { reason: reasonOf(said.reason) });
      return 'done';
  }
}

/** The provider's codes in the closed list of reasons that a shop reads. */
function reasonOf(code: string): string {
  if (code === 'line-monthly-limit') return 'quota-reached';
  return code === 'mail-address-malformed' ? 'bounced' : 'refused';
}

/** An attempt's lease is over and nobody settled it: the mailbox tells whether the provider took it. Undefined = ours to send. */
async function settleStale<T>(
  ports: DeliverPorts,
  channel: Channeled<T>,
  state: CustomerState,
  job: SendJob,
  claim: { attemptId: string; firstAt: Instant },
  attemptId: string,
  now: Instant,
): Promise<Result | undefined> {
  if (await wasSent(ports, state, job, claim.firstAt)) return 'done';
  if (channel.retry.isSafe && millisOf(now) - millisOf(claim.firstAt) > channel.retry.hours * HOUR) {
    await put(ports, state, job, 'message.unknown', now, '', { reason: 'unanswered' });
    return 'done';
  }
  const isOurs = await ports.sends.takeOver({
    messageId: job.messageId,
    from: claim.attemptId,
    attemptId,
    leaseUntil: plus(now, LEASE),
  });
  return isOurs ? undefined : 'again';
}

/** Whether the mailbox holds the message's own `message.sent`: read back to its first claim, however busy the customer was since. */
async function wasSent(ports: DeliverPorts, state: CustomerState, job: SendJob, firstAt: Instant): Promise<boolean> {
  for (const id of new Set([state.customerId, job.customerId])) {
    let before: EventId | undefined;
    for (;;) {
      const options = { limit: PAGE, consistent: true, ...(before === undefined ? {} : { before }) };
      const rows = await ports.mailbox.read(id, options);
      if (rows.some((row) => row.type === 'message.sent' && isOf(row.data, job.messageId))) return true;
      before = rows.at(-1)?.eventId;
      if (before === undefined || rows.length < PAGE || String(before) < firstAt) break;
    }
  }
  return false;
}

/** Whether a message went out, alone or in another's mail. */
const isOf = ({ messageId, with: carried }: MessageFacts, id: MessageId): boolean =>
  messageId === id || carried?.includes(id) === true;

/** It is too late to send; an attempt before may have sent it all the same, and then that is what is told. */
async function endExpired(
  ports: DeliverPorts,
  state: CustomerState,
  job: SendJob,
  attemptId: string,
  now: Instant,
): Promise<Result> {
  const claim = await ports.sends.claim({ messageId: job.messageId, attemptId, at: now, leaseUntil: plus(now, LEASE) });
  if (claim.result === 'live') return 'again';
  if (claim.result === 'claimed') {
    await ports.sends.release(job.messageId, attemptId);
    await put(ports, state, job, 'message.returned', now, attemptId, { reason: 'expired' });
    return 'done';
  }
  if (await wasSent(ports, state, job, claim.firstAt)) return 'done';
  await put(ports, state, job, 'message.unknown', now, '', { reason: 'unanswered' });
  return 'done';
}

async function renderOrReturn<T>(
  ports: DeliverPorts,
  channel: Channeled<T>,
  answer: SendWanted,
  programme: Programme,
  state: CustomerState,
  job: SendJob,
  attemptId: string,
  now: Instant,
): Promise<{ message: T; surveys: string[] } | undefined> {
  try {
    const template = await ports.programmes.template(answer.template.id, answer.template.version);
    const message = await channel.render(template, answer, programme, state.customerId);
    return { message, surveys: surveysIn(template) };
  } catch (error) {
    const isOfTemplate = error instanceof CrmError && (error.code === 'bad-input' || error.code === 'not-found');
    if (!isOfTemplate) throw error;
    log.error('render-failed', error, { messageId: job.messageId, template: answer.template.id });
    const reason = error.code === 'not-found' ? 'template-missing' : 'render-failed';
    await put(ports, state, job, 'message.returned', now, attemptId, { reason });
    return undefined;
  }
}

const about = (answer: SendWanted): Partial<MessageFacts> => ({
  scenario: answer.pending.scenario,
  enrolment: answer.pending.enrolment,
  step: answer.pending.step,
  template: answer.pending.template,
  kind: answer.pending.kind,
  ...(answer.pending.variant === undefined ? {} : { variant: answer.pending.variant }),
});

/** One row in the mailbox of whoever speaks for the person now. The id of a `message.sent` is the one SES's own Send event has too. */
async function put(
  ports: DeliverPorts,
  state: CustomerState,
  job: SendJob,
  type: 'message.sent' | 'message.returned' | 'message.unknown',
  at: Instant,
  nonce: string,
  more: Partial<MessageFacts>,
): Promise<void> {
  const event = {
    type,
    customerId: state.customerId,
    eventId: eventIdOf(ports.hashes, type, at, `${job.messageId}${nonce}`),
    occurredAt: at,
    receivedAt: at,
    source: 'enishi',
    identities: {},
    hops: job.hops + 1,
    data: { messageId: job.messageId, channel: job.channel, ...more },
  } as CrmEvent;
  await ports.mailbox.put(event);
}
