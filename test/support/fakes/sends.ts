import type { Instant, MessageId } from '#core/ids.ts';
import type { Sends } from '#core/ports/outward.ts';
import { Faults } from './faults.ts';

interface Row {
  attemptId: string;
  firstAt: Instant;
  leaseUntil: Instant;
}

/** The sends table in memory. */
export class FakeSends implements Sends {
  readonly rows = new Map<MessageId, Row>();
  readonly #faults: Faults;

  constructor(faults: Faults = new Faults()) {
    this.#faults = faults;
  }

  claim(claim: Parameters<Sends['claim']>[0]): ReturnType<Sends['claim']> {
    return this.#faults.run('sends.claim', () => {
      const { messageId, attemptId, at, leaseUntil } = claim;
      const row = this.rows.get(messageId);
      if (row && row.attemptId !== attemptId) return { result: row.leaseUntil < at ? 'stale' : 'live', ...row };
      if (!row) this.rows.set(messageId, { attemptId, firstAt: at, leaseUntil });
      return { result: 'claimed' };
    });
  }

  takeOver(claim: Parameters<Sends['takeOver']>[0]): Promise<boolean> {
    return this.#faults.run('sends.takeOver', () => {
      const { messageId, from, attemptId, leaseUntil } = claim;
      const row = this.rows.get(messageId);
      if (!row || (row.attemptId !== from && row.attemptId !== attemptId)) return false;
      this.rows.set(messageId, { ...row, attemptId, leaseUntil });
      return true;
    });
  }

  readonly #slots = new Map<string, number>();

  takeSlot({ scenario, hour, most }: Parameters<Sends['takeSlot']>[0]): Promise<boolean> {
    return this.#faults.run('sends.takeSlot', () => {
      const key = `${scenario} ${hour}`;
      const taken = this.#slots.get(key) ?? 0;
      if (taken >= most) return false;
      this.#slots.set(key, taken + 1);
      return true;
    });
  }

  release(messageId: MessageId, attemptId: string): Promise<void> {
    return this.#faults.run('sends.release', () => {
      if (this.rows.get(messageId)?.attemptId === attemptId) this.rows.delete(messageId);
    });
  }
}
