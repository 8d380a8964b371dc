import { setTimeout as sleep } from 'node:timers/promises';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { type Holder, isTombstone } from '#core/customer/state.ts';
import { CrmError } from '#core/error.ts';
import { type Instant, millisOf, plus } from '#core/ids.ts';
import { HOUR } from '#core/time/duration.ts';
import { localNow } from './local-clock.ts';
import { askedOutside } from './outside.ts';
import type { Stage } from './stage.ts';
import { type Arrival, arrivalsSince, loadHolders } from './tables.ts';

/** Queues that must run dry; what lies on the refused queue waits for a person. */
const QUEUES = [
  'ALARM_QUEUE_URL',
  'SEND_EMAIL_QUEUE_URL',
  'SEND_LINE_QUEUE_URL',
  'SEND_POSTAL_QUEUE_URL',
  'COUPON_QUEUE_URL',
  'NEWS_QUEUE_URL',
  'CALL_QUEUE_URL',
  'INTAKE_QUEUE_URL',
  'NEWS_QUEUE_URL',
];

/**
 * Waits until nothing is under way any more of what was received since then: every event applied, every send answered, every queue empty.
 * Reads the whole events table at each look, so it suits a stage of some ten thousand events. Returns what is still under way when
 * `seconds` are over, in words; an empty list when it is quiet.
 */
export async function waitUntilQuiet(
  stage: Stage,
  options: { seconds: number; since: Instant; note?: (text: string) => void },
): Promise<string[]> {
  const deadline = Date.now() + options.seconds * 1000;
  // Twice in a row: between a commit and its commands nothing shows that they are about to be performed.
  for (let quietLooks = 0; ; ) {
    const busy = await underWay(stage, options.since);
    quietLooks = busy.length === 0 ? quietLooks + 1 : 0;
    if (quietLooks === 2 || Date.now() > deadline) return busy;
    if (busy.length > 0) options.note?.(busy.join(', '));
    await sleep(150);
  }
}

/** The same, and an error when it does not become quiet. Errors: timeout. */
export async function expectQuiet(stage: Stage, options: Parameters<typeof waitUntilQuiet>[1]): Promise<void> {
  const busy = await waitUntilQuiet(stage, options);
  if (busy.length > 0) {
    throw new CrmError('timeout', `After ${options.seconds} s there is still something under way: ${busy.join(', ')}.`);
  }
}

async function underWay(stage: Stage, since: Instant): Promise<string[]> {
  const busy: string[] = [];
  const untold = await untoldMails(stage);
  if (untold > 0) busy.push(`${untold} mails on their way`);
  const queued = await waitingMessages(stage);
  if (queued > 0) busy.push(`${queued} messages on queues`);
  const arrivals = await arrivalsSince(stage, since);
  const holders = await loadHolders(stage, new Set(arrivals.map(({ customerId }) => customerId)));
  const states = [...holders.values()].filter((holder) => !isTombstone(holder));
  const unanswered = states.flatMap(({ pending }) => Object.values(pending)).filter(({ state }) => state === 'queued');
  if (unanswered.length > 0) busy.push(`${unanswered.length} messages at the senders`);
  const outside = await askedOutside(stage, states, await localNow(stage));
  if (outside.length > 0) busy.push(`${outside.length} answers from outside on their way`);
  const isRead = new Map([...holders].map(([id, holder]) => [id, readerOf(holder)]));
  const unread = arrivals.filter((arrival) => !isRead.get(arrival.customerId)?.(arrival));
  if (unread.length > 0) busy.push(`${unread.length} events not applied`);
  return busy;
}

/** Whether a holder has applied an event: it remembers the last 500 ids of 26 hours, and what is older it has. */
function readerOf({ applied }: Holder): (arrival: Arrival) => boolean {
  const names = new Set(applied.map(({ id }) => id));
  const times = applied.map(({ at }) => at).sort();
  const newest = times.at(-1);
  const forgotten = newest === undefined ? '' : times.length < 500 ? plus(newest, -26 * HOUR) : times[0]!;
  return ({ eventId, receivedAt }) => names.has(appliedName(eventId)) || receivedAt <= forgotten;
}

/** How core names an event in `applied`: its time in base 36 and its hash. */
const appliedName = (eventId: string): string =>
  millisOf(eventId.slice(0, 24) as Instant).toString(36) + eventId.slice(25);

/** Messages that wait on the stage's queues or are being handled; delayed ones are for later. */
async function waitingMessages(stage: Stage): Promise<number> {
  const counts = await Promise.all(
    QUEUES.map(async (variable) => {
      const { Attributes } = await stage.clients.sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: stage.name(variable),
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );
      return (
        Number(Attributes?.ApproximateNumberOfMessages ?? 0) +
        Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0)
      );
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

const mailState = z.object({
  mails: z.array(z.object({ events: z.array(z.object({ type: z.string(), state: z.string() })) })),
});

/** Mails of whose fate the stage was not told yet: after Send comes Delivery, or what hinders it. */
async function untoldMails(stage: Stage): Promise<number> {
  const answer = await fetch(`${stage.mailUrl}/front/state`);
  const { mails } = mailState.parse(await answer.json());
  const isTold = (events: { type: string; state: string }[]) =>
    events.some(({ type }) => type !== 'Send') && events.every(({ state }) => state !== 'waiting');
  return mails.filter(({ events }) => !isTold(events)).length;
}
