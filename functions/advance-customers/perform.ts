import type { Command } from '#core/customer/command.ts';
import { claimEvent } from '#core/customer/outbox.ts';
import { type CustomerState, type Holder, isTombstone } from '#core/customer/state.ts';
import { CrmError } from '#core/error.ts';
import { addressOf } from '#core/message/wanted.ts';
import type { InterestChange, Interests } from '#core/ports/catalog.ts';
import type { Claim, ClaimAnswer, Customers } from '#core/ports/customers.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { Mailbox } from '#core/ports/mailbox.ts';
import type { CallJob, CallQueue, CouponJob, CouponQueue } from '#core/ports/outside.ts';
import type { Alarms, SendJob, SendQueue } from '#core/ports/outward.ts';
import type { SurveyBook } from '#core/ports/survey-book.ts';
import { log } from '#functions/_shared/log.ts';
import type { Performed } from './performed.ts';

export interface PerformPorts {
  mailbox: Mailbox;
  customers: Customers;
  sends: SendQueue;
  coupons: CouponQueue;
  calls: CallQueue;
  alarms: Alarms;
  interests: Pick<Interests, 'note'>;
  surveys: Pick<SurveyBook, 'noteAnswers'>;
  hashes: Hashes;
}

/** A command with the committed holder whose outbox lists it. */
export interface Task<C extends Command = Command> {
  holder: Holder;
  command: C;
}

/** Single calls under way at once; DynamoDB has no conditional put for many items that writes to a stream everywhere. */
const AT_ONCE = 16;

/**
 * Performs commands of many customers, grouped by kind so that one call serves many, and notes those that went through. All kinds are
 * tried; then the first error is thrown. Performing one twice is harmless.
 */
