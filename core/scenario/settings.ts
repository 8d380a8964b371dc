import type { Sending, Settings } from '../programme.ts';
import { isDay } from '../time/day-number.ts';
import type { JsonPath } from './finding.ts';
import {
  type Reading,
  readList,
  readNumber,
  readObject,
  readText,
  readTime,
  readWord,
  refuse,
  show,
  warn,
} from './read.ts';
import { readOwnNames } from './read-own-names.ts';
import { readOwnRules } from './read-own-rules.ts';
import { readShopDays } from './read-shop-days.ts';

/** What a stage has before anybody edits settings.json: nothing goes out but to staff. */
export const SHIPPED: Settings = {
  timeZone: 'Asia/Tokyo',
  currency: 'JPY',
  shopName: '当店',
  sender: { legalName: '', postalAddress: '', contact: '', optOutAddress: '', from: '' },
  staff: [],
  sending: 'rehearsal',
  caps: { line: { perWeek: 2 }, email: { perWeek: 3 }, all: { perDay: 1 } },
  quiet: { from: '21:00', to: '9:00' },
  holdout: { scenario: 5, global: 1 },
  closedDays: [],
};

/** What the law wants of a sender of advertising, with its name in the shop's words. */
const DUTIES = {
  legalName: '事業者の名称',
  postalAddress: '住所',
  contact: '問い合わせ先',
  optOutAddress: '配信停止の連絡先',
  from: '差出人のメールアドレス',
} as const;

/** What a file may hold; the JSON Schema explains each. */
export const KEYS = [
  'timeZone',
  'currency',
  'shopName',
  'sender',
  'staff',
  'sending',
  'caps',
  'quiet',
  'holdout',
  'closedDays',
  'orders',
  'coupons',
  'webhooks',
  'teams',
  'attributes',
  'line',
  'wording',
] as const;
const MOST_CAP = 100;

/** What of the sender is not filled in: until then nothing may be live. */
export const missingDuties = (settings: Settings): string[] =>
  Object.entries(DUTIES)
    .filter(([key]) => settings.sender[key as keyof typeof DUTIES].trim() === '')
    .map(([, name]) => name);

/** settings.json with the shipped values where it says nothing. What is wrong is noted. */
export function readSettings(reading: Reading, value: unknown): Settings {
  const settings: Settings = structuredClone(SHIPPED);
  const file = readObject(reading, value, [], { optional: [...KEYS, '$schema'] });
  if (!file) return settings;
  if ('timeZone' in file) settings.timeZone = readText(reading, file.timeZone, ['timeZone'], 60) ?? settings.timeZone;
  if ('currency' in file) settings.currency = readCurrency(reading, file.currency);
  if ('shopName' in file) settings.shopName = readText(reading, file.shopName, ['shopName'], 100) ?? settings.shopName;
  if ('sender' in file) settings.sender = readSender(reading, file.sender);
  if ('staff' in file) settings.staff = readTexts(reading, file.staff, ['staff'], 200);
  if ('sending' in file) {
    const words = ['rehearsal', 'live', 'stopped'] as const;
    settings.sending = readWord<Sending>(reading, file.sending, ['sending'], words) ?? settings.sending;
  }
  if ('caps' in file) readCaps(reading, file.caps, settings);
  if ('quiet' in file) readQuiet(reading, file.quiet, settings);
  if ('holdout' in file) readHoldout(reading, file.holdout, settings);
  if ('closedDays' in file) settings.closedDays = readDays(reading, file.closedDays);
  readOwnNames(reading, file, settings);
  readOwnRules(reading, file, settings);
  if ('orders' in file) settings.orders = readShopDays(reading, file.orders);
  judgeSending(reading, settings);
  return settings;
}

function judgeSending(reading: Reading, settings: Settings): void {
  const missing = missingDuties(settings);
  if (missing.length === 0) return;
  const said = {
    message: `送信者の表示(${missing.join('、')})が settings.json の sender に書かれていません。`,
    messageEn: 'The sender in settings.json is incomplete (name, address, contact, opt-out address, from).',
    suggestion: '特定電子メール法で表示が義務付けられています。書くまでは本番(live)にできません。',
    suggestionEn: 'Japanese law requires them in every advertising mail: nothing can be live before.',
  };
  if (settings.sending === 'live') refuse(reading, ['sending'], 'sender-incomplete', said);
  else warn(reading, ['sender'], 'sender-incomplete', said);
}

