import type { Channel } from '../event/event.ts';
import { type ConditionScope, checkCondition } from './check-condition.ts';
import type { StepScope } from './check-steps.ts';
import { readExpires } from './check-wait.ts';
import { closest } from './closest.ts';
import type { JsonPath } from './finding.ts';
import { type Reading, readList, readNumber, readObject, readText, readWord, refuse } from './read.ts';
import type { SendStep } from './scenario.ts';

/** What a send sends, by which channels. */
export function readSend(
  reading: Reading,
  value: unknown,
  path: JsonPath,
  scope: StepScope,
  inside: ConditionScope,
): SendStep | undefined {
  const object = readObject(reading, value, path, {
    required: ['template'],
    optional: ['channels', 'expires', 'if', 'kind', 'priority'],
  });
  if (!object || !('template' in object)) return undefined;
  const template = readText(reading, object.template, [...path, 'template'], 60);
  const channels = 'channels' in object ? readChannels(reading, object.channels, [...path, 'channels']) : undefined;
  const expires = 'expires' in object ? readExpires(reading, object.expires, [...path, 'expires'], inside) : undefined;
  const condition =
    'if' in object ? checkCondition(reading, object.if, [...path, 'if'], { ...inside, hasProduct: true }) : undefined;
  const kind =
    'kind' in object ? readWord(reading, object.kind, [...path, 'kind'], ['marketing', 'service'] as const) : undefined;
  const priority =
    'priority' in object
      ? readNumber(reading, object.priority, [...path, 'priority'], { min: 0, max: 100 })
      : undefined;
  if (template === undefined) return undefined;
  const fit = fitTemplate(reading, template, channels, path, scope);
  if (!fit) return undefined;
  return {
    template,
    channels: fit,
    ...(expires === undefined ? {} : { expires }),
    ...(condition ? { if: condition } : {}),
    ...(kind ? { kind } : {}),
    ...(priority === undefined ? {} : { priority }),
  };
}

function readChannels(reading: Reading, value: unknown, path: JsonPath): Channel[] | 'auto' | undefined {
  if (value === 'auto') return value;
  const list = readList(reading, value, path, { min: 1, max: 4 });
  const channels = list?.map((one, i) =>
    readWord(reading, one, [...path, i], ['line', 'email', 'postal'] as const, ['sms']),
  );
  if (channels && new Set(channels).size < channels.length) {
    refuse(reading, path, 'same-channel', {
      message: '同じチャネルが2回書かれています。',
      messageEn: 'A channel stands twice.',
    });
  }
  return channels?.filter((one) => one !== undefined);
}

/** The channels a send may take: those written, which the template must have; none written: those the template has. */
function fitTemplate(
  reading: Reading,
  template: string,
  channels: Channel[] | 'auto' | undefined,
  path: JsonPath,
  scope: StepScope,
): Channel[] | 'auto' | undefined {
  const has = scope.templates.get(template);
  if (!has && scope.refusedTemplates?.has(template)) {
    refuse(reading, [...path, 'template'], 'no-template', {
      message: `テンプレート「${template}」は、誤りがあるため、まだ使えません。`,
      messageEn: `The template "${template}" is refused itself.`,
      suggestion: `templates/${template}/ のファイルの誤りを先に直してください。`,
      suggestionEn: `Mend the files of templates/${template}/ first.`,
    });
    return undefined;
  }
  if (!has) {
    const meant = closest(template, scope.templates.keys());
    refuse(reading, [...path, 'template'], 'no-template', {
      message: `テンプレート「${template}」がありません。`,
      messageEn: `There is no template "${template}".`,
      suggestion: meant
        ? `"${meant}" ではありませんか?`
        : `templates/${template}/ に mail.md(または mail.mjml)・line.json・postal.csv のどれかを置いてください。`,
      suggestionEn: meant
        ? `Did you mean "${meant}"?`
        : `Put mail.md (or mail.mjml), line.json or postal.csv into templates/${template}/.`,
    });
    return undefined;
  }
  const lacking = Array.isArray(channels) ? channels.filter((one) => !has.includes(one)) : [];
  for (const one of lacking) {
    const [name, file] = FILES[one];
    refuse(reading, [...path, 'channels'], 'no-template-for-channel', {
      message: `テンプレート「${template}」には${name}用のファイル(${file})がありません。`,
      messageEn: `The template "${template}" has no ${file}.`,
      suggestion: `templates/${template}/${file} を置くか、channels から "${one}" を外してください。`,
      suggestionEn: `Add templates/${template}/${file}, or take "${one}" out of channels.`,
    });
  }
  if (lacking.length > 0) return undefined;
  if (Array.isArray(channels)) return channels;
  // A letter costs money and is printed: it goes only where that is written, or there is nothing else.
  const usual = (['line', 'email'] as const).filter((one) => has.includes(one));
  if (channels === 'auto' && usual.length > 1) return channels;
  return usual.length > 0 ? usual : [...has];
}

const FILES: Record<Channel, [name: string, file: string]> = {
  line: ['LINE', 'line.json'],
  email: ['メール', 'mail.mjml'],
  postal: ['郵送', 'postal.csv'],
  sms: ['SMS', 'sms.txt'],
};
