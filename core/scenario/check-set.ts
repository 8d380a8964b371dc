import type { JsonPath } from './finding.ts';
import { isJson, type Reading, refuse, refuseKind } from './read.ts';

const LONGEST_VALUE = 200;

/** `{ "attributes.NAME": value }`, one attribute or several. */
export function readSet(
  reading: Reading,
  value: unknown,
  path: JsonPath,
): Record<string, string | number | boolean> | undefined {
  if (!isJson(value) || Object.keys(value).length === 0) {
    refuseKind(reading, path, value, '{ "attributes.名前": 値 }', 'attributes and their values');
    return undefined;
  }
  const set: Record<string, string | number | boolean> = {};
  for (const [name, one] of Object.entries(value)) {
    const isPlain =
      ['number', 'boolean'].includes(typeof one) || (typeof one === 'string' && one.length <= LONGEST_VALUE);
    if (/^attributes\.[^.\s]{1,50}$/.test(name) && isPlain) {
      checkKind(reading, name.slice('attributes.'.length), one, [...path, name]);
      set[name] = one as string | number | boolean;
      continue;
    }
    refuse(reading, [...path, name], 'attribute', {
      message: `書き換えられるのは「attributes.名前」だけで、値は${LONGEST_VALUE}文字までの文字か、数か、true / false です。`,
      messageEn: `Only "attributes.NAME" can be set, to a text of up to ${LONGEST_VALUE} characters, a number, true or false.`,
      suggestion: '例: "set": { "attributes.案内": "済み" }',
      suggestionEn: 'Such as "set": { "attributes.told": true }.',
    });
  }
  return set;
}

const WRITTEN = { text: 'string', number: 'number', flag: 'boolean', time: 'string', day: 'string' } as const;
const KIND_NAMES = { text: '文字', number: '数', flag: 'true / false', time: '日時', day: '日付' } as const;

/** What settings.json calls a number is set to a number. */
function checkKind(reading: Reading, name: string, value: unknown, path: JsonPath): void {
  const kind = reading.names?.attributes?.[name]?.kind;
  if (kind === undefined || typeof value === WRITTEN[kind]) return;
  refuse(reading, path, 'attribute-kind', {
    message: `属性「${name}」は settings.json で「${KIND_NAMES[kind]}」と決められています。`,
    messageEn: `settings.json says that the attribute "${name}" is a ${kind}.`,
    ...(kind === 'number' ? { suggestion: '引用符を付けずに書いてください。例: 3' } : {}),
  });
}