export async function perform(
  ports: PerformPorts,
  tasks: Task[],
  performed: Performed,
  answered: ClaimAnswers = new Map(),
): Promise<void> {
  const todo = tasks.filter(({ holder, command }) => !performed.has(holder.customerId, command));
  if (todo.length === 0) return;
  const { mailbox, customers } = ports;
  const done = (some: Task[]) => {
    for (const { holder, command } of some) performed.add(holder.customerId, command);
  };
  const records = ofKind(todo, 'record');
  const interests = ofKind(todo, 'interest');
  const answers = ofKind(todo, 'answer');
  const sends = ofKind(todo, 'send');
  const coupons = ofKind(todo, 'coupon');
  const calls = ofKind(todo, 'call');
  const ended = await Promise.allSettled([
    inOneCall(records, async () => mailbox.putRecords(records.map(({ command }) => command.event)), done),
    performClaims(ports, ofKind(todo, 'claim'), answered, done),
    each(ofKind(todo, 'put'), ({ command }) => mailbox.put(command.event), done),
    each(
      ofKind(todo, 'repoint'),
      ({ command: { address, from, to, toIdentity } }) => customers.repoint(address, from, to, toIdentity),
      done,
    ),
    inOneCall(interests, () => ports.interests.note(interests.flatMap(changesOf)), done),
    inOneCall(answers, () => ports.surveys.noteAnswers(answers.map(({ command }) => command)), done),
    inOneCall(sends, () => ports.sends.enqueue(sends.map(jobOf)), done),
    inOneCall(coupons, () => ports.coupons.enqueue(coupons.map(couponJob)), done),
    inOneCall(calls, () => ports.calls.enqueue(calls.map(callJob)), done),
    setAlarms(ports, ofKind(todo, 'alarm'), done),
  ]);
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

/** What the commit's own call said of claims that went with it. */
export type ClaimAnswers = ReadonlyMap<Command, ClaimAnswer>;

/** The claims among tasks that this container has not performed. */
export const claimsOf = (tasks: Task[], performed: Performed): OfKind<'claim'>[] =>
  ofKind(tasks, 'claim').filter(({ holder, command }) => !performed.has(holder.customerId, command));

/** A claim command as the customers table takes it. */
export const claimOf = ({ holder, command }: OfKind<'claim'>): Claim => ({
  address: command.address,
  identity: command.identity,
  to: holder.customerId,
  toIdentity: command.byIdentity,
});

type Kind = Command['kind'];
type OfKind<K extends Kind> = Task<Extract<Command, { kind: K }>>;
type Done = (tasks: Task[]) => void;

function ofKind<K extends Kind>(tasks: Task[], kind: K): OfKind<K>[] {
  return tasks.filter((task): task is OfKind<K> => task.command.kind === kind);
}

async function inOneCall(tasks: Task[], call: () => Promise<unknown>, done: Done): Promise<void> {
  if (tasks.length === 0) return;
  await call();
  done(tasks);
}

/** One call for each, some at a time; after an error no new one is begun. */
async function each<T extends Task>(tasks: T[], call: (task: T) => Promise<unknown>, done: Done): Promise<void> {
  const waiting = tasks.values();
  const workers = Array.from({ length: Math.min(AT_ONCE, tasks.length) }, async () => {
    for (const task of waiting) {
      await call(task);
      done([task]);
    }
  });
  await Promise.all(workers);
}

/** Identities nobody has used are pointed here at once; the others are asked by an event in their own mailbox. */
async function performClaims(
  ports: PerformPorts,
  tasks: OfKind<'claim'>[],
  answered: ClaimAnswers,
  done: Done,
): Promise<void> {
  const open = tasks.filter(({ command }) => !answered.has(command));
  const answers = open.length === 0 ? [] : await ports.customers.claim(open.map(claimOf));
  const answerOf = new Map([...answered, ...open.map(({ command }, place) => [command, answers[place]!] as const)]);
  done(tasks.filter(({ command }) => answerOf.get(command) === 'claimed'));
  const taken = tasks.filter(({ command }) => answerOf.get(command) === 'taken');
  await each(
    taken,
    ({ holder, command }) => ports.mailbox.put(claimEvent(stateOf(holder), command, ports.hashes)),
    done,
  );
}

/** A tombstone points; it never claims nor sends. */
function stateOf(holder: Holder): CustomerState {
  if (isTombstone(holder)) throw new TypeError('a tombstone lists what only a person asks for');
  return holder;
}

/** What is taken back may have been said in a mailbox that was merged into this one since: it goes from there too. */
function changesOf({ holder, command }: OfKind<'interest'>): InterestChange[] {
  const { key, interest: kind, at, firstAt, isWithdrawn } = command;
  if (!isWithdrawn) return [{ key, kind, customerId: holder.customerId, at, ...(firstAt ? { firstAt } : {}) }];
  const merged = isTombstone(holder) ? [] : holder.histories;
  return [holder.customerId, ...merged].map((id) => ({ key, kind, customerId: id, at, isWithdrawn }));
}

/** With the item of the address, so that the sender reads it and the customer in one call. */
function jobOf({ holder, command: { messageId, channel } }: OfKind<'send'>): SendJob {
  const address = isTombstone(holder) ? undefined : addressOf(holder, messageId, channel);
  return { customerId: holder.customerId, messageId, channel, hops: 0, ...(address === undefined ? {} : { address }) };
}

function couponJob({ holder, command }: OfKind<'coupon'>): CouponJob {
  const { kind: _kind, id: _id, since: _since, ...wish } = command;
  return { customerId: holder.customerId, ...wish };
}

function callJob({ holder, command }: OfKind<'call'>): CallJob {
  const { kind: _kind, id: _id, since: _since, ...wish } = command;
  return { customerId: holder.customerId, ...wish };
}

/** What can't be set now is rung by the sweep, a minute late at most: no reason to hold everybody up. */
async function setAlarms(ports: PerformPorts, tasks: OfKind<'alarm'>[], done: Done): Promise<void> {
  try {
    await inOneCall(
      tasks,
      () => ports.alarms.set(tasks.map(({ holder, command }) => ({ customerId: holder.customerId, at: command.at }))),
      done,
    );
  } catch (error) {
    if (!(error instanceof CrmError && error.isRetryable)) throw error;
    log.warn('alarms-left-to-the-sweep', { count: tasks.length, errorCode: error.code });
  }
}
