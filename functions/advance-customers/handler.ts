// Woken by: the stream of the events table, up to a batch of new events of many customers.
// Promises: each event is applied to its customer's state once; what follows from it is performed after the commit, at least once.
// On failure: AWS trouble throws and the batch comes again; an event that core refuses is set aside while those are few, else it throws.
import type { Arrival } from '#adapters/dynamodb/event-item.ts';
import { type Advanced, advance } from '#core/advance.ts';
import type { Command } from '#core/customer/command.ts';
import { dropPerformed } from '#core/customer/outbox.ts';
import { pinnedBy } from '#core/customer/pins.ts';
import type { Holder } from '#core/customer/state.ts';
import { CrmError } from '#core/error.ts';
import type { CrmEvent } from '#core/event/event.ts';
import type { CustomerId, Instant } from '#core/ids.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { DeadLetters, ProgrammeStore } from '#core/ports/outward.ts';
import { log } from '#functions/_shared/log.ts';
import { claimOf, claimsOf, type PerformPorts, perform, type Task } from './perform.ts';
import { Performed } from './performed.ts';
import { Refusals } from './refusals.ts';

export interface AdvancePorts extends PerformPorts {
  programmes: ProgrammeStore;
  deadLetters: DeadLetters;
  clock: Clock;
}

/** A lost commit means another shard that holds the same customer; it is through by the time we load again. */
const MOST_TRIES = 5;

/** One mailbox' events of the batch, in the order they came. */
type Post = [CustomerId, CrmEvent[]];

/** An event that is not to be applied: a bug of ours or a row nobody can read. */
interface Refused {
  customerId: CustomerId;
  eventId: string;
  error: unknown;
}

interface Folded extends Advanced {
  loaded: Holder | undefined;
}

export function createHandler(ports: AdvancePorts): (arrivals: Arrival[]) => Promise<void> {
  const performed = new Performed();
  const refusals = new Refusals();

  return async (arrivals) => {
    const now = await ports.clock.now();
    const events = arrivals.flatMap((arrival) => ('event' in arrival ? [arrival.event] : []));
    const refused = new Map<string, Refused>();
    for (const arrival of arrivals) if ('fault' in arrival) note(refused, arrival, arrival.fault);

    let posts: Post[] = [...Map.groupBy(events, ({ customerId }) => customerId)];
    for (let tries = 0; posts.length > 0; tries++) {
      if (tries === MOST_TRIES) throw new CrmError('conflict', `customers changed under ${MOST_TRIES} tries to commit`);
      const folded = await foldAll(ports, posts, performed, now);
      for (const { event, error } of folded.flatMap((one) => one.refused)) note(refused, event, error);
      stopIfMany(refused.size, arrivals.length, now);
      posts = await commitAndPerform(posts, folded);
    }
    stopIfMany(refused.size, arrivals.length, now);
    await setAside([...refused.values()], arrivals.length, now);
  };

  function stopIfMany(count: number, of: number, now: Instant): void {
    if (refusals.mayLetGo(count, of, now)) return;
    throw new CrmError('refused', `core refused ${count} of ${of} events: too many to set aside`);
  }

  /** Returns those whose customer was changed by another in between. */
  async function commitAndPerform(posts: Post[], folded: Folded[]): Promise<Post[]> {
    const changed = folded.filter((one) => one.changed);
    const wishes = changed.map(({ holder, loaded }) => ({ holder, expected: loaded?.version ?? 0 }));
    const claims = claimsOf(
      changed.flatMap(({ holder }) => tasksOf(holder)),
      performed,
    );
    const none = { isWritten: [], claims: [] };
    const { isWritten, claims: answers } =
      wishes.length === 0 ? none : await ports.customers.commit(wishes, claims.map(claimOf));
    const lost = new Set(changed.filter((_, place) => !isWritten[place]));
    const tasks = folded.filter((one) => !lost.has(one)).flatMap(({ holder }) => tasksOf(holder));
    await perform(ports, tasks, performed, new Map(claims.map(({ command }, place) => [command, answers[place]!])));
    return posts.filter((_, place) => lost.has(folded[place]!));
  }

  /** Last: should anything before throw, the batch comes again and they are refused again. */
  async function setAside(refused: Refused[], of: number, now: Instant): Promise<void> {
    if (refused.length === 0) return;
    const letters = refused.map(({ customerId, eventId, error }) => ({
      customerId,
      eventId,
      reason: reasonOf(error),
      at: now,
    }));
    await ports.deadLetters.set(letters);
    refusals.note(refused.length, of, now);
    for (const { error, customerId, eventId } of refused) log.error('event-set-aside', error, { customerId, eventId });
  }
}

/**
 * One load for all. What a loaded outbox still lists and this container has not performed is performed now, so that it may leave with
 * this commit: its performer may be gone. A send waits for its answer, an alarm for the fold: the event at hand may have answered them.
 */
async function foldAll(ports: AdvancePorts, posts: Post[], performed: Performed, now: Instant): Promise<Folded[]> {
  const holders = await ports.customers.load(posts.map(([id]) => id));
  const known = [...holders.values()];
  const left = known.flatMap(tasksOf).filter(({ command }) => command.kind !== 'send' && command.kind !== 'alarm');
  await perform(ports, left, performed);
  for (const holder of known) dropPerformed(holder, performedOf(holder, performed));

  const pins = posts.flatMap(([id, events]) => pinnedBy(holders.get(id), events));
  const programme = await ports.programmes.load(now, pins);
  const folded = posts.map(([id, events]) => {
    const loaded = holders.get(id);
    return { loaded, ...advance(loaded, id, events, programme, ports.hashes) };
  });

  const changed = folded.filter((one) => one.changed);
  const isOld = (command: Command, loaded: Holder | undefined) => loaded?.outbox[command.id]?.since === command.since;
  const alarms = changed.flatMap(({ holder, loaded }) =>
    tasksOf(holder).filter(({ command }) => command.kind === 'alarm' && isOld(command, loaded)),
  );
  await perform(ports, alarms, performed);
  for (const { holder } of changed) dropPerformed(holder, performedOf(holder, performed));
  return folded;
}

const tasksOf = (holder: Holder): Task[] => Object.values(holder.outbox).map((command) => ({ holder, command }));

function performedOf(holder: Holder, performed: Performed): Set<string> {
  const commands = Object.values(holder.outbox).filter((command) => performed.has(holder.customerId, command));
  return new Set(commands.map(({ id }) => id));
}

function note(refused: Map<string, Refused>, about: { customerId: CustomerId; eventId: string }, error: unknown): void {
  const { customerId, eventId } = about;
  refused.set(`${customerId} ${eventId}`, { customerId, eventId, error });
}

/** Our own texts name rules; any other text might quote what the event held, so its place in the code stands for it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  if (error instanceof CrmError || error instanceof RangeError) return `${error.name}: ${error.message}`;
  const place = (error.stack ?? '').split('\n').find((line) => /^\s+at /.test(line));
  return `${error.name} ${place?.trim() ?? ''}`.trim();
}