function readCurrency(reading: Reading, value: unknown): string {
  if (typeof value === 'string' && /^[A-Z]{3}$/.test(value)) return value;
  refuse(reading, ['currency'], 'currency', {
    message: `通貨コードとして読めません: ${show(value)}`,
    messageEn: 'Not a currency code.',
    suggestion: '"JPY" のように大文字3文字で書いてください。',
    suggestionEn: 'Three capitals, such as "JPY".',
  });
  return SHIPPED.currency;
}

function readSender(reading: Reading, value: unknown): Settings['sender'] {
  const path = ['sender'];
  const sender = { ...SHIPPED.sender };
  const file = readObject(reading, value, path, { optional: [...Object.keys(DUTIES), 'replyTo'] });
  if (!file) return sender;
  for (const key of ['legalName', 'postalAddress', 'contact', 'optOutAddress', 'from'] as const) {
    if (!(key in file) || file[key] === '') continue;
    sender[key] = readText(reading, file[key], [...path, key], 300) ?? '';
  }
  if ('from' in file && sender.from !== '') checkMailbox(reading, sender.from, [...path, 'from']);
  if ('replyTo' in file) {
    const replyTo = readText(reading, file.replyTo, [...path, 'replyTo'], 300);
    if (replyTo !== undefined && checkMailbox(reading, replyTo, [...path, 'replyTo'])) sender.replyTo = replyTo;
  }
  return sender;
}

function checkMailbox(reading: Reading, text: string, path: JsonPath): boolean {
  if (/^(?:[^<>]{0,200}<[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+)$/.test(text)) return true;
  refuse(reading, path, 'mailbox', {
    message: `メールアドレスとして読めません: ${show(text)}`,
    messageEn: 'Not a mailbox.',
    suggestion: '例: "\\"店名\\" <news@example.jp>"',
    suggestionEn: 'Such as "\\"Shop\\" <news@example.jp>".',
  });
  return false;
}

function readTexts(reading: Reading, value: unknown, path: JsonPath, most: number): string[] {
  const list = readList(reading, value, path, { min: 0, max: most }) ?? [];
  return list.flatMap((one, i) => readText(reading, one, [...path, i], 300) ?? []);
}

function readCaps(reading: Reading, value: unknown, settings: Settings): void {
  const caps = readObject(reading, value, ['caps'], { optional: ['line', 'email', 'all'] });
  if (!caps) return;
  const read = (channel: 'line' | 'email' | 'all', key: 'perWeek' | 'perDay'): number | undefined => {
    if (!(channel in caps)) return undefined;
    const path = ['caps', channel];
    const cap = readObject(reading, caps[channel], path, { required: [key] });
    return cap && key in cap ? readNumber(reading, cap[key], [...path, key], { min: 0, max: MOST_CAP }) : undefined;
  };
  settings.caps.line.perWeek = read('line', 'perWeek') ?? settings.caps.line.perWeek;
  settings.caps.email.perWeek = read('email', 'perWeek') ?? settings.caps.email.perWeek;
  settings.caps.all.perDay = read('all', 'perDay') ?? settings.caps.all.perDay;
}

function readQuiet(reading: Reading, value: unknown, settings: Settings): void {
  const quiet = readObject(reading, value, ['quiet'], { required: ['from', 'to'] });
  if (!quiet) return;
  const from = readTime(reading, quiet.from, ['quiet', 'from'], false);
  const to = readTime(reading, quiet.to, ['quiet', 'to'], false);
  if (from !== undefined && to !== undefined) settings.quiet = { from, to };
}

function readHoldout(reading: Reading, value: unknown, settings: Settings): void {
  const holdout = readObject(reading, value, ['holdout'], { optional: ['scenario', 'global'] });
  for (const key of ['scenario', 'global'] as const) {
    if (!holdout || !(key in holdout)) continue;
    const range = { min: 0, max: 50, mayBeFraction: true } as const;
    settings.holdout[key] = readNumber(reading, holdout[key], ['holdout', key], range) ?? settings.holdout[key];
  }
}

function readDays(reading: Reading, value: unknown): string[] {
  const days = readTexts(reading, value, ['closedDays'], 400);
  for (const [i, day] of days.entries()) {
    if (isDay(day)) continue;
    refuse(reading, ['closedDays', i], 'day', {
      message: `日付として読めません: ${show(day)}`,
      messageEn: 'Not a day.',
      suggestion: '"2026-12-31" のように書いてください。',
      suggestionEn: 'Write it as "2026-12-31".',
    });
  }
  return days;
}
