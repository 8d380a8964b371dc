// Woken by the events table's stream, up to a batch of new events at once.
// Promises that each customer's events are folded into one conditional commit and its commands are then performed, at least once.
// On failure throws, and the whole batch comes again; only an event that core refuses is set aside.
import type { Arrival } from '#adapters/dynamodb/event-item.ts';
import { type Advanced, advance, dropPerformed, pinnedBy } from '#core/advance.ts';
import { freshState } from '#core/customer/fresh.ts';
import type { Holder } from '#core/customer/state.ts';
import { CrmError } from '#core/error.ts';
import type { CrmEvent } from '#core/event/event.ts';
import { type CustomerId, type Instant, later } from '#core/ids.ts';
import type { Customers } from '#core/ports/customers.ts';
import type { DeadLetters, ProgrammeStore } from '#core/ports/outward.ts';
import { pause } from '#functions/_shared/in-parallel.ts';
import { log } from '#functions/_shared/log.ts';
import { type Due, type PerformPorts, perform } from './perform.ts';
import { Performed } from './performed.ts';
import { Refusals, reasonOf } from './refusals.ts';

export interface Ports extends PerformPorts {
  customers: Customers;
  programmes: ProgrammeStore;
}

interface Refused {
  customerId: CustomerId;
  eventId: string;
  error: unknown;
}

interface Folded extends Advanced {
  customerId: CustomerId;
  /** Version read; 0 = was not there. */
  expected: number;
}

const MOST_TRIES = 5;
const FIRST_PAUSE_MILLISECONDS = 20;

/** The one writer of customers' state. What it performed itself it remembers as long as it lives. */
export function createHandler(ports: Ports) {
  const performed = new Performed();
  const refusals = new Refusals();

  /** Folds and commits once. Returns those whose commit met another's. */
  const turn = async (mailboxes: Map<CustomerId, CrmEvent[]>, refused: Refused[], size: number) => {
    const holders = await ports.customers.load(mailboxes.keys());
    await catchUp(holders, ports, performed);
    const folded = await foldAll(mailboxes, holders, ports);
    const refusedNow = [...refused, ...folded.flatMap(refusedOf)];
    if (refusedNow.length > 0) refusals.allow(refusedNow.length, size, await ports.clock.now());
    const changed = folded.filter((one) => one.changed);
    const wishes = changed.map(({ holder, expected }) => ({ holder, expected }));
    const written = wishes.length > 0 ? await ports.customers.commit(wishes) : [];
    const conflicts = new Set(changed.filter((_, place) => !written[place]).map((one) => one.customerId));
    const settled = folded.filter((one) => !conflicts.has(one.customerId));
    await perform(
      settled.flatMap(({ holder }) => openOf(holder, performed)),
      ports,
      performed,
    );
    await setAside([...refused, ...settled.flatMap(refusedOf)], ports);
    return conflicts;
  };

  return async (arrivals: Arrival[]): Promise<void> => {
    if (arrivals.length === 0) return;
    const { mailboxes, unreadable } = sorted(arrivals);
    let rest = mailboxes;
    let refused = unreadable;
    for (let tries = 1; rest.size > 0 || refused.length > 0; tries++) {
      const conflicts = await turn(rest, refused, arrivals.length);
      refused = [];
      if (conflicts.size === 0) break;
      log.info('commits-met-another', { customers: conflicts.size, tries });
      if (tries === MOST_TRIES) throw new CrmError('conflict', `a commit met another's ${MOST_TRIES} times`);
      rest = new Map([...rest].filter(([customerId]) => conflicts.has(customerId)));
      await pause(Math.random() * FIRST_PAUSE_MILLISECONDS * 2 ** tries);
    }
    refusals.sawBatch(arrivals.length);
  };
}

/** By mailbox, in the order they came. */
function sorted(arrivals: Arrival[]): { mailboxes: Map<CustomerId, CrmEvent[]>; unreadable: Refused[] } {
  const mailboxes = new Map<CustomerId, CrmEvent[]>();
  const unreadable: Refused[] = [];
  for (const arrival of arrivals) {
    const { customerId, eventId } = arrival;
    if ('fault' in arrival) {
      unreadable.push({ customerId, eventId, error: arrival.fault });
      continue;
    }
    const events = mailboxes.get(customerId);
    if (events) events.push(arrival.event);
    else mailboxes.set(customerId, [arrival.event]);
  }
  return { mailboxes, unreadable };
}

/**
 * Performs what another left in the outboxes, so that the coming commit may forget it. Sends are not among them: an event answers
 * those, and it may be in this very batch.
 */
async function catchUp(holders: Map<CustomerId, Holder>, ports: Ports, performed: Performed): Promise<void> {
  const left = [...holders.values()].flatMap((holder) => openOf(holder, performed));
  await perform(
    left.filter(({ command }) => command.kind !== 'send'),
    ports,
    performed,
  );
  for (const holder of holders.values()) {
    const ids = Object.values(holder.outbox).filter((command) => performed.has(holder.customerId, command));
    dropPerformed(holder, new Set(ids.map((command) => command.id)));
  }
}

const openOf = (holder: Holder, performed: Performed): Due[] =>
  Object.values(holder.outbox)
    .filter((command) => !performed.has(holder.customerId, command))
    .map((command) => ({ holder, command }));

async function foldAll(
  mailboxes: Map<CustomerId, CrmEvent[]>,
  holders: Map<CustomerId, Holder>,
  { programmes, hashes }: Ports,
): Promise<Folded[]> {
  if (mailboxes.size === 0) return [];
  const pins = [...mailboxes].flatMap(([id, events]) => pinnedBy(holders.get(id), events));
  const received = [...mailboxes.values()].flat().map((event) => event.receivedAt);
  const programme = await programmes.load(received.reduce<Instant>(later, received[0]!), pins);
  return [...mailboxes].map(([customerId, events]) => {
    const holder = holders.get(customerId) ?? freshState(customerId, '');
    return { ...advance(holder, customerId, events, programme, hashes), customerId, expected: holder.version };
  });
}

const refusedOf = ({ customerId, refused }: Folded): Refused[] =>
  refused.map(({ event, error }) => ({ customerId, eventId: event.eventId, error }));

async function setAside(refused: Refused[], { deadLetters, clock }: { deadLetters: DeadLetters } & Ports) {
  if (refused.length === 0) return;
  for (const { error, customerId } of refused) log.error('event-refused', error, { customerId });
  const at = await clock.now();
  await deadLetters.set(
    refused.map(({ customerId, eventId, error }) => ({ customerId, eventId, reason: reasonOf(error), at })),
  );
}
