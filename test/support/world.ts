import { advance } from '#core/advance.ts';
import { INTERESTS, type Interest } from '#core/catalog/interest.ts';
import { type Product, putVariants, type Variant } from '#core/catalog/product.ts';
import type { Command, StoredEvent } from '#core/customer/command.ts';
import { claimEvent, dropPerformed } from '#core/customer/outbox.ts';
import { type CustomerState, type Holder, isTombstone, STATE_SCHEMA } from '#core/customer/state.ts';
import type { Channel, CrmEvent, Reported } from '#core/event/event.ts';
import { eventIdOf } from '#core/event/event-id.ts';
import { identitiesOf } from '#core/event/identity.ts';
import { asEventId, type CustomerId, type Instant, type MessageId, plus } from '#core/ids.ts';
import type { Pending } from '#core/message/pending.ts';
import { addressOf, carriedBy, wanted } from '#core/message/wanted.ts';
import type { Programme } from '#core/programme.ts';
import { frozen } from './frozen.ts';
import { testHashes } from './hashes.ts';

/** A message that really went out. */
export interface Sent {
  messageId: MessageId;
  at: Instant;
  channel: Channel;
  to: string;
  step: string;
  scenario: string;
  /** What rode along in its mail. */
  carried: { messageId: MessageId; step: string; scenario: string }[];
}

/** What can go wrong, each 0-1 per I/O; all 0 = a calm world. */
export interface Weather {
  random: () => number;
  /** A process dies before an I/O (half of the time its last call still lands, late). */
  death: number;
  throttle: number;
  /** A webhook or queue message comes twice. */
  twice: number;
  /** The provider took it, but the answer is lost. */
  lostAnswer: number;
}

const TOO_FEW = { reason: 'too-few-recommendations', notBefore: undefined } as const;

type Io<T = unknown> = () => T;
type Process = Generator<Io, void, unknown>;

const LEASE = 10 * 60_000;

/**
 * The loop in memory: mailbox, stream, the one writer, claims and senders, with core as it is. Every I/O is one step of a process,
 * so that a process can die before it, be throttled at it, or see it land late.
 */
export class World {
  readonly events = new Map<string, CrmEvent>();
  readonly holders = new Map<CustomerId, Holder>();
  readonly sent: Sent[] = [];
  readonly deadLetters: { event: CrmEvent; error: unknown }[] = [];
  now: Instant;
  programme: Programme;
  /** What was answered to surveys. */
  readonly answers: Extract<Command, { kind: 'answer' }>[] = [];
  /** What the senders find in the catalogue. */
  readonly products = new Map<string, Product>();
  /** Codes left, by pool; a pool that is not here never runs dry. */
  readonly pools: Record<string, string[]> = {};
  /** The shop's systems: what they answer, or nothing. */
  shop: (webhook: string) => { isOk: boolean; answer?: Record<string, unknown> } | undefined = () => ({ isOk: true });
  /** Who is interested in what: rows of the catalogue, by their key. */
  readonly interests = new Map<string, Interest>();
  /** Calls that were made, each once. */
  readonly calls: string[] = [];
  /** How many products there are to recommend. */
  recommendable = 100;
  readonly #issued = new Map<string, string>();
  readonly #stream: CrmEvent[] = [];
  readonly #jobs: { customerId: CustomerId; messageId: MessageId; channel: Channel }[] = [];
  readonly #claims = new Map<MessageId, { attempt: number; until: Instant }>();
  readonly #performed = new Set<string>();
  readonly #weather: Weather | undefined;
  readonly #waiting: { customerId: CustomerId; messageId: MessageId; channel: Channel }[] = [];
  #attempts = 0;

  constructor(programme: Programme, now: Instant, weather?: Weather) {
    this.programme = programme;
    this.now = now;
    this.#weather = weather;
  }

  /** What a receiver does: address, id, one conditional put. */
  receive(told: Reported, receivedAt: Instant = this.now): CrmEvent {
    const identity = identitiesOf(told)[0]!;
    const { nonce, ...rest } = told;
    const event = {
      ...rest,
      customerId: testHashes.address(identity),
      eventId: eventIdOf(testHashes, told.type, told.occurredAt, nonce),
      receivedAt,
      hops: 0,
    } as CrmEvent;
    this.#put(event);
    return event;
  }

  /** What one of our own functions puts into a mailbox. */
  post(event: CrmEvent): void {
    this.#put(event);
  }

  /** Everything that happens at once when these come in now, until nothing moves. */
  tell(...told: Reported[]): this {
    for (const one of told) this.receive(one);
    this.drain();
    return this;
  }

  /** The shop puts a variant as it now is. */
  stock(variant: Variant): this {
    this.products.set(variant.id, putVariants(this.products.get(variant.id), variant.id, [variant], this.now));
    return this;
  }

