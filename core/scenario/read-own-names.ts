import type { Attribute, CouponPool, Settings, Webhook } from '../programme.ts';
import type { JsonPath } from './finding.ts';
import {
  isJson,
  type Json,
  type Reading,
  readDuration,
  readId,
  readList,
  readObject,
  readText,
  readWord,
  refuse,
  refuseKind,
  show,
  warn,
} from './read.ts';

const MOST = 100;
const KINDS = ['text', 'number', 'flag', 'time', 'day'] as const;
/** A host that the world's name servers know; numbers and one-word names are machines of somebody's own network. */
const PUBLIC =
  /^https:\/\/(?=[a-z0-9.-]*[a-z])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?::\d{1,5})?(?:[/?][^\s#]*)?$/i;
const LOCAL = /^http:\/\/127\.0\.0\.1:\d{1,5}(?:[/?][^\s#]*)?$/;

/** `coupons`, `webhooks`, `teams`, `attributes` of settings.json: the names that scenarios may then use. */
export function readOwnNames(reading: Reading, file: Json, settings: Settings): void {
  if ('coupons' in file) settings.coupons = readNamed(reading, file.coupons, ['coupons'], readPool);
  if ('webhooks' in file) settings.webhooks = readNamed(reading, file.webhooks, ['webhooks'], readWebhook);
  if ('attributes' in file) settings.attributes = readNamed(reading, file.attributes, ['attributes'], readAttribute);
  if ('teams' in file) settings.teams = readTeams(reading, file.teams);
}

function readNamed<T>(
  reading: Reading,
  value: unknown,
  path: JsonPath,
  readOne: (reading: Reading, value: unknown, path: JsonPath) => T | undefined,
): Record<string, T> {
  const found: [string, T][] = [];
  if (!isJson(value)) {
    refuseKind(reading, path, value, 'オブジェクト({ 名前: … })', 'an object of names');
    return {};
  }
  for (const [id, written] of Object.entries(value).slice(0, MOST)) {
    const place = [...path, id];
    if (readId(reading, id, place) === undefined) continue;
    const one = readOne(reading, written, place);
    if (one !== undefined) found.push([id, one]);
  }
  if (Object.keys(value).length > MOST) {
    refuse(reading, path, 'length', {
      message: `${MOST}個までです(今は${Object.keys(value).length}個です)。`,
      messageEn: `At most ${MOST} entries.`,
    });
  }
  return Object.fromEntries(found);
}

/** `"お誕生日クーポン"`, or `{ "label", "validFor" }`. */
function readPool(reading: Reading, value: unknown, path: JsonPath): CouponPool | undefined {
  if (typeof value === 'string') {
    const label = readText(reading, value, path, 100);
    return label === undefined ? undefined : { label };
  }
  const pool = readObject(reading, value, path, { required: ['label'], optional: ['validFor'] });
  if (!pool || !('label' in pool)) return undefined;
  const label = readText(reading, pool.label, [...path, 'label'], 100);
  const validFor =
    'validFor' in pool ? readDuration(reading, pool.validFor, [...path, 'validFor'], 3_600_000) : undefined;
  return label === undefined ? undefined : { label, ...(validFor === undefined ? {} : { validFor }) };
}

function readWebhook(reading: Reading, value: unknown, path: JsonPath): Webhook | undefined {
  const webhook = readObject(reading, value, path, { required: ['url', 'secretName'] });
  if (!webhook || !('url' in webhook) || !('secretName' in webhook)) return undefined;
  const url = readText(reading, webhook.url, [...path, 'url'], 1000);
  const secretName = readText(reading, webhook.secretName, [...path, 'secretName'], 60);
  if (url !== undefined) judgeUrl(reading, url, [...path, 'url']);
  if (secretName !== undefined && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(secretName)) {
    refuse(reading, [...path, 'secretName'], 'secret-name', {
      message: `「${secretName}」は秘密の名前に使えません。`,
      messageEn: `"${secretName}" can't name a secret.`,
      suggestion:
        '小文字の英数字を - でつないだ名前です。例: "box-change"(Secrets Manager の enishi/ステージ名/webhook-box-change を指します)。秘密そのものは書かないでください。',
      suggestionEn:
        'Lower-case letters and digits joined by "-", such as "box-change" for the secret enishi/STAGE/webhook-box-change. Never the secret itself.',
    });
  }
  return url === undefined || secretName === undefined ? undefined : { url, secretName };
}

function judgeUrl(reading: Reading, url: string, path: JsonPath): void {
  if (PUBLIC.test(url)) return;
  if (LOCAL.test(url)) {
    warn(reading, path, 'local-webhook', {
      message: 'このアドレスは、開発用のステージ(npm start)でだけ呼び出せます。',
      messageEn: 'Only a local stage calls this address.',
      suggestion: '本番では "https://" で始まるお店のアドレスにしてください。',
      suggestionEn: 'In production use an https address of the shop.',
    });
    return;
  }
  refuse(reading, path, 'webhook-url', {
    message: `外部連携のアドレスとして使えません: ${show(url)}`,
    messageEn: 'Not an address that may be called.',
    suggestion:
      '"https://shop.example.jp/enishi/box" のように、https で、公開されたホスト名を書いてください。IPアドレス・社内の名前・ユーザー名入りのアドレスは使えません。',
    suggestionEn: 'An https address with a public host name: no IP address, no internal name, no user in it.',
  });
}

function readAttribute(reading: Reading, value: unknown, path: JsonPath): Attribute | undefined {
  const attribute = readObject(reading, value, path, { required: ['label', 'kind'] });
  if (!attribute || !('label' in attribute) || !('kind' in attribute)) return undefined;
  const label = readText(reading, attribute.label, [...path, 'label'], 100);
  const kind = readWord(reading, attribute.kind, [...path, 'kind'], KINDS);
  return label === undefined || kind === undefined ? undefined : { label, kind };
}

function readTeams(reading: Reading, value: unknown): string[] {
  const list = readList(reading, value, ['teams'], { min: 0, max: MOST }) ?? [];
  const teams = list.flatMap((one, i) => readText(reading, one, ['teams', i], 100) ?? []);
  return [...new Set(teams)];
}
