// Woken by: a rule, every minute.
// Promises: an alarm that Scheduler lost rings a minute late at most, unless the stream itself is behind.
// On failure: throws; the next minute sweeps again from where this one stopped.
import { alarmRang } from '#core/event/alarm-rang.ts';
import { type CustomerId, type Instant, plus } from '#core/ids.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Customers } from '#core/ports/customers.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { Mailbox } from '#core/ports/mailbox.ts';
import type { Pacer } from '#core/ports/pacer.ts';
import { MINUTE } from '#core/time/duration.ts';
import { log } from '#functions/_shared/log.ts';

export interface SweepPorts {
  customers: Pick<Customers, 'due'>;
  mailbox: Mailbox;
  clock: Clock;
  hashes: Pick<Hashes, 'sha256'>;
  pacer: Pacer;
  /** Waits by the wall. */
  pause(milliseconds: number): Promise<void>;
}

/** Rings put before it is looked whether they were heard. */
const PAGE = 500;
const MOST_PAGES = 10;
const AT_ONCE = 16;
/** When to look whether rings were heard, in milliseconds: the stream brings them within a second, and over 2 s it lags. */
const LOOKS = [300, 700, 1000, 2000];

type Due = { customerId: CustomerId; alarmAt: Instant };

export function createHandler(ports: SweepPorts): () => Promise<void> {
  const { customers, mailbox, clock, hashes, pacer } = ports;
  /** Where the last sweep stopped early, so that alarms nobody can answer don't keep it from the others. */
  let resume: string | undefined;

  async function ring(due: Due[], now: Instant): Promise<void> {
    const waiting = due.values();
    const work = async () => {
      for (const { customerId, alarmAt } of waiting) await mailbox.put(alarmRang(customerId, alarmAt, now, hashes));
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, due.length) }, work));
  }

  /** Whether most of a page's rings were heard soon: else the stream lags, and more rings would only lengthen its backlog. */
  async function areHeard(rung: Due[], ask: () => ReturnType<Customers['due']>): Promise<boolean> {
    const names = new Set(rung.map(nameOf));
    for (const milliseconds of LOOKS) {
      await ports.pause(milliseconds);
      const { due } = await ask();
      if (due.filter((one) => names.has(nameOf(one))).length * 2 < rung.length) return true;
    }
    return false;
  }

  return async () => {
    const now = await clock.now();
    const until = plus(now, -MINUTE);
    let rung = 0;
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const options = { limit: PAGE, ...(resume === undefined ? {} : { next: resume }) };
      const ask = () => customers.due(until, options);
      const { due, next } = await ask();
      if (due.length > 0) {
        await pacer.take(due.length);
        await ring(due, now);
        rung += due.length;
      }
      resume = next;
      if (next === undefined) break;
      if (due.length > 0 && !(await areHeard(due, ask))) {
        log.warn('sweep-waits-for-the-stream', { rung });
        break;
      }
    }
    if (rung > 0) log.info('alarms-swept', { rung });
  };
}

const nameOf = ({ customerId, alarmAt }: Due): string => `${customerId} ${alarmAt}`;