  /** Turns the clock to `until`, ringing every alarm on the way at its own minute. */
  turnTo(until: Instant): this {
    for (let rings = 0; rings < 5_000; rings++) {
      const due = [...this.holders.values()].filter(
        (h): h is CustomerState => !isTombstone(h) && h.alarmAt !== undefined && h.alarmAt <= until,
      );
      const next = due.map((h) => h.alarmAt!).sort()[0];
      if (next === undefined) break;
      if (next > this.now) this.now = next;
      for (const holder of due) if (holder.alarmAt! <= this.now) this.ring(holder.customerId);
      this.drain();
    }
    this.now = until;
    return this;
  }

  ring(customerId: CustomerId): void {
    const minute = this.now.slice(0, 16);
    this.#put({
      type: 'alarm.rang',
      customerId,
      eventId: asEventId(`${this.now}#${testHashes.sha256(`ring ${customerId} ${minute}`).slice(0, 16)}`),
      occurredAt: this.now,
      receivedAt: this.now,
      source: 'enishi',
      identities: {},
      hops: 0,
      data: { dueAt: this.now },
    });
  }

  /** The state that speaks for an identity, tombstones followed. */
  stateOf(identity: string): CustomerState {
    let holder = this.holders.get(testHashes.address(identity));
    for (let hops = 0; holder && isTombstone(holder) && hops < 9; hops++) holder = this.holders.get(holder.to);
    if (!holder || isTombstone(holder)) throw new Error(`nobody answers for ${identity}`);
    return holder;
  }

  /** Rows of a person's history of one type, as `step reason`. */
  told(identity: string, type: string): string[] {
    const { customerId, histories } = this.stateOf(identity);
    return [...this.events.values()]
      .filter((e) => e.type === type && [customerId, ...histories].includes(e.customerId))
      .sort((a, b) => (a.eventId < b.eventId ? -1 : 1))
      .map((e) => {
        const data = e.data as { step?: string; reason?: string };
        return `${data.step ?? ''} ${data.reason ?? ''}`.trim();
      });
  }

  /** What went out, as `step@date hour channel`. */
  get mail(): string[] {
    return this.sent.map(
      (s) =>
        `${s.step} ${plus(s.at, 9 * 3_600_000)
          .slice(0, 16)
          .replace('T', ' ')} ${s.channel}`,
    );
  }

  /** Calm: every process runs to its end, in order. Throws what production would log. */
  drain(): void {
    for (let turns = 0; turns < 20_000; turns++) {
      const process = this.nextProcess();
      if (!process) return;
      runThrough(process.run);
    }
    throw new Error('the world does not come to rest');
  }

  /** The next process that has something to do, if any. Its input is taken; `giveBack` puts it back. */
  nextProcess(pick: number = 0): { run: Process; giveBack: () => void } | undefined {
    const streams = this.#stream.length > 0;
    const jobs = this.#jobs.length > 0;
    if (streams && (!jobs || pick < 0.7)) {
      const batch = this.#stream.splice(0, 1 + Math.floor(pick * 4));
      return { run: this.#consume(batch), giveBack: () => this.#stream.unshift(...batch) };
    }
    if (!jobs) return undefined;
    const [job] = this.#jobs.splice(Math.floor(pick * this.#jobs.length), 1);
    return { run: this.#send(job!), giveBack: () => this.#jobs.push(job!) };
  }

  get isQuiet(): boolean {
    return this.#stream.length === 0 && this.#jobs.length === 0;
  }

  /** A way back from the dead letters, or a stream that tells again. */
  again(event: CrmEvent): void {
    this.#stream.push(structuredClone(event));
  }

  /** Leases run out once nothing moves any more; says whether that woke anybody. */
  settleLeases(): boolean {
    const waiting = this.#waiting.splice(0);
    if (waiting.length === 0) return false;
    for (const job of waiting) {
      const claim = this.#claims.get(job.messageId);
      if (claim) claim.until = this.now;
    }
    this.#jobs.push(...waiting);
    return true;
  }

  /** The stream or a queue tells something a second time. */
  repeat(pick: number): void {
    const all = [...this.events.values()].filter((event) => !event.record);
    const event = all[Math.floor(pick * all.length)];
    if (event) this.again(event);
  }

  /** A new container: nobody remembers what was performed. */
  forgetPerformed(): void {
    this.#performed.clear();
  }

  *#consume(batch: CrmEvent[]): Process {
    const byCustomer = new Map<CustomerId, CrmEvent[]>();
    for (const event of batch) byCustomer.set(event.customerId, [...(byCustomer.get(event.customerId) ?? []), event]);
    for (const [id, events] of byCustomer) yield* this.#advance(id, events);
  }

  *#advance(id: CustomerId, events: CrmEvent[]): Process {
    for (;;) {
      const loaded = (yield () => structuredClone(this.holders.get(id))) as Holder | undefined;
      const expected = loaded?.version ?? 0;
      if (loaded) {
        const known = new Set<string>();
        for (const command of Object.values(loaded.outbox)) {
          const key = `${id} ${command.id} ${command.since}`;
          if (!this.#performed.has(key)) yield* this.#perform(loaded, command);
          known.add(command.id);
        }
        dropPerformed(loaded, known);
      }
      const advanced = advance(frozen(loaded), id, frozen(events), this.programme, testHashes);
      for (const letter of advanced.refused) this.deadLetters.push(letter);
      const answers = new Map<string, boolean>();
      if (advanced.changed) {
        const isWritten = yield () => {
          const written = this.#commit(id, advanced.holder, expected);
          for (const command of Object.values(advanced.holder.outbox)) {
            if (command.kind === 'claim')
              answers.set(command.id, this.#claimIdentity(advanced.holder as CustomerState, command));
          }
          return written;
        };
        if (!isWritten) continue;
      }
      for (const command of Object.values(advanced.holder.outbox)) {
        if (!this.#performed.has(`${id} ${command.id} ${command.since}`))
          yield* this.#perform(advanced.holder, command, answers.get(command.id));
      }
      return;
    }
  }

  *#perform(holder: Holder, command: Command, isClaimed?: boolean): Process {
    const { customerId } = holder;
    switch (command.kind) {
      case 'send':
        yield () => this.#jobs.push({ customerId, messageId: command.messageId, channel: command.channel });
        break;
      case 'alarm':
        break;
      case 'answer':
        yield () => this.answers.push(command);
        break;
      case 'coupon': {
        const code = yield () => this.#codeFor(command);
        if (code)
          yield () => this.#answer(customerId, 'coupon.issued', command, { coupon: { code, pool: command.pool } });
        break;
      }
      case 'interest': {
        const { key, interest: kind, at, firstAt, isWithdrawn } = command;
        const ids = [customerId, ...(isWithdrawn && !isTombstone(holder) ? holder.histories : [])];
        for (const id of ids) {
          const row = `${key} ${INTERESTS.indexOf(kind)} ${id}`;
          yield () =>
            isWithdrawn
              ? this.interests.delete(row)
              : this.interests.set(row, { key, kind, customerId: id, at, ...(firstAt ? { firstAt } : {}) });
        }
        break;
      }
      case 'call': {
        const answer = yield () => this.#called(command);
        if (answer) yield () => this.#answer(customerId, 'call.answered', command, answer);
        break;
      }
      case 'claim': {
        const isNew = isClaimed ?? (yield () => this.#claimIdentity(holder as CustomerState, command));
        if (!isNew) yield () => this.#put(toEvent(claimEvent(holder as CustomerState, command, testHashes)));
        break;
      }
      case 'repoint':
        yield () => this.#repoint(command);
        break;
      case 'put':
      case 'record':
        yield () => this.#put(toEvent(command.event));
        break;
    }
    this.#performed.add(`${customerId} ${command.id} ${command.since}`);
  }

  *#send(job: { customerId: CustomerId; messageId: MessageId; channel: Channel }): Process {
    const attempt = ++this.#attempts;
    let id = job.customerId;
    let holder = (yield () => structuredClone(this.holders.get(id))) as Holder | undefined;
    for (let hops = 0; holder && isTombstone(holder) && hops < 4; hops++) {
      id = holder.to;
      holder = (yield () => structuredClone(this.holders.get(id))) as Holder | undefined;
    }
    if (!holder || isTombstone(holder)) return;
    const address = addressOf(holder, job.messageId, job.channel);
    const item = address && ((yield () => structuredClone(this.holders.get(address))) as Holder | undefined);
    const answer = wanted(holder, job.messageId, job.channel, item, this.now, this.programme, this.products);
    if (answer.kind === 'gone') return;
    const owner = id;
    const few = answer.kind === 'send' && this.recommendable < (answer.pending.recommend?.min ?? 0);
    if (few || answer.kind === 'return') {
      const { reason, notBefore = undefined } = answer.kind === 'return' ? answer : TOO_FEW;
      yield () =>
        this.#put(
          this.#message(owner, 'message.returned', job, `${attempt}`, { reason, ...(notBefore ? { notBefore } : {}) }),
        );
      return;
    }
    const claim = yield () => this.#claimSend(job.messageId, attempt);
    if (claim === 'live') {
      this.#waiting.push(job);
      return;
    }
    let carried = this.sent.find((s) => s.messageId === job.messageId)?.carried.map((one) => one.messageId) ?? [];
    if (claim === 'claimed') {
      const riders: Pending[] = [];
      for (const rider of carriedBy(holder, answer.pending, item || undefined, this.now, this.programme)) {
        if ((yield () => this.#claimSend(rider.messageId, attempt)) === 'claimed') riders.push(rider);
      }
      carried = riders.map((rider) => rider.messageId);
      yield () => {
        if (job.channel === 'line' && this.sent.some((s) => s.messageId === job.messageId)) return;
        this.sent.push({
          messageId: job.messageId,
          at: this.now,
          channel: job.channel,
          to: answer.to,
          step: answer.pending.step,
          scenario: answer.pending.scenario,
          carried: riders.map(({ messageId, step, scenario }) => ({ messageId, step, scenario })),
        });
      };
      if (this.#weather && this.#weather.random() < this.#weather.lostAnswer) {
        this.#waiting.push(job);
        return;
      }
    }
    yield () => this.#put(this.#message(owner, 'message.sent', job, '', carried.length > 0 ? { with: carried } : {}));
  }

  #claimSend(messageId: MessageId, attempt: number): 'claimed' | 'live' | 'settled' {
    const known = this.#claims.get(messageId);
    const isLive = known && known.until > this.now;
    if (isLive) return 'live';
    const isSent = ({ messageId: id, carried }: Sent) =>
      id === messageId || carried.some((one) => one.messageId === messageId);
    if (known && this.sent.some(isSent)) return 'settled';
    this.#claims.set(messageId, { attempt, until: plus(this.now, LEASE) });
    return 'claimed';
  }

  #message(
    to: CustomerId,
    type: 'message.sent' | 'message.returned',
    job: { messageId: MessageId; channel: Channel },
    nonce: string,
    more: object,
  ): CrmEvent {
    return {
      type,
      customerId: to,
      eventId: eventIdOf(testHashes, type, this.now, job.messageId + nonce),
      occurredAt: this.now,
      receivedAt: this.now,
      source: 'enishi',
      identities: {},
      hops: 0,
      data: { messageId: job.messageId, channel: job.channel, ...more },
    } as CrmEvent;
  }

  /** The same code for the same wish; none when the pool is empty. */
  #codeFor({ id, pool }: Extract<Command, { kind: 'coupon' }>): string | undefined {
    const known = this.#issued.get(id);
    if (known !== undefined) return known;
    const left = this.pools[pool];
    const code = left === undefined ? `${pool}-${this.#issued.size + 1}`.toUpperCase() : left.shift();
    if (code !== undefined) this.#issued.set(id, code);
    return code;
  }

  /** Told twice, the shop does it once and says the same again. */
  #called(call: Extract<Command, { kind: 'call' }>): object | undefined {
    const answer = this.shop(call.webhook);
    if (!this.calls.includes(call.id)) this.calls.push(call.id);
    return answer && { webhook: call.webhook, ...answer };
  }

  #answer(
    to: CustomerId,
    type: 'coupon.issued' | 'call.answered',
    { id, enrolment, step, hops }: Extract<Command, { kind: 'coupon' | 'call' }>,
    data: object,
  ): void {
    if ([...this.events.values()].some((event) => event.type === type && event.eventId.endsWith(nonceOf(id)))) return;
    this.#put({
      type,
      customerId: to,
      eventId: asEventId(`${this.now}#${nonceOf(id)}`),
      occurredAt: this.now,
      receivedAt: this.now,
      source: 'enishi',
      identities: {},
      hops: hops + 1,
      data: { ...data, enrolment, step },
    } as unknown as CrmEvent);
  }

  #commit(id: CustomerId, holder: Holder, expected: number): boolean {
    if ((this.holders.get(id)?.version ?? 0) !== expected) return false;
    this.holders.set(id, structuredClone(holder));
    return true;
  }

  #claimIdentity(owner: CustomerState, command: Extract<Command, { kind: 'claim' }>): boolean {
    if (this.holders.has(command.address)) return false;
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
    return true;
  }

  #repoint(command: Extract<Command, { kind: 'repoint' }>): void {
    const item = this.holders.get(command.address);
    if (!item || !isTombstone(item) || item.to !== command.from) return;
    item.to = command.to;
    item.toIdentity = command.toIdentity;
    item.version++;
  }

  #put(event: CrmEvent): void {
    const key = `${event.customerId} ${event.eventId}`;
    if (this.events.has(key)) return;
    this.events.set(key, structuredClone(event));
    if (!event.record) this.#stream.push(structuredClone(event));
  }
}

const nonceOf = (id: string): string => testHashes.sha256(id).slice(0, 16);
const toEvent = (stored: StoredEvent): CrmEvent => stored as unknown as CrmEvent;

function runThrough(process: Process): void {
  let step = process.next();
  while (!step.done) step = process.next(step.value());
}
