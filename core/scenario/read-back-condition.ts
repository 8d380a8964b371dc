import { EVENT_NAMES, isUsableEvent } from '../dictionary/vocabulary.ts';
import { isJson } from './read.ts';
import { isMoment, type OwnLabels, sayField, sayFlag, saySpan, sayValue } from './read-back-words.ts';
import type { Condition } from './scenario.ts';

const WAS: Record<string, readonly [string, string]> = {
  sent: ['送られた', '送られていない'],
  delivered: ['届いた', '届いていない'],
  opened: ['開封された', '開封されていない'],
  clicked: ['クリックされた', 'クリックされていない'],
};
export const CHANNELS: Record<string, string> = { email: 'メール', line: 'LINE', postal: '郵便', sms: 'SMS' };

/** A condition as it stands before なら; before a noun, a phrase that ends in a noun takes の. */
interface Phrase {
  text: string;
  isNoun: boolean;
  /** What joins its parts, where it has several. */
  joint?: string;
}
const AND = '、かつ';
const OR = '、または';

/** A condition before a noun: 人, もの, とき. */
export const sayCondition = (condition: Condition, own: OwnLabels = {}): string =>
  before(phraseOf(condition, false, own));

/** A condition with なら. */
export const sayIf = (condition: Condition, own: OwnLabels = {}): string =>
  `${phraseOf(condition, false, own).text}なら`;

const before = ({ text, isNoun }: Phrase): string => (isNoun ? `${text}の` : text);
/** One of two ways to say something, or its contrary. */
const verb = (isNot: boolean, yes: string, no: string): Phrase => ({ text: isNot ? no : yes, isNoun: false });
const noun = (isNot: boolean, text: string): Phrase =>
  isNot ? { text: `${text}ではない`, isNoun: false } : { text, isNoun: true };

function phraseOf(condition: unknown, isNot: boolean, own: OwnLabels): Phrase {
  if (!isJson(condition)) return { text: '', isNoun: false };
  if ('count' in condition || 'sum' in condition) return sayPast(condition, isNot, own);
  if ('some' in condition || 'every' in condition) return sayList(condition, isNot, own);
  if ('step' in condition) {
    const [yes, no] = WAS[String(condition.was)] ?? [condition.was, condition.was];
    return verb(isNot, `「${condition.step}」が${yes}`, `「${condition.step}」が${no}`);
  }
  return joined(Object.entries(condition), AND, isNot, (one, isOneNot) => sayKey(one, isOneNot, own));
}

/** Several in one: none of several is each of them not; not all of them has no shorter name. */
function joined<T>(all: T[], joint: string, isNot: boolean, say: (one: T, isNot: boolean) => Phrase): Phrase {
  if (all.length === 1) return say(all[0]!, isNot);
  const isEachNot = isNot && joint === OR;
  const link = isEachNot ? AND : joint;
  const parts = all.map((one) => say(one, isEachNot));
  const bracketed = (part: Phrase) =>
    part.joint !== undefined && part.joint !== link ? { ...part, text: `(${part.text})` } : part;
  const text = parts.map((part) => bracketed(part).text).join(link);
  if (isNot && !isEachNot) return { text: `(${text})に当てはまらない`, isNoun: false };
  return { text, isNoun: parts.at(-1)?.isNoun === true, joint: link };
}

function sayKey([key, value]: [string, unknown], isNot: boolean, own: OwnLabels): Phrase {
  const each = (one: unknown, isOneNot: boolean) => phraseOf(one, isOneNot, own);
  const channel = CHANNELS[String(value)] ?? String(value);
  switch (key) {
    case 'all':
      return joined(Array.isArray(value) ? value : [], AND, isNot, each);
    case 'any':
      return joined(Array.isArray(value) ? value : [], OR, isNot, each);
    case 'not':
      return phraseOf(value, !isNot, own);
    case 'segment':
      return verb(isNot, `セグメント「${value}」に入っている`, `セグメント「${value}」に入っていない`);
    case 'tag':
      return verb(isNot, `タグ「${value}」がある`, `タグ「${value}」がない`);
    case 'consent':
      return verb(isNot, `${channel}の配信に同意している`, `${channel}の配信に同意していない`);
    case 'reachable':
      return verb(isNot, `${channel}で連絡できる`, `${channel}で連絡できない`);
    default:
      return sayComparison(key, sayField(key, own), value, isNot);
  }
}

function sayComparison(path: string, field: string, value: unknown, isNot: boolean, unit = ''): Phrase {
  const operators = isJson(value) ? Object.entries(value) : [['=', value] as [string, unknown]];
  const range = sayRange(operators, unit);
  if (range !== undefined) return noun(isNot, `${field}が${range}`);
  return joined(operators, AND, isNot, ([operator, operand], isOneNot) =>
    sayOperator(path, field, operator, operand, isOneNot, unit),
  );
}

/** `{ ">=": 3000, "<": 10000 }` as 3,000以上10,000未満. */
function sayRange(operators: [string, unknown][], unit: string): string | undefined {
  const low = operators.find(([name]) => name[0] === '>');
  const high = operators.find(([name]) => name[0] === '<');
  if (operators.length !== 2 || !low || !high) return undefined;
  const [from, to] = [low, high].map(([, operand]) => `${sayValue('', operand)}${unit}`);
  if (isMoment(low[1]) && isMoment(high[1]))
    return `${from}${low[0] === '>=' ? '以降' : 'より後'}、${to}${high[0] === '<=' ? '以前' : 'より前'}`;
  return `${from}${low[0] === '>=' ? '以上' : 'を超え'}${to}${high[0] === '<=' ? '以下' : '未満'}`;
}

