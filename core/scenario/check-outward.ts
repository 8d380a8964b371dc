import { DAY, HOUR, MINUTE, parseDuration } from '../time/duration.ts';
import type { ConditionScope } from './check-condition.ts';
import { readUntil } from './check-wait.ts';
import { closest } from './closest.ts';
import type { JsonPath } from './finding.ts';
import { type Reading, readDuration, readObject, readText, refuse } from './read.ts';
import type { CallStep, CouponStep, TaskStep } from './scenario.ts';

/** An answer that takes longer is no answer to a call: the shop sends an event of its own then. */
const LONGEST_CALL = HOUR;
const SHORTEST_CALL = MINUTE;
const LONGEST_VALIDITY = 3660 * DAY;

/** `{ "pool", "validUntil"? }`: a pool that settings.json names. */
export function readCoupon(
  reading: Reading,
  value: unknown,
  path: JsonPath,
  scope: ConditionScope,
): CouponStep | undefined {
  const object = readObject(reading, value, path, { required: ['pool'], optional: ['validUntil'] });
  if (!object || !('pool' in object)) return undefined;
  const pools = reading.names?.coupons ?? {};
  const pool = readName(reading, object.pool, [...path, 'pool'], Object.keys(pools), POOL);
  const place = [...path, 'validUntil'];
  if (!('validUntil' in object)) {
    if (pool === undefined) return undefined;
    const validFor = pools[pool]?.validFor;
    return { pool, ...(validFor === undefined ? {} : { validFor }) };
  }
  const written = readObject(reading, object.validUntil, place, { required: ['until'], optional: ['offset'] });
  if (!written || !('until' in written)) return undefined;
  const until = readUntil(reading, written.until, [...place, 'until'], scope);
  const offset =
    'offset' in written ? readDuration(reading, written.offset, [...place, 'offset'], -LONGEST_VALIDITY) : undefined;
  if (pool === undefined || until === undefined) return undefined;
  return { pool, validUntil: { until, ...(offset === undefined ? {} : { offset }) } };
}

/** `{ "webhook", "within" }`: a webhook that settings.json names. */
export function readCall(reading: Reading, value: unknown, path: JsonPath): CallStep | undefined {
  const object = readObject(reading, value, path, { required: ['webhook', 'within'] });
  if (!object || !('webhook' in object) || !('within' in object)) return undefined;
  const known = Object.keys(reading.names?.webhooks ?? {});
  const webhook = readName(reading, object.webhook, [...path, 'webhook'], known, WEBHOOK);
  const within = readWithin(reading, object.within, [...path, 'within']);
  return webhook === undefined || within === undefined ? undefined : { webhook, within };
}

function readWithin(reading: Reading, value: unknown, path: JsonPath): string | undefined {
  const within = readDuration(reading, value, path);
  const span = within === undefined ? Number.NaN : (parseDuration(within) ?? Number.NaN);
  if (within === undefined || (span >= SHORTEST_CALL && span <= LONGEST_CALL)) return within;
  refuse(reading, path, 'call-within', {
    message: `外部連携の返事を待てるのは1分から1時間までです(今は${within}です)。`,
    messageEn: `A call waits from one minute to one hour for its answer (it is ${within}).`,
    suggestion:
      '例: "within": "2m"。もっと後で分かることは、お店からできごと(POST /v1/events)を送ってもらい、waitFor で待ってください。',
    suggestionEn: 'Such as "within": "2m". What is known only later: let the shop send an event, and use waitFor.',
  });
  return undefined;
}

/** `{ "team", "title" }`: a team that settings.json names. */
export function readTask(reading: Reading, value: unknown, path: JsonPath): TaskStep | undefined {
  const object = readObject(reading, value, path, { required: ['team', 'title'] });
  if (!object || !('team' in object) || !('title' in object)) return undefined;
  const team = readName(reading, object.team, [...path, 'team'], reading.names?.teams ?? [], TEAM);
  const title = readText(reading, object.title, [...path, 'title']);
  return team === undefined || title === undefined ? undefined : { team, title };
}

interface Kind {
  rule: string;
  name: string;
  nameEn: string;
  example: string;
}
const POOL: Kind = {
  rule: 'unknown-pool',
  name: 'クーポン',
  nameEn: 'coupon pool',
  example: '"coupons": { "birthday": "お誕生日クーポン" }',
};
const WEBHOOK: Kind = {
  rule: 'unknown-webhook',
  name: '外部連携',
  nameEn: 'webhook',
  example: '"webhooks": { "box-change": { "url": "https://…", "secretName": "box-change" } }',
};
const TEAM: Kind = { rule: 'unknown-team', name: '担当チーム', nameEn: 'team', example: '"teams": ["CS"]' };

/** A name that stands in settings.json; else it is refused with the one that was probably meant. */
function readName(
  reading: Reading,
  value: unknown,
  path: JsonPath,
  known: readonly string[],
  kind: Kind,
): string | undefined {
  const name = readText(reading, value, path, 100);
  if (name === undefined || known.includes(name)) return name;
  const meant = closest(name, known);
  const list = known.length === 0 ? '' : `今あるのは ${known.join('、')} です。`;
  refuse(reading, path, kind.rule, {
    message: `「${name}」という${kind.name}は settings.json にありません。`,
    messageEn: `settings.json has no ${kind.nameEn} "${name}".`,
    suggestion:
      meant === undefined
        ? `settings.json に ${kind.example} のように書いてください。${list}`
        : `"${meant}" ではありませんか?`,
    suggestionEn: meant === undefined ? `Add it to settings.json: ${kind.example}` : `Did you mean "${meant}"?`,
  });
  return undefined;
}
