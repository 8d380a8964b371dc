import { plus } from '#core/ids.ts';
import type { SendJob } from '#core/ports/outward.ts';
import type { Template } from '#core/programme.ts';
import { createHandler as createUnsubscribe } from '#functions/answer-unsubscribe/handler.ts';
import { createHandler as createSendEmail } from '#functions/send-email/handler.ts';
import { createHandler as createSendLine } from '#functions/send-line/handler.ts';
import { FakeLinePusher, FakeMailer } from './fakes/providers.ts';
import { FakeSends } from './fakes/sends.ts';
import { testHashes } from './hashes.ts';
import type { Loop } from './loop.ts';

export const LINK_KEYS = [{ id: 'k1', secret: 'a signing key of the tests' }];

/** A template that says who and what, for both channels. */
export const templateOf = (id: string): Template => ({
  id,
  version: 1,
  mail: {
    subject: '{{ customer.name | default: "お客" }}さまへ',
    preheader: '',
    html: '<p>{{ trigger.order.items[0].name }}</p><a href="{{ links.unsubscribe }}">停止</a>',
    text: '{{ trigger.order.items[0].name }} {{ links.unsubscribe }}',
  },
  line: { messages: [{ type: 'text', text: '{{ customer.name }}さま、{{ trigger.order.items[0].name }}' }] },
});

/** The real senders on fakes, beside a loop whose own stand-in they replace. */
export class PostOffice {
  readonly mailer = new FakeMailer();
  readonly line = new FakeLinePusher();
  readonly claims: FakeSends;
  readonly unsubscribe: ReturnType<typeof createUnsubscribe>;
  readonly #loop: Loop;
  #receipts = 0;

  constructor(loop: Loop) {
    this.#loop = loop;
    this.claims = new FakeSends(loop.faults);
    const { mailbox, clock } = loop;
    this.unsubscribe = createUnsubscribe({
      mailbox,
      clock,
      hashes: async () => testHashes,
      linkKeys: async () => LINK_KEYS,
    });
  }

  /** Hands jobs to the senders as their queues do; returns those that stay on the queue. */
  async deliver(jobs: SendJob[]): Promise<SendJob[]> {
    const { customers, mailbox, programmes, catalog, recommendations, surveys, clock } = this.#loop;
    const ports = {
      customers,
      mailbox,
      programmes,
      catalog,
      recommendations,
      surveys,
      clock,
      hashes: testHashes,
      sends: this.claims,
    };
    const links = { linkKeys: async () => LINK_KEYS, publicUrl: 'https://api.example.jp' };
    const email = createSendEmail({ ...ports, ...links, mailer: this.mailer });
    const line = createSendLine({ ...ports, ...links, line: this.line });
    const left: SendJob[] = [];
    for (const body of jobs) {
      const message = { id: `m${this.#receipts++}`, body, receiveCount: 1 };
      const again = await (body.channel === 'line' ? line : email)([message]);
      if (again.length > 0) left.push(body);
    }
    return left;
  }

  /** Everything that follows, until nothing moves or only what waits for a lease is left. */
  async settle(): Promise<SendJob[]> {
    let waiting: SendJob[] = [];
    for (;;) {
      const arrivals = this.#loop.mailbox.drain();
      if (arrivals.length > 0) await this.#loop.advance(arrivals);
      const jobs = this.#loop.sends.drain();
      if (arrivals.length === 0 && jobs.length === 0) return waiting;
      waiting = [...waiting, ...(await this.deliver(jobs))];
    }
  }

  /** The lease of a claim nobody settled runs out. */
  leaseIsOver(): void {
    this.#loop.clock.turnTo(plus(this.#loop.clock.at, 11 * 60_000));
  }
}
