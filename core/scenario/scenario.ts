import type { InterestKind } from '../catalog/interest.ts';
import type { Channel, MessageKind } from '../event/event.ts';

/** JSON as a marketer writes it in a condition. Its grammar: condition.ts. */
export type Condition = { [key: string]: unknown };

export type Duration = string;
/** `19:00`, `best`, or absent (at once). */
export type TimeOfDay = string;

export type Wait =
  | Duration
  | { for: Duration; at?: TimeOfDay }
  | { days: number; from?: 'trigger'; at?: TimeOfDay }
  | { until: string; offset?: Duration; at?: TimeOfDay };

export type Expires = Duration | { at: TimeOfDay } | { until: string };

export interface SendStep {
  template: string;
  channels?: Channel[] | 'auto';
  expires?: Expires;
  if?: Condition;
  kind?: MessageKind;
  priority?: number;
}
export interface EventMatch {
  event: string;
  where?: Condition;
  same?: string;
}
export type Exit = EventMatch | { when: Condition };

/** One step; exactly one of the step keys is there (the publisher has checked it). */
export type Step = { id?: string } & (
  | { wait: Wait }
  | { waitFor: EventMatch & { within?: Duration; until?: string; offset?: Duration }; then: Step[]; else: Step[] }
  | { send: SendStep }
  | { if: Condition; then: Step[]; else?: Step[] }
  | { split: { name: string; weight: number; steps: Step[] }[] }
  | { exit: true | string }
  | { tag: string }
  | { untag: string }
  /** `attributes.NAME` and its new value. */
  | { set: Record<string, string | number | boolean> }
  | { coupon: CouponStep }
  | { call: CallStep; then: Step[]; else: Step[] }
  | { task: TaskStep }
  | { recommend: RecommendStep }
);

/** What a recommendation is made of: the person, or what they or others bought and looked at. */
export const RECOMMENDATION_LISTS = ['for-you', 'bought-together', 'similar', 'popular'] as const;
/** What a recommendation leaves out. */
export const EXCLUSIONS = ['bought', 'outOfStock'] as const;

/** What the next message shows as `recommended[]`; with fewer than `min` of them it is not sent. */
export interface RecommendStep {
  list: (typeof RECOMMENDATION_LISTS)[number];
  /** The path of the items it goes out from; absent: the person's latest order. */
  of?: string;
  count: number;
  min: number;
  exclude: (typeof EXCLUSIONS)[number][];
}

/** One code of a pool. `validFor`: the pool's own, where the step says no `validUntil`. */
export interface CouponStep {
  pool: string;
  validUntil?: { until: string; offset?: Duration };
  validFor?: Duration;
}
export interface CallStep {
  webhook: string;
  within: Duration;
}
export interface TaskStep {
  team: string;
  title: string;
}

/** On an event. */
export interface EventTrigger {
  event: string;
  where?: Condition;
  /** On news of a product: who of those interested is told, and how fast. */
  interest?: {
    /** `price-dropped` is told of a price that fell only. */
    news: 'restocked' | 'price-dropped' | 'published';
    kinds: InterestKind[];
    within: Duration;
    /** So many people for each piece in stock, then the next after a while. */
    pace?: { perStock: number; every: Duration };
  };
}
/** At a date of the customer: a path, moved by `offset`, every year or once. */
export interface DateTrigger {
  date: string;
  offset?: Duration;
  every?: 'year';
  at?: TimeOfDay;
}
/** Every week on a weekday or before days off; every month on a day, or on the day of month of a date of the customer. */
export type Rhythm =
  | { every: 'week'; on: string; at?: TimeOfDay }
  | { every: 'month'; day: number | { like: string }; at?: TimeOfDay };
export type Trigger = EventTrigger | DateTrigger | Rhythm;

/** A scenario as published: params filled in, checked, versioned. */
export interface Scenario {
  id: string;
  version: number;
  name: string;
  phase?: string;
  purpose?: 'cv' | 'loyalty';
  kind: MessageKind;
  trigger: Trigger;
  audience?: Condition;
  again: 'restart' | 'ignore' | 'parallel';
  per?: string;
  cooldown?: Duration;
  exit: Exit[];
  goal?: EventMatch & { within: Duration };
  params: Record<string, string | number | boolean>;
  /** Local `at` guards a cut-over: what occurred before it enters nobody. */
  /** `existing`: so many a day of those who match already, ordered by a field of the customer (`-`: the largest first). */
  start?: { at?: string; existing?: { perDay: number; order?: string } };
  migrate?: Record<string, string>;
  steps: Step[];
}

export type ScenarioStatus = 'draft' | 'rehearsal' | 'live' | 'paused';

/** What acts on everybody within 60 s and is no part of a version. */
export interface ScenarioControl {
  version: number;
  status: ScenarioStatus;
  priority: number;
  live?: { share?: number; perHour?: number };
}
