import type { Channel, MessageKind } from '../event/event.ts';
import type { EnrolmentId, Instant, MessageId } from '../ids.ts';
import type { RecommendStep } from '../scenario/scenario.ts';

/** `riding`: goes out inside another's mail, and waits for what becomes of that. */
export type PendingState = 'planned' | 'held' | 'queued' | 'riding';

/** A message that was decided and not yet answered. */
export interface Pending {
  messageId: MessageId;
  enrolment: EnrolmentId;
  scenario: string;
  version: number;
  /** Step key and its place in the scenario. */
  step: string;
  place: string;
  template: string;
  /** The key of the coupon step whose code it shows. */
  coupon?: string;
  /** What its sender is to recommend. */
  recommend?: RecommendStep;
  variant?: string;
  kind: MessageKind;
  /** Its step's own; absent, its scenario's as it is when it is decided. */
  priority?: number | undefined;
  state: PendingState;
  plannedAt: Instant;
  expiresAt: Instant;
  /** Held or planned for later: look again then. */
  releaseAt?: Instant | undefined;
  /** Why it is held. */
  heldFor?: string | undefined;
  /** Why a sender closed a channel to it: the reason it ends with when no other is open. */
  closedFor?: string | undefined;
  /** The channels still allowed, in order; the first is taken when it is queued. */
  channels: Channel[];
  channel?: Channel | undefined;
  queuedAt?: Instant | undefined;
  /** The messages that ride in its mail. */
  riders?: MessageId[] | undefined;
  /** The mail it rides in. */
  ridesWith?: MessageId | undefined;
  /** How often it was queued: names the attempt in the outbox. */
  tries: number;
}

/** How a message ended, kept 90 days so that a merge can't bring it back. */
export interface Outcome {
  type: 'sent' | 'rehearsed' | 'suppressed' | 'expired' | 'merged' | 'failed' | 'unknown';
  at: Instant;
  channel?: Channel;
  kind: MessageKind;
  scenario: string;
  step: string;
  enrolment: EnrolmentId;
  variant?: string;
  /** What went out in its mail. */
  riders?: MessageId[];
  deliveredAt?: Instant;
  openedAt?: Instant;
  clickedAt?: Instant;
}
