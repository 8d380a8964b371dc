import { setTimeout as sleep } from 'node:timers/promises';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { type Holder, isTombstone } from '#core/customer/state.ts';
import { CrmError } from '#core/error.ts';
import type { CrmEvent } from '#core/event/event.ts';
import { type CustomerId, type Instant, instantOf, later, millisOf } from '#core/ids.ts';
import { MINUTE } from '#core/time/duration.ts';
import { localNow, turnTo } from '#tools/local/local-clock.ts';
import { askedOutside } from '#tools/local/outside.ts';
import type { Stage } from '#tools/local/stage.ts';
import { dueAlarms, earliestAlarm, loadHolders, readMailbox } from '#tools/local/tables.ts';

export interface Travelled {
  from: Instant;
  to: Instant;
  /** How often a customer's alarm was rung. */
  rings: number;
  /** What came of it, in order. */
  events: CrmEvent[];
}

const RING_AGAIN_SECONDS = 15;
const GIVE_UP_SECONDS = 120;
const DELIVERED_WITHIN_MILLISECONDS = 3000;
/** A system of the shop's that is down is told so after five tries. */
const OUTSIDE_WITHIN_MILLISECONDS = 60_000;
/** Customers rung together: what the alarm queue's batches and the stream take in a few seconds. */
const AT_ONCE = 500;

/**
 * Turns the local clock from alarm to alarm up to `target`. At each stop the clock shows the minute of the earliest alarm, everybody due
 * is rung through the deployed functions, and the next stop waits until what they caused has been done. The clock stays where it arrives.
 * Errors: timeout, when a customer's alarm does not move.
 */
export async function travel(
  stage: Stage,
  target: Instant,
  hooks: {
    /** Told after each stop: what the mailboxes of who was rung now hold from that minute on. */
    onStop?: (events: CrmEvent[], at: Instant) => Promise<void> | void;
    onProgress?: (text: string) => void;
  } = {},
): Promise<Travelled> {
  const from = await localNow(stage);
  const travelled: Travelled = { from, to: later(from, target), rings: 0, events: [] };
  const seen = new Set<string>();
  for (;;) {
    const alarm = await earliestAlarm(stage);
    if (alarm === undefined || alarm > target) break;
    const at = wholeMinute(alarm);
    if (at > (await localNow(stage))) await turnAndWait(stage, at);
    const now = await localNow(stage);
    const due = [...new Set((await dueAlarms(stage, now)).map(({ customerId }) => customerId))];
    for (let first = 0; first < due.length; first += AT_ONCE) {
      const group = due.slice(first, first + AT_ONCE);
      hooks.onProgress?.(`${at}: ${first + group.length} of ${due.length} customers`);
      await ring(stage, group, now);
      await untilAnswered(stage, group, now);
      await untilToldFromOutside(stage, group, now);
      await untilDelivered(stage, group, at);
      travelled.rings += group.length;
      const events = await newEvents(stage, group, at, seen);
      travelled.events.push(...events);
      await hooks.onStop?.(events, at);
    }
  }
  if (target > (await localNow(stage))) await turnAndWait(stage, target);
  return travelled;
}

/** A warm function may read the clock from up to 200 ms ago. */
async function turnAndWait(stage: Stage, at: Instant): Promise<void> {
  await turnTo(stage, at);
  await sleep(220);
}

const wholeMinute = (at: Instant): Instant => instantOf(Math.ceil(millisOf(at) / MINUTE) * MINUTE);

async function ring(stage: Stage, customers: CustomerId[], dueAt: Instant): Promise<void> {
  for (let first = 0; first < customers.length; first += 10) {
    const batch = customers.slice(first, first + 10);
    const answer = await stage.clients.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: stage.name('ALARM_QUEUE_URL'),
        Entries: batch.map((customerId, place) => ({
          Id: String(place),
          MessageBody: JSON.stringify({ customerId, dueAt }),
        })),
      }),
    );
    if (answer.Failed?.length) throw new CrmError('unavailable', 'The alarm queue did not take all messages.');
  }
}

