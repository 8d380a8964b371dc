// Woken by: the spread queue: the publisher first, then itself, a page of customers a message; and every hour a rule, for `start`.
// Promises: whoever a publication changes something for is told, nobody else is, and what somebody does never waits behind it.
// On failure: the page comes again; telling somebody twice is one event. After the last try its dead letter rings.
import { pinnedBy } from '#core/customer/pins.ts';
import { type CustomerState, isTombstone } from '#core/customer/state.ts';
import { millisOf } from '#core/ids.ts';
import type { SpreadProgress, SpreadQueue } from '#core/ports/walk.ts';
import { isConcerned, programmePublished, readSpread, type Spread } from '#core/publication/spread.ts';
import { readStartStep } from '#core/publication/start.ts';
import { log } from '#functions/_shared/log.ts';
import { oneByOne, type QueueMessage } from '#functions/_shared/queue.ts';
import { beginDays, type StartPorts, tellOn, walkOn } from './start.ts';

export interface SpreadPorts extends StartPorts {
  queue: SpreadQueue;
  progress: SpreadProgress;
}

/** The publisher asks for the walk before it swaps the manifest, and may fail to: then nothing is to be told. */
const MOST_WAITS = 30;
const WAIT_SECONDS = 2;
const LONGEST_SECONDS = 900;

/** Returns the ids of the messages that are to come again. */
export function createHandler(ports: SpreadPorts): (messages: QueueMessage[]) => Promise<string[]> {
  return (messages) => oneByOne(messages, 'spread-failed', (body) => step(ports, body));
}

/** A message of the walk that a publication set off, the hour's, or one of a scenario that begins with those who match already. */
async function step(ports: SpreadPorts, body: unknown): Promise<void> {
  const kind = typeof body === 'object' && body !== null && 'kind' in body ? body.kind : undefined;
  if (kind === undefined) return spread(ports, readSpread(body));
  if (kind === 'hour') return beginDays(ports);
  const asked = readStartStep(body);
  return asked.kind === 'start' ? walkOn(ports, asked) : tellOn(ports, asked);
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
