import { claimEvent } from '#core/advance.ts';
import { type Command, type Holder, isTombstone } from '#core/customer/state.ts';
import type { Channel } from '#core/event/event.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Customers } from '#core/ports/customers.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { Mailbox } from '#core/ports/mailbox.ts';
import type { Alarms, DeadLetters, SendQueue } from '#core/ports/outward.ts';
import { inParallel } from '#functions/_shared/in-parallel.ts';
import { log } from '#functions/_shared/log.ts';
import type { Performed } from './performed.ts';

export interface PerformPorts {
  customers: Pick<Customers, 'claim' | 'repoint'>;
  mailbox: Pick<Mailbox, 'put' | 'putRecords'>;
  sendQueue: SendQueue;
  alarms: Alarms;
  deadLetters: DeadLetters;
  hashes: Hashes;
  clock: Clock;
}

/** A command with the committed holder it stands in. */
export interface Due {
  holder: Holder;
  command: Command;
}

type DueOf<K extends Command['kind']> = { holder: Holder; command: Extract<Command, { kind: K }> };

const AT_ONCE = 16;
const CHANNELS_WITH_SENDER: ReadonlySet<Channel> = new Set(['email', 'line']);

/**
 * Performs commands, grouped by kind, and remembers each that is done. All groups are tried; then the first trouble is thrown.
 * An alarm that could not be set is left to the sweep.
 */
export async function perform(dues: Due[], ports: PerformPorts, performed: Performed): Promise<void> {
  const done = (some: Due[]) => {
    for (const { holder, command } of some) performed.add(holder.customerId, command);
  };
  const groups = [
    putRecords(of(dues, 'record'), ports, done),
    claim(of(dues, 'claim'), ports, done),
    inParallel(of(dues, 'put'), AT_ONCE, async (due) => {
      await ports.mailbox.put(due.command.event);
      done([due]);
    }),
    inParallel(of(dues, 'repoint'), AT_ONCE, async (due) => {
      const { address, from, to, toIdentity } = due.command;
      await ports.customers.repoint(address, from, to, toIdentity);
      done([due]);
    }),
    send(of(dues, 'send'), ports, done),
    setAlarms(of(dues, 'alarm'), ports, done),
  ];
  for (const outcome of await Promise.allSettled(groups)) if (outcome.status === 'rejected') throw outcome.reason;
}

function of<K extends Command['kind']>(dues: Due[], kind: K): DueOf<K>[] {
  return dues.filter((due): due is DueOf<K> => due.command.kind === kind);
}

type Done = (some: Due[]) => void;

async function putRecords(dues: DueOf<'record'>[], { mailbox }: PerformPorts, done: Done): Promise<void> {
  if (dues.length === 0) return;
  await mailbox.putRecords(dues.map(({ command }) => command.event));
  done(dues);
}

/** Claims identities; one that has an item already is asked by an event. */
async function claim(dues: DueOf<'claim'>[], { customers, mailbox, hashes }: PerformPorts, done: Done): Promise<void> {
  if (dues.length === 0) return;
  const answers = await customers.claim(
    dues.map(({ holder, command: { address, identity, byIdentity } }) => ({
      address,
      identity,
      to: holder.customerId,
      toIdentity: byIdentity,
    })),
  );
  done(dues.filter((_, place) => answers[place] === 'claimed'));
  const taken = dues.filter((_, place) => answers[place] === 'taken');
  await inParallel(taken, AT_ONCE, async (due) => {
    const { holder, command } = due;
    if (isTombstone(holder)) throw new TypeError('a tombstone claims nothing');
    await mailbox.put(claimEvent(holder, command, hashes));
    done([due]);
  });
}

async function send(dues: DueOf<'send'>[], ports: PerformPorts, done: Done): Promise<void> {
  const sendable = dues.filter(({ command }) => CHANNELS_WITH_SENDER.has(command.channel));
  if (sendable.length > 0) {
    await ports.sendQueue.enqueue(
      sendable.map(({ holder, command: { messageId, channel } }) => ({
        customerId: holder.customerId,
        messageId,
        channel,
        hops: 1,
      })),
    );
    done(sendable);
  }
  const stranded = dues.filter((due) => !sendable.includes(due));
  if (stranded.length === 0) return;
  log.warn('channel-without-sender', { sends: stranded.length });
  const at = await ports.clock.now();
  const letters = stranded.map(({ holder, command: { id, channel } }) => ({
    customerId: holder.customerId,
    eventId: id,
    reason: `misconfigured: the channel ${channel} has no sender`,
    at,
  }));
  await ports.deadLetters.set(letters);
  done(stranded);
}

async function setAlarms(dues: DueOf<'alarm'>[], { alarms }: PerformPorts, done: Done): Promise<void> {
  if (dues.length === 0) return;
  try {
    await alarms.set(dues.map(({ holder, command }) => ({ customerId: holder.customerId, at: command.at })));
  } catch (error) {
    log.error('alarms-left-to-the-sweep', error, { alarms: dues.length });
  }
  done(dues);
}
