import type { Instant } from './ids.ts';
import type { Scenario, ScenarioControl } from './scenario/scenario.ts';
import type { Segment } from './segment/segment.ts';

export type Sending = 'rehearsal' | 'live' | 'stopped';

/** settings.json as published, defaults filled in. */
export interface Settings {
  timeZone: string;
  currency: string;
  shopName: string;
  sender: {
    legalName: string;
    postalAddress: string;
    contact: string;
    optOutAddress: string;
    /** `"店名" <news@example.jp>` */
    from: string;
    replyTo?: string;
  };
  /** Mail addresses, LINE user ids or member ids that get rehearsed messages. */
  staff: string[];
  sending: Sending;
  caps: { line: { perWeek: number }; email: { perWeek: number }; all: { perDay: number } };
  /** Local times; from 21:00 to 9:00 nothing marketing goes out. */
  quiet: { from: string; to: string };
  /** Per cent. */
  holdout: { scenario: number; global: number };
  closedDays: string[];
  /** What the shop knows of its orders' days; absent parts are `SHOP_DAYS`. */
  orders?: ShopDays;
  /** What the shop has names for. Absent in what earlier releases published. */
  coupons?: Record<string, CouponPool>;
  webhooks?: Record<string, Webhook>;
  teams?: string[];
  attributes?: Record<string, Attribute>;
  /** The LINE plan: messages a month, and how many friends there are. */
  line?: { monthlyQuota: number; friends?: number };
  /** What the shop adds to the words that are pointed out, and what it may well say. */
  wording?: { add: string[]; allow: string[] };
}

export interface ShopDays {
  /** A pending payment has lapsed after so many days; 0 = never. */
  unpaidDays?: number;
  /** Whether an order counts as delivered when it must have arrived, though nobody said so. */
  estimateDelivery?: boolean;
  /** Days from the parcel's hand-over to its arrival by prefecture (`北海道`), and for all `other`. */
  deliveryDays?: Record<string, number>;
  /** How long people usually wait between two orders, while little is known of one of them. */
  usualInterval?: number;
}

/** What holds while a shop says nothing: two weeks to pay at a convenience store, two days on the way and more to the islands' ends. */
export const SHOP_DAYS: Required<ShopDays> = {
  unpaidDays: 14,
  estimateDelivery: true,
  deliveryDays: { other: 2, 北海道: 3, 沖縄県: 4 },
  usualInterval: 60,
};

/** A stock of coupon codes. */
export interface CouponPool {
  label: string;
  /** How long a code holds when its step does not say. */
  validFor?: string;
}
/** A system of the shop's that scenarios may call. */
export interface Webhook {
  url: string;
  /** The last part of the secret's name: `enishi/STAGE/webhook-NAME`. */
  secretName: string;
}
/** A field of the shop's own in a customer's profile. */
export interface Attribute {
  label: string;
  kind: 'text' | 'number' | 'flag' | 'time' | 'day';
}

/** One template as published: everything compiled, Liquid left to fill in. */
export interface Template {
  id: string;
  version: number;
  mail?: { subject: string; preheader: string; html: string; text: string };
  /** LINE message objects as JSON whose strings hold Liquid. */
  line?: { messages: unknown[] };
  /** A letter: the names of its columns and a cell for each, Liquid left to fill in. */
  postal?: { columns: string[]; cells: string[] };
}

/** What one publication put in force. */
export interface Edition {
  number: number;
  publishedAt: Instant;
  /** Events received from then on are judged by it. */
  effectiveAt: Instant;
  scenarios: Record<string, number>;
  templates: Record<string, number>;
  /** Absent in editions published before there were surveys. */
  surveys?: Record<string, number>;
  /** By survey, the questions that are answered in words: "1" is a choice there, no number. */
  wordQuestions?: Record<string, string[]>;
  /** Absent in editions published before there were segments. */
  segments?: Record<string, number>;
  /** The number of the edition with which each segment came into force as it is: who is in it from then on did not cross. */
  segmentsSince?: Record<string, number>;
}

/** `published#manifest`: the newest edition, those before it as long as they matter, and what is no part of a version. */
export interface Manifest {
  number: number;
  editions: Edition[];
  controls: Record<string, ScenarioControl>;
  settings: Settings;
  /** The shop's zone from 2000 to 2050: the offset that holds from an instant on. Sorted by `from`. */
  zone: ZoneTable;
  /** Japanese holidays as local dates. */
  holidays: string[];
  /** What a scenario's file, or a template's folder, was last published as: while it is refused it keeps that place. The publisher's own. */
  sources?: Record<string, Source>;
}

export interface Source {
  id: string;
  version: number;
  /** SHA-256 of the content without its version: the same content is the same version. */
  hash: string;
  takesEffectAt: Instant;
}

export type ZoneTable = { from: Instant; minutes: number }[];

/** What is published, as core sees it: a look-up, no I/O. */
export interface Programme {
  manifest: Manifest;
  /** When this shop's customers are about: weights by local hour of the day. Absent while nobody has counted. */
  hours?: readonly number[];
  /** The version asked for; undefined when it was not loaded (the caller loads what the states pin, then asks again). */
  scenario(id: string, version: number): Scenario | undefined;
  /** Likewise; absent where no segments are. */
  segment?(id: string, version: number): Segment | undefined;
}

/** The edition for something received then: the newest in effect. */
export function editionAt(manifest: Manifest, receivedAt: Instant): Edition | undefined {
  let found: Edition | undefined;
  for (const edition of manifest.editions) {
    if (edition.effectiveAt <= receivedAt && (!found || edition.number > found.number)) found = edition;
  }
  return found;
}
