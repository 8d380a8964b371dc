import { randomBytes, randomUUID } from 'node:crypto';
import { openStateFile, type StateFile } from '../state-file.ts';

/** A virtual person. `stranger` never added the account: LINE doesn't know the id. */
export interface Person {
  userId: string;
  displayName: string;
  state: 'stranger' | 'friend' | 'blocked';
  createdAt: string;
}

/** One request of ours for one person, taken by the sandbox. */
export interface Delivery {
  kind: 'delivery';
  requestId: string;
  at: string;
  call: 'push' | 'multicast' | 'reply';
  to: string;
  retryKey?: string;
  /** False for who blocked the account: LINE says 200 all the same. */
  isDelivered: boolean;
  messages: unknown[];
  sentIds: string[];
}
/** What a person did on the phone. */
interface Said {
  kind: 'said';
  id: string;
  at: string;
  to: string;
  text?: string;
  sticker?: { packageId: string; stickerId: string };
}
/** A line in the middle of the chat: added, blocked, unblocked. */
interface Notice {
  kind: 'notice';
  at: string;
  to: string;
  notice: 'followed' | 'blocked' | 'unblocked' | 'tapped';
  text?: string;
}
export type Entry = Delivery | Said | Notice;

/** A webhook as it went out, and what came of each try. */
export interface SentWebhook {
  webhookEventId: string;
  userId: string;
  type: string;
  event: Record<string, unknown>;
  tries: { at: string; isRedelivery: boolean; status: number | 'timeout' | 'unreachable'; milliseconds: number }[];
}

interface State {
  people: Record<string, Person>;
  entries: Entry[];
  keys: Record<string, { requestId: string; at: string; sentIds: string[] }>;
  replyTokens: Record<string, { userId: string; at: string }>;
  webhooks: SentWebhook[];
  /** Messages a month; null = no limit. */
  quota: number | null;
  lastId: number;
}

const KEY_HOURS = 24;
const REPLY_SECONDS = 60;
/** Webhooks are kept to send them again, no longer. */
const WEBHOOKS = 500;
const TOKYO = 9 * 3_600_000;

const empty = (): State => ({
  people: {},
  entries: [],
  keys: {},
  replyTokens: {},
  webhooks: [],
  quota: null,
  lastId: 0,
});

/** Everything the sandbox remembers. Each change is kept in a file. */
export class Store {
  readonly #file: StateFile<State>;
  readonly #onChange: (userId?: string) => void;

  constructor(file: StateFile<State>, onChange: (userId?: string) => void) {
    this.#file = file;
    this.#onChange = onChange;
  }

  static async open(path: string, onChange: (userId?: string) => void): Promise<Store> {
    return new Store(await openStateFile(path, empty), onChange);
  }

  get #state(): State {
    return this.#file.state;
  }

  #changed(userId?: string): void {
    this.#file.changed();
    this.#onChange(userId);
  }

  people(): Person[] {
    return Object.values(this.#state.people);
  }

  person(userId: string): Person | undefined {
    return Object.hasOwn(this.#state.people, userId) ? this.#state.people[userId] : undefined;
  }

  /** A new person; undefined when the id is taken. */
  addPerson(displayName: string, at: Date, userId = `U${randomBytes(16).toString('hex')}`): Person | undefined {
    if (this.person(userId)) return undefined;
    const person: Person = { userId, displayName, state: 'stranger', createdAt: at.toISOString() };
    this.#state.people[userId] = person;
    this.#changed();
    return person;
  }

  setPersonState(person: Person, state: Person['state']): void {
    person.state = state;
    this.#changed(person.userId);
  }

  entries(userId?: string): Entry[] {
    return this.#state.entries.filter((entry) => userId === undefined || entry.to === userId);
  }

  deliveries(userId?: string): Delivery[] {
    return this.entries(userId).filter((entry) => entry.kind === 'delivery');
  }

  addEntry(entry: Entry): void {
    this.#state.entries.push(entry);
    this.#changed(entry.to);
  }

  /** Forgets messages, keys and webhooks; people stay. */
  clear(): void {
    Object.assign(this.#state, { entries: [], keys: {}, replyTokens: {}, webhooks: [] });
    this.#changed();
  }

  /** A number as LINE's own message ids look. */
  nextMessageId(): string {
    this.#state.lastId += 1;
    this.#file.changed();
    return `5${String(this.#state.lastId).padStart(17, '0')}`;
  }

  /** The request that was first accepted with that key, for 24 hours from then; after that the key is new. */
  acceptedWith(key: string, now: Date): { requestId: string; sentIds: string[] } | undefined {
    const found = this.#state.keys[key.toLowerCase()];
    if (!found) return undefined;
    return now.getTime() - Date.parse(found.at) < KEY_HOURS * 3_600_000 ? found : undefined;
  }

  keepKey(key: string, requestId: string, sentIds: string[], now: Date): void {
    this.#state.keys[key.toLowerCase()] = { requestId, at: now.toISOString(), sentIds };
    this.#file.changed();
  }

  newReplyToken(userId: string, now: Date): string {
    const token = randomUUID().replaceAll('-', '');
    this.#state.replyTokens[token] = { userId, at: now.toISOString() };
    this.#file.changed();
    return token;
  }

  /** Whose token it is, and spends it; undefined when spent, unknown or older than a minute. */
  spendReplyToken(token: string, now: Date): string | undefined {
    const found = Object.hasOwn(this.#state.replyTokens, token) ? this.#state.replyTokens[token] : undefined;
    delete this.#state.replyTokens[token];
    this.#file.changed();
    if (!found || now.getTime() - Date.parse(found.at) > REPLY_SECONDS * 1000) return undefined;
    return found.userId;
  }

  get quota(): number | null {
    return this.#state.quota;
  }

  set quota(limit: number | null) {
    this.#state.quota = limit;
    this.#changed();
  }

  /** Messages that count in the month of `now` (Tokyo): one a person, replies and undelivered ones not. */
  usage(now: Date): number {
    const month = monthOf(now.toISOString());
    const counts = (entry: Delivery) => entry.call !== 'reply' && entry.isDelivered && monthOf(entry.at) === month;
    return this.deliveries().filter(counts).length;
  }

  webhooks(): SentWebhook[] {
    return this.#state.webhooks;
  }

  webhook(id: string): SentWebhook | undefined {
    return this.#state.webhooks.find((sent) => sent.webhookEventId === id);
  }

  addWebhook(sent: SentWebhook): void {
    this.#state.webhooks.push(sent);
    if (this.#state.webhooks.length > WEBHOOKS) this.#state.webhooks.shift();
    this.#changed(sent.userId);
  }

  addTry(sent: SentWebhook, attempt: SentWebhook['tries'][number]): void {
    sent.tries.push(attempt);
    this.#changed(sent.userId);
  }

  flush(): Promise<void> {
    return this.#file.flush();
  }
}

const monthOf = (at: string): string => new Date(Date.parse(at) + TOKYO).toISOString().slice(0, 7);
