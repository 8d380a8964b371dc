import { fold, type Once } from '../advance.ts';
import type { Command, StoredEvent } from '../customer/command.ts';
import { NEVER } from '../customer/fresh.ts';
import { orderKey } from '../customer/orders.ts';
import { claimEvent } from '../customer/outbox.ts';
import { type CustomerState, type Holder, isTombstone, STATE_SCHEMA } from '../customer/state.ts';
import type { CrmEvent, Reported } from '../event/event.ts';
import { type CustomerId, type Instant, later, type MessageId, plus } from '../ids.ts';
import { factsOfPending } from '../message/outcome.ts';
import { addressOf, carriedBy, judgeSend } from '../message/wanted.ts';
import type { Hashes } from '../ports/hashes.ts';
import type { Programme } from '../programme.ts';
import { type Answering, answersTo } from './answers.ts';
import { answerOf } from './outside.ts';
import { Passages } from './passages.ts';
import type { Tally } from './tally.ts';
import { Timers } from './timers.ts';
import { Writer } from './writer.ts';

/** What every simulated life has in common. */
export interface Age {
  programme: Programme;
  hashes: Hashes;
  tally: Tally;
  /** What was before is remembered, and not counted. */
  from: Instant;
  /** Nothing after it happens. */
  to: Instant;
  /** Absent: nobody opens or clicks. */
  answering?: Answering | undefined;
  /** Sees everything that lands in the history. */
  watch?: (event: CrmEvent) => void;
}

type Send = Extract<Command, { kind: 'send' }>;

/**
 * The whole loop for people who share no identity with anybody else: their mailboxes, alarms and messages, in order of time, on states it owns.
 * Every send is taken by its provider at once.
 */
export class Life {
  readonly holders = new Map<CustomerId, Holder>();
  /** Messages sent, and messages that had to wait. */
  messages = 0;
  held = 0;
  readonly #age: Age;
  readonly #timers = new Timers<CrmEvent>();
  readonly #arrivals: CrmEvent[] = [];
  readonly #jobs: { mailbox: CustomerId; send: Send }[] = [];
  readonly #orders = new Set<string>();
  readonly #held = new Set<MessageId>();
  readonly #passages: Passages;
  readonly #writer: Writer;
  readonly #sentTo = new Map<CustomerId, number>();
  #now: Instant;
  #attempts = 0;
  /** The event that is being folded. */
  #open: CrmEvent | undefined;
  readonly #once: Once = { next: (holder) => this.#next(holder) };

  constructor(age: Age) {
    this.#age = age;
    this.#now = NEVER;
    this.#passages = new Passages(age.tally);
    this.#writer = new Writer(age.hashes, age.watch !== undefined);
  }

  /** Ways left before their end. */
  get exited(): number {
    return this.#passages.exited;
  }

  /** Lives through what is told, in order of time, and on to the end of the age. Call once. */
  live(told: Iterable<Reported>): this {
    const { from, to } = this.#age;
    for (const one of told) {
      if (one.occurredAt > to) break;
      this.turnTo(one.occurredAt);
      this.#age.tally.events++;
      this.#age.tally.types.add(one.type);
      if (one.type === 'order.changed' && one.data.order.placedAt >= from)
        this.#orders.add(orderKey(one.shop ?? '', one.data.order.id));
      this.#arrivals.push(this.#writer.told(one, this.#now));
      this.#settle();
    }
    this.turnTo(to);
    this.#close();
    return this;
  }

  /** Every alarm and answer on the way, each at its own time. */
  turnTo(until: Instant): void {
    for (let timer = this.#timers.next; timer && timer.at <= until; timer = this.#timers.next) {
      this.#timers.take();
      const { at, mailbox, event } = timer;
      if (!event && !this.#isAlarmed(mailbox, at)) continue;
      this.#now = later(this.#now, at);
      this.#arrivals.push(event ?? this.#writer.rang(mailbox, at, this.#now));
      this.#settle();
    }
    this.#now = later(this.#now, until);
  }

  /** An alarm that was moved meanwhile rings no more. */
  #isAlarmed(mailbox: CustomerId, at: Instant): boolean {
    const holder = this.holders.get(mailbox);
    return holder !== undefined && !isTombstone(holder) && holder.alarmAt === at;
  }

