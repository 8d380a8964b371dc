import type { Channel, CrmEvent, MessageFacts } from '../event/event.ts';
import type { CustomerId, Instant, MessageId } from '../ids.ts';
import type { Programme, Template } from '../programme.ts';
import type { Survey } from '../survey/survey.ts';

/** One waiting send, as it lies on a queue: no personal data. */
export interface SendJob {
  customerId: CustomerId;
  messageId: MessageId;
  channel: Channel;
  /** The item of the address it would go to, so that customer and address are read in one call. */
  address?: CustomerId;
  hops: number;
}

/** The queues to the senders. Errors: throttled | unavailable | timeout. */
export interface SendQueue {
  enqueue(jobs: SendJob[]): Promise<void>;
}

/** Wakes customers: EventBridge Scheduler, or the alarm queue's delay under 15 minutes. */
export interface Alarms {
  /** Create-only; the same customer and minute twice is one alarm. A failure needs no retry: the sweep is the retry. */
  set(alarms: { customerId: CustomerId; at: Instant }[]): Promise<void>;
}

/** Where a receiver puts what the mailbox would not take: it answers 202 all the same. */
export interface IntakeQueue {
  enqueue(events: CrmEvent[]): Promise<void>;
}

/** An event that core refused (a bug), kept with the reason and a way back. */
export interface DeadLetters {
  set(letters: { customerId: CustomerId; eventId: string; reason: string; at: Instant }[]): Promise<void>;
}

/** The claim that makes a send happen once (`sends` table, one write an attempt). */
export interface Sends {
  /**
   * `claimed`: ours now, until `leaseUntil`. `live`: another attempt holds it (`leaseUntil` is its).
   * `stale`: an attempt's lease is over and nobody settled it; `firstAt` tells how old the first claim is.
   * A retry that meets its own attemptId is `claimed`.
   */
  claim(claim: {
    messageId: MessageId;
    attemptId: string;
    at: Instant;
    leaseUntil: Instant;
  }): Promise<
    { result: 'claimed' } | { result: 'live' | 'stale'; attemptId: string; leaseUntil: Instant; firstAt: Instant }
  >;
  /** Takes over a stale claim, if it is still that attempt's. */
  takeOver(claim: { messageId: MessageId; from: string; attemptId: string; leaseUntil: Instant }): Promise<boolean>;
  /** One of `most` sends of a scenario in an hour (`2026-11-24T01`); false when they are all taken. */
  takeSlot(slot: { scenario: string; hour: string; most: number; at: Instant }): Promise<boolean>;
  /** Gives a claim back after a definite refusal, so that a later attempt may claim at once. */
  release(messageId: MessageId, attemptId: string): Promise<void>;
}

/** What is published, read from the catalog; the manifest is asked for at most every 60 s. */
export interface ProgrammeStore {
  /** The programme with every scenario of the editions in force, and the pinned versions asked for. */
  load(now: Instant, pinned?: Iterable<{ scenario: string; version: number }>): Promise<Programme>;
  /** A published template. Errors: not-found. */
  template(id: string, version: number): Promise<Template>;
  /** A survey as published now; undefined when none of that name ever was. */
  survey(id: string, now: Instant): Promise<Survey | undefined>;
}

/** A mail; what is its own, and no part of the letter, comes back as tags of every SES event. */
export interface MailToSend {
  messageId: MessageId;
  /** What it is of, so that what SES tells first, or alone, says it too. Absent: a test. */
  about?: Pick<MessageFacts, 'scenario' | 'step' | 'template' | 'kind' | 'variant'>;
  /** The messages that ride along. */
  with?: MessageId[];
  /** The mailbox that sends it. */
  customerId: CustomerId;
  /** When this attempt was claimed: by it SES's own Send event is the same event as ours. */
  at: Instant;
  /** The id of the recipient address's own item, where bounces and complaints are noted. */
  address: CustomerId;
  from: string;
  replyTo?: string;
  to: string;
  subject: string;
  html: string;
  text: string;
  /** https address of the one-click unsubscribe; absent for service messages. */
  unsubscribeUrl?: string;
}

/**
 * What a provider said. `accepted`: it will go out (or already has: LINE's 409). `refused`: definitely not sent; retryable when `isRetryable`.
 * `detail` names the place of a fault for the log; like `reason` it holds no personal data.
 * `unknown`: the answer was lost after the request may have been taken.
 */
export type ProviderAnswer =
  | { kind: 'accepted'; providerId?: string }
  | { kind: 'refused'; isRetryable: boolean; reason: string; retryAfterSeconds?: number; detail?: string }
  | { kind: 'unknown'; reason: string };

export interface Mailer {
  /** One attempt; no retry inside. Never throws for what the provider answers. */
  send(mail: MailToSend): Promise<ProviderAnswer>;
}

export interface LinePusher {
  /** One push with the messageId as X-Line-Retry-Key. One attempt with a timeout of our own. */
  push(push: { messageId: MessageId; to: string; messages: unknown[] }): Promise<ProviderAnswer>;
}
