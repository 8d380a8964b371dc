// Woken by: the spread queue, by the publisher first, then by itself, a page of customers a message.
// Promises: whoever a publication changes something for is told, nobody else is, and what somebody does never waits behind it.
// On failure: the page comes again; telling somebody twice is one event. After the last try its dead letter rings.
import { pinnedBy } from '#core/advance.ts';
import { type CustomerState, isTombstone } from '#core/customer/state.ts';
import { millisOf } from '#core/ids.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { Mailbox } from '#core/ports/mailbox.ts';
import type { ProgrammeStore } from '#core/ports/outward.ts';
import type { Pacer } from '#core/ports/pacer.ts';
import type { CustomerWalk, SpreadProgress, SpreadQueue } from '#core/ports/walk.ts';
import { isConcerned, programmePublished, readSpread, type Spread } from '#core/publication/spread.ts';
import { log } from '#functions/_shared/log.ts';
import type { QueueMessage } from '#functions/_shared/queue.ts';

export interface SpreadPorts {
  walk: CustomerWalk;
  programmes: ProgrammeStore;
  mailbox: Pick<Mailbox, 'put'>;
  queue: SpreadQueue;
  progress: SpreadProgress;
  clock: Clock;
  hashes: Hashes;
  pacer: Pacer;
}

/** The publisher asks for the walk before it swaps the manifest, and may fail to: then nothing is to be told. */
const MOST_WAITS = 30;
const WAIT_SECONDS = 2;
const LONGEST_SECONDS = 900;

/** Returns the ids of the messages that are to come again. */
export function createHandler(ports: SpreadPorts): (messages: QueueMessage[]) => Promise<string[]> {
  return async (messages) => {
    const failed: string[] = [];
    for (const { id, body } of messages) {
      try {
        await spread(ports, readSpread(body));
      } catch (error) {
        log.error('spread-failed', error);
        failed.push(id);
      }
    }
    return failed;
  };
}

async function spread(ports: SpreadPorts, asked: Spread): Promise<void> {
  const { walk, programmes, mailbox, queue, progress, clock, hashes, pacer } = ports;
  const now = await clock.now();
  const early = Math.ceil((millisOf(asked.effectiveAt) - millisOf(now)) / 1000);
  if (early > 0) return queue.put(asked, Math.min(early, LONGEST_SECONDS));
  const { manifest } = await programmes.load(now);
  if (manifest.number < asked.number) {
    if (asked.waits < MOST_WAITS) return queue.put({ ...asked, waits: asked.waits + 1 }, WAIT_SECONDS);
    log.warn('spread-of-nothing', { number: asked.number });
    return;
  }
  const { holders, next } = await walk.page(asked.next);
  const programme = await programmes.load(
    now,
    holders.flatMap((holder) => pinnedBy(holder)),
  );
  const told = holders
    .filter((holder): holder is CustomerState => !isTombstone(holder))
    .map((state) => ({ state, event: programmePublished(state.customerId, asked, now, hashes) }))
    .filter(({ state, event }) => isConcerned(state, event, programme, hashes));
  for (const { event } of told) {
    await pacer.take(1);
    await mailbox.put(event);
  }
  const { next: _, ...rest } = asked;
  const done: Spread = { ...rest, seen: asked.seen + holders.length, told: asked.told + told.length };
  await progress.note(done, next === undefined);
  if (next !== undefined) await queue.put({ ...done, next });
  else log.info('programme-spread', { number: done.number, seen: done.seen, told: done.told });
}