  /** Until nothing moves: events first, then what is to be sent. */
  #settle(): void {
    for (;;) {
      const event = this.#arrivals.shift();
      if (event) {
        this.#advance(event);
        continue;
      }
      const job = this.#jobs.shift();
      if (!job) return;
      this.#send(job.mailbox, job.send);
    }
  }

  #advance(event: CrmEvent): void {
    const { programme, hashes, tally } = this.#age;
    const { customerId } = event;
    const before = this.holders.get(customerId);
    const alarmAt = before && !isTombstone(before) ? before.alarmAt : undefined;
    let holder: Holder;
    this.#open = event;
    try {
      ({ holder } = fold(before, customerId, [event], programme, hashes, this.#once));
    } catch {
      tally.refused++;
      return;
    }
    if (isTombstone(holder)) return;
    this.#empty(holder);
    if (holder.alarmAt !== undefined && holder.alarmAt !== alarmAt)
      this.#timers.set({ at: holder.alarmAt, mailbox: customerId });
  }

  /** After each event of a fold: what it asks for is done, and what that brings to the same mailbox at once is folded with it. */
  #next(holder: Holder): CrmEvent | undefined {
    const event = this.#open!;
    this.#open = undefined;
    const { customerId } = event;
    this.holders.set(customerId, holder);
    this.#age.watch?.(event);
    this.#empty(holder);
    if (isTombstone(holder)) return undefined;
    this.#passages.look(holder, event.type === 'identity.merged');
    if (this.#arrivals.length === 0) {
      const job = this.#jobs.shift();
      if (job) this.#send(job.mailbox, job.send);
    }
    if (this.#arrivals[0]?.customerId !== customerId) return undefined;
    this.#open = this.#arrivals.shift();
    return this.#open;
  }

  #empty(holder: Holder): void {
    const { outbox } = holder;
    let isEmpty = true;
    for (const id in outbox) {
      if (isEmpty) holder.outbox = NOTHING_TO_DO();
      isEmpty = false;
      this.#perform(holder, outbox[id]!);
    }
  }

  #perform(holder: Holder, command: Command): void {
    switch (command.kind) {
      case 'send':
        this.#jobs.push({ mailbox: holder.customerId, send: command });
        break;
      case 'alarm':
        break;
      case 'coupon':
      case 'call':
        this.#arrivals.push(answerOf(holder.customerId, command, this.#now, this.#age.hashes));
        break;
      case 'claim':
        this.#claim(holder as CustomerState, command);
        break;
      case 'repoint': {
        const item = this.holders.get(command.address);
        if (!item || !isTombstone(item) || item.to !== command.from) break;
        item.to = command.to;
        item.toIdentity = command.toIdentity;
        item.version++;
        break;
      }
      case 'put':
        this.#arrivals.push(toEvent(command.event));
        break;
      case 'record':
        this.#tell(command.event);
        break;
    }
  }

  #claim(owner: CustomerState, command: Extract<Command, { kind: 'claim' }>): void {
    if (this.holders.has(command.address)) {
      this.#arrivals.push(toEvent(claimEvent(owner, command, this.#age.hashes)));
      return;
    }
    this.holders.set(command.address, {
      schema: STATE_SCHEMA,
      kind: 'tombstone',
      customerId: command.address,
      identity: command.identity,
      version: 1,
      to: owner.customerId,
      toIdentity: command.byIdentity,
      stop: {},
      applied: [],
      outbox: {},
    });
  }

  #tell(event: StoredEvent): void {
    const { messageId } = event.data as { messageId?: MessageId };
    const isFirst = event.type !== 'message.held' || messageId === undefined || !this.#held.has(messageId);
    if (event.type === 'message.held' && messageId !== undefined) this.#held.add(messageId);
    this.held = this.#held.size;
    this.#age.tally.told(event, isFirst);
    this.#age.watch?.(toEvent(event));
  }

  /** What a sender does: asks once more, and has it taken. */
  #send(mailbox: CustomerId, { messageId, channel }: Send): void {
    const { programme, tally, answering, hashes } = this.#age;
    const holder = this.#ownerOf(mailbox);
    if (!holder) return;
    const address = addressOf(holder, messageId, channel);
    const item = address === undefined ? undefined : this.holders.get(address);
    const answer = judgeSend(holder, messageId, channel, item, this.#now, programme);
    if (answer.kind === 'gone') return;
    const { customerId } = holder;
    if (answer.kind === 'return') {
      const { reason, notBefore } = answer;
      const nonce = `${messageId}${this.#attempts++}`;
      const facts = { messageId, channel, reason, ...(notBefore ? { notBefore } : {}) };
      this.#arrivals.push(this.#writer.own(customerId, 'message.returned', this.#now, facts, nonce));
      return;
    }
    const riders = carriedBy(holder, answer.pending, item, this.#now, programme);
    const carried = riders.length > 0 ? { with: riders.map((rider) => rider.messageId) } : {};
    tally.sent(answer.pending, channel, this.#now);
    this.messages++;
    this.#sentTo.set(customerId, (this.#sentTo.get(customerId) ?? 0) + 1);
    this.#arrivals.push(
      this.#writer.own(
        customerId,
        'message.sent',
        this.#now,
        { ...factsOfPending(answer.pending), ...carried },
        messageId,
      ),
    );
    if (!answering) return;
    for (const { type, after } of answersTo(messageId, channel, answering, hashes)) {
      const at = plus(this.#now, after);
      const event = this.#writer.own(customerId, type, at, { messageId, channel }, messageId);
      this.#timers.set({ at, mailbox: customerId, event });
    }
  }

  /** Whose a mailbox is now, tombstones followed. */
  #ownerOf(mailbox: CustomerId): CustomerState | undefined {
    let holder = this.holders.get(mailbox);
    for (let hops = 0; holder && isTombstone(holder) && hops < 9; hops++) holder = this.holders.get(holder.to);
    return holder && !isTombstone(holder) ? holder : undefined;
  }

  #close(): void {
    const { tally } = this.#age;
    this.#passages.close();
    tally.orders += this.#orders.size;
    const messages = new Map<CustomerId, number>();
    for (const [id, sent] of this.#sentTo) {
      const owner = this.#ownerOf(id)?.customerId ?? id;
      messages.set(owner, (messages.get(owner) ?? 0) + sent);
    }
    for (const [id, holder] of this.holders) {
      if (holder.kind === 'customer') tally.customer(messages.get(id) ?? 0);
    }
  }
}

/** An object without a shape of its own: names that come once each would make one shape after the other. */
const NOTHING_TO_DO = (): Holder['outbox'] => Object.create(null);

const toEvent = (stored: StoredEvent): CrmEvent => stored as unknown as CrmEvent;