function sayOperator(
  path: string,
  field: string,
  operator: string,
  operand: unknown,
  isNot: boolean,
  unit: string,
): Phrase {
  const shown = `${sayValue(path, operand)}${unit}`;
  const isTime = isMoment(operand);
  switch (operator) {
    case '=':
    case '!=': {
      const isOther = isNot !== (operator === '!=');
      const flag = typeof operand === 'boolean' ? sayFlag(path) : undefined;
      return flag ? verb(isOther === operand, ...flag) : noun(isOther, `${field}が${shown}`);
    }
    case '<':
      return noun(isNot, `${field}が${shown}${isTime ? 'より前' : '未満'}`);
    case '<=':
      return noun(isNot, `${field}が${shown}${isTime ? '以前' : '以下'}`);
    case '>':
      if (isTime) return noun(isNot, `${field}が${shown}より後`);
      return verb(isNot, `${field}が${shown}より大きい`, `${field}が${shown}より大きくない`);
    case '>=':
      return noun(isNot, `${field}が${shown}${isTime ? '以降' : '以上'}`);
    case 'in':
      return noun(isNot, `${field}が${sayOneOf(path, Array.isArray(operand) ? operand : [], unit)}`);
    case 'contains':
      return verb(isNot, `${field}に${shown}を含む`, `${field}に${shown}を含まない`);
    case 'like':
      return sayLike(path, field, String(operand), isNot);
    case 'exists':
      return verb(isNot === (operand === true), `${field}が分かっている`, `${field}が分からない`);
    case 'olderThan':
      return noun(isNot, `${field}が${saySpan(operand)}より前`);
    case 'inLast':
      return noun(isNot, `${field}が${saySpan(operand)}以内`);
    default:
      return noun(isNot, `${field}がこれから${saySpan(operand)}以内`);
  }
}

function sayOneOf(path: string, values: unknown[], unit: string): string {
  const shown = values.map((one) => `${sayValue(path, one)}${unit}`);
  return shown.length < 4 ? shown.join('か') : `${shown.join('・')}のどれか`;
}

function sayLike(path: string, field: string, pattern: string, isNot: boolean): Phrase {
  const [, month, day] = (/(?:date|birthday|At|On)$/.test(path) && /^\*-(\d\d)-(\d\d|\*)$/.exec(pattern)) || [];
  if (month) return noun(isNot, `${field}が${Number(month)}月${day === '*' ? '' : `${Number(day)}日`}`);
  const [, begin, words = '', end] = /^(\*?)([^*]+)(\*?)$/.exec(pattern) ?? [];
  if (begin && end) return verb(isNot, `${field}に「${words}」を含む`, `${field}に「${words}」を含まない`);
  if (begin) return verb(isNot, `${field}が「${words}」で終わる`, `${field}が「${words}」で終わらない`);
  if (end) return verb(isNot, `${field}が「${words}」で始まる`, `${field}が「${words}」で始まらない`);
  return noun(isNot, `${field}が「${pattern}」${pattern.includes('*') ? '(*は何文字でも)' : ''}`);
}

/** What holds of an item is said without naming each time what the list is of. */
const ofItem = (text: string): string => text.replace(/(^|、|\()商品の/g, '$1');

function sayList({ some, every, where }: Condition, isNot: boolean, own: OwnLabels): Phrase {
  const which = `${ofItem(before(phraseOf(where, false, own)))}もの`;
  const list = sayField(String(some ?? every), own);
  if (some !== undefined) return verb(isNot, `${list}の中に、${which}がある`, `${list}の中に、${which}がない`);
  const all = `${list}がすべて、${which}`;
  return isNot ? { text: `${all}というわけではない`, isNoun: false } : { text: `${all}である`, isNoun: false };
}

function sayPast(condition: Condition, isNot: boolean, own: OwnLabels): Phrase {
  const { count, sum, of, where, same, within, ...operators } = condition;
  const span = within === undefined ? 'これまで' : `この${saySpan(within)}`;
  const type = String(count ?? sum);
  const which = `${saySame(type, same, own)}${where === undefined ? '' : `(${before(phraseOf(where, false, own))}もの)`}`;
  const asked = Object.entries(operators);
  if (sum !== undefined) {
    const isAsked = asked.length > 0;
    const label = sayField(`event.${of}`, own);
    const isPlain = same === undefined && where === undefined && label.startsWith(nameOf(type));
    return sayComparison(
      '',
      `${span}の${isPlain ? '' : `${which}の`}${label}の合計`,
      isAsked ? operators : { '>=': 1 },
      isNot,
    );
  }
  const [operator, operand] = asked[0] ?? ['>=', 1];
  const isAny = (operator === '>=' && operand === 1) || (operator === '>' && operand === 0);
  const isNone = (operator === '=' || operator === '<=') && operand === 0;
  if (asked.length < 2 && (isAny || isNone || (operator === '<' && operand === 1)))
    return verb(isNot === isAny, `${span}に${which}がある`, `${span}に${which}がない`);
  return sayComparison('', `${span}の${which}`, operators, isNot, '回');
}

const nameOf = (type: string): string => (isUsableEvent(type) ? EVENT_NAMES[type] : type);

/** 同じ商品の閲覧, where the event's own name begins with what is the same. */
function saySame(type: string, same: unknown, own: OwnLabels): string {
  const name = nameOf(type);
  if (same === undefined) return name;
  const label = sayField(`event.${same}`, own);
  return `同じ${label}の${name.startsWith(`${label}の`) ? name.slice(label.length + 1) : name}`;
}