/** Waits until the alarm of each has moved past `now` and its messages are answered. */
async function untilAnswered(stage: Stage, customers: CustomerId[], now: Instant): Promise<void> {
  const begun = Date.now();
  let rungAgain = 0;
  let open = customers;
  for (;;) {
    const holders = await loadHolders(stage, open);
    open = open.filter((id) => isBusy(holders.get(id), now));
    if (open.length === 0) return;
    const seconds = (Date.now() - begun) / 1000;
    if (seconds > GIVE_UP_SECONDS) {
      throw new CrmError(
        'timeout',
        `${open.length} of ${customers.length} customers did not answer their alarm within ${GIVE_UP_SECONDS} s. Look at .enishi/${stage.port}/logs/ministack.log.`,
      );
    }
    if (Math.floor(seconds / RING_AGAIN_SECONDS) > rungAgain) {
      rungAgain += 1;
      const unmoved = open.filter((id) => hasAlarmBy(holders.get(id), now));
      if (unmoved.length > 0) await ring(stage, unmoved, await localNow(stage));
    }
    await sleep(open.length > 50 ? 300 : 60);
  }
}

/** Waits for coupon codes and for the shop's systems, and for what follows from them: else the next stop would come before they do. */
async function untilToldFromOutside(stage: Stage, customers: CustomerId[], now: Instant): Promise<void> {
  const deadline = Date.now() + OUTSIDE_WITHIN_MILLISECONDS;
  for (let hasWaited = false; ; hasWaited = true) {
    const asked = await askedOutside(stage, (await loadHolders(stage, customers)).values(), now);
    if (asked.length === 0 || Date.now() > deadline) {
      if (hasWaited) await untilAnswered(stage, customers, now);
      return;
    }
    await sleep(100);
  }
}

/**
 * Waits a moment for what SES tells of the mails just sent: it arrives later, and would be received at the next stop's time. A mail that
 * bounced is never told as delivered, so after three seconds the journey goes on.
 */
async function untilDelivered(stage: Stage, customers: CustomerId[], since: Instant): Promise<void> {
  const deadline = Date.now() + DELIVERED_WITHIN_MILLISECONDS;
  for (let open = customers; Date.now() < deadline; ) {
    const holders = await loadHolders(stage, open);
    open = open.filter((id) => isUndelivered(holders.get(id), since));
    if (open.length === 0) return;
    await sleep(open.length > 50 ? 300 : 60);
  }
}

function isUndelivered(holder: Holder | undefined, since: Instant): boolean {
  if (holder === undefined || isTombstone(holder)) return false;
  return Object.values(holder.outcomes).some(
    ({ type, channel, at, deliveredAt }) => type === 'sent' && channel === 'email' && at >= since && !deliveredAt,
  );
}

const hasAlarmBy = (holder: Holder | undefined, now: Instant): boolean =>
  holder !== undefined && !isTombstone(holder) && holder.alarmAt !== undefined && holder.alarmAt <= now;

function isBusy(holder: Holder | undefined, now: Instant): boolean {
  if (holder === undefined || isTombstone(holder)) return false;
  return hasAlarmBy(holder, now) || Object.values(holder.pending).some(({ state }) => state === 'queued');
}

/** What lies in these mailboxes from `since` on and was not seen yet, by time. */
async function newEvents(
  stage: Stage,
  customers: CustomerId[],
  since: Instant,
  seen: Set<string>,
): Promise<CrmEvent[]> {
  const found: CrmEvent[] = [];
  for (let first = 0; first < customers.length; first += 16) {
    const pages = await Promise.all(customers.slice(first, first + 16).map((id) => readMailbox(stage, id, since)));
    for (const event of pages.flat()) {
      const name = `${event.customerId} ${event.eventId}`;
      if (!seen.has(name)) found.push(event);
      seen.add(name);
    }
  }
  return found.sort((a, b) => (a.eventId < b.eventId ? -1 : a.eventId > b.eventId ? 1 : 0));
}
