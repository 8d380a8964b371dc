import type { Arrival } from '#adapters/dynamodb/event-item.ts';
import { type CustomerState, type Holder, isTombstone } from '#core/customer/state.ts';
import { CrmError } from '#core/error.ts';
import type { CrmEvent, Reported } from '#core/event/event.ts';
import { eventIdOf } from '#core/event/event-id.ts';
import { receiptOf } from '#core/event/receipt.ts';
import type { CustomerId, Instant } from '#core/ids.ts';
import { carriedBy } from '#core/message/wanted.ts';
import type { CallJob, CouponJob } from '#core/ports/outside.ts';
import type { SendJob } from '#core/ports/outward.ts';
import type { Programme } from '#core/programme.ts';
import { createHandler as createAdvance } from '#functions/advance-customers/handler.ts';
import { createHandler as createRing } from '#functions/ring-alarms/handler.ts';
import { FakeAlarms } from './fakes/alarms.ts';
import { FakeCatalog } from './fakes/catalog.ts';
import { FakeClock, FakePacer } from './fakes/clock.ts';
import { FakeCustomers } from './fakes/customers.ts';
import { Faults } from './fakes/faults.ts';
import { FakeInterests } from './fakes/interests.ts';
import { FakeMailbox } from './fakes/mailbox.ts';
import { FakeProgrammeStore } from './fakes/programme-store.ts';
import { FakeDeadLetters, FakeOutsideQueue, FakeSendQueue } from './fakes/queues.ts';
import { FakeRecommendations } from './fakes/recommendations.ts';
import { FakeSurveyBook } from './fakes/survey-book.ts';
import { testHashes } from './hashes.ts';

/** Tries after which a stream or a queue counts as stuck. */
const PATIENCE = 20;

/** The functions of the loop as they are, on fakes: mailbox, stream, advance-customers, alarms, and a sender that answers at once. */
export class Loop {
  readonly faults = new Faults();
  readonly mailbox = new FakeMailbox(this.faults);
  readonly customers = new FakeCustomers(this.faults);
  readonly sends = new FakeSendQueue(this.faults);
  readonly coupons = new FakeOutsideQueue<CouponJob>(this.faults);
  readonly calls = new FakeOutsideQueue<CallJob>(this.faults);
  readonly alarms = new FakeAlarms(this.faults);
  readonly interests = new FakeInterests(this.faults);
  readonly catalog = new FakeCatalog(this.faults);
  readonly surveys = new FakeSurveyBook(this.faults);
  readonly recommendations = new FakeRecommendations(this.faults);
  readonly deadLetters = new FakeDeadLetters(this.faults);
  readonly programmes: FakeProgrammeStore;
  readonly clock: FakeClock;
  readonly pacer = new FakePacer();
  /** Every job a sender got, in order. */
  readonly jobs: SendJob[] = [];
  advance: (arrivals: Arrival[]) => Promise<void>;

  readonly #programme: Programme;

  constructor(programme: Programme, now: Instant) {
    this.#programme = programme;
    this.programmes = new FakeProgrammeStore(programme, [], this.faults);
    this.clock = new FakeClock(now);
    this.advance = this.container();
  }

  /** A new container of advance-customers: it remembers nothing. */
  container(): (arrivals: Arrival[]) => Promise<void> {
    const { mailbox, customers, sends, coupons, calls, interests, surveys, alarms, deadLetters, programmes, clock } =
      this;
    const queues = { sends, coupons, calls, deadLetters };
    return createAdvance({
      mailbox,
      customers,
      ...queues,
      interests,
      surveys,
      alarms,
      programmes,
      clock,
      hashes: testHashes,
    });
  }

  /** What a receiver does; whoever sent it comes again until it is taken. */
  async receive(...told: Reported[]): Promise<CrmEvent[]> {
    const events = told.map((one) => receiptOf(one, this.clock.at, testHashes));
    for (const event of events) await again(() => this.mailbox.put(event));
    return events;
  }

  /** Everything that follows, until nothing moves; a batch that throws comes again, to a new container. */
  async settle(options: { batch?: number } = {}): Promise<void> {
    const { batch = 10 } = options;
    for (;;) {
      const arrivals = this.mailbox.drain();
      const jobs = this.sends.drain();
      if (arrivals.length === 0 && jobs.length === 0) return;
      for (let from = 0; from < arrivals.length; from += batch) {
        const part = arrivals.slice(from, from + batch);
        const renew = () => {
          this.advance = this.container();
        };
        await again(() => this.advance(part), renew);
      }
      for (const job of jobs) await this.#answer(job);
    }
  }

  /** Turns the clock, ringing every alarm at its minute. */
  async turnTo(until: Instant): Promise<void> {
    const ring = createRing({
      mailbox: this.mailbox,
      clock: this.clock,
      hashes: testHashes,
      pacer: this.pacer,
    });
    for (let rings = this.alarms.ring(until); rings.length > 0; rings = this.alarms.ring(until)) {
      for (const body of rings) {
        if (body.dueAt > this.clock.at) this.clock.turnTo(body.dueAt);
        await again(async () => {
          const failed = await ring([{ id: 'm1', body, receiveCount: 1 }]);
          if (failed.length > 0) throw new CrmError('unavailable', 'comes again');
        });
        await this.settle();
      }
    }
    this.clock.turnTo(until);
  }

  /** The state that speaks for an identity. */
  stateOf(identity: string): CustomerState {
    let holder: Holder | undefined = this.customers.rows.get(testHashes.address(identity));
    for (let hops = 0; holder && isTombstone(holder) && hops < 9; hops++) holder = this.customers.rows.get(holder.to);
    if (!holder || isTombstone(holder)) throw new Error(`nobody answers for ${identity}`);
    return holder;
  }

  async #answer(job: SendJob): Promise<void> {
    this.jobs.push(job);
    const { customerId, messageId, channel } = job;
    const at = this.clock.at;
    const owner = this.customers.rows.get(this.#owner(customerId));
    const mail = owner && !isTombstone(owner) ? owner.pending[messageId] : undefined;
    const riders = mail ? carriedBy(owner as CustomerState, mail, undefined, at, this.#programme) : [];
    const carried = riders.length > 0 ? { with: riders.map((rider) => rider.messageId) } : {};
    const event = {
      type: 'message.sent',
      eventId: eventIdOf(testHashes, 'message.sent', at, messageId),
      customerId: this.#owner(customerId),
      occurredAt: at,
      receivedAt: at,
      source: 'test',
      identities: {},
      hops: 0,
      data: { messageId, channel, ...carried },
    } as CrmEvent;
    await again(() => this.mailbox.put(event));
  }

  #owner(id: CustomerId): CustomerId {
    const holder = this.customers.rows.get(id);
    return holder && isTombstone(holder) ? this.#owner(holder.to) : id;
  }
}

async function again<T>(call: () => Promise<T>, before: () => void = () => undefined): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (tries === PATIENCE || !(error instanceof CrmError)) throw error;
      before();
    }
  }
}
