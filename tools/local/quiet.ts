import { setTimeout as sleep } from 'node:timers/promises';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { type Holder, isTombstone } from '#core/customer/state.ts';
import { CrmError } from '#core/error.ts';
import type { CrmEvent } from '#core/event/event.ts';
import { type Instant, millisOf, plus } from '#core/ids.ts';
import { HOUR } from '#core/time/duration.ts';
import type { Stage } from './stage.ts';
import { scanEvents, scanHolders } from './tables.ts';

/** Queues that must run dry; what lies on the refused queue waits for a person. */
const QUEUES = ['ALARM_QUEUE_URL', 'SEND_EMAIL_QUEUE_URL', 'SEND_LINE_QUEUE_URL', 'INTAKE_QUEUE_URL'];

/**
 * Waits until nothing is under way any more: every event applied, every send answered, every queue empty. Looks at the whole stage, so it
 * suits a small one. Returns what is still under way when `seconds` are over, in words; an empty list when it is quiet.
 */
export async function waitUntilQuiet(
  stage: Stage,
  options: { seconds: number; since?: Instant; note?: (text: string) => void },
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

async function underWay(stage: Stage, since: Instant | undefined): Promise<string[]> {
  const busy: string[] = [];
  const untold = await untoldMails(stage);
  if (untold > 0) busy.push(`${untold} mails on their way`);
  const queued = await waitingMessages(stage);
  if (queued > 0) busy.push(`${queued} messages on queues`);
  const isRead = new Map<string, (event: CrmEvent) => boolean>();
  let unanswered = 0;
  for await (const holder of scanHolders(stage)) {
    isRead.set(holder.customerId, readerOf(holder));
    if (!isTombstone(holder)) {
      unanswered += Object.values(holder.pending).filter(({ state }) => state === 'queued').length;
    }
  }
  if (unanswered > 0) busy.push(`${unanswered} messages at the senders`);
  let unread = 0;
  for await (const event of scanEvents(stage)) {
    if (event.record || (since !== undefined && event.receivedAt < since)) continue;
    if (!isRead.get(event.customerId)?.(event)) unread += 1;
  }
  if (unread > 0) busy.push(`${unread} events not applied`);
  return busy;
}

/** Whether a holder has applied an event: it remembers the ids of the last 26 hours, and what is older it has. */
function readerOf({ applied }: Holder): (event: CrmEvent) => boolean {
  const names = new Set(applied.map(({ id }) => id));
  const newest = applied.reduce((most, { at }) => (at > most ? at : most), '');
  const oldest = newest === '' ? newest : plus(newest as Instant, -26 * HOUR);
  return (event) => names.has(appliedName(event.eventId)) || event.receivedAt < oldest;
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
