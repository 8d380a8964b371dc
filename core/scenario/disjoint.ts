import { parseDuration } from '../time/duration.ts';
import type { Condition } from './scenario.ts';

/** What one entry of a condition asks of one thing. */
interface Asked {
  of: string;
  operator: string;
  operand: unknown;
}

/**
 * Whether nobody can fulfil both conditions, as far as it shows in them: values, bounds and ages of one path, a segment or a tag and its
 * opposite. `false` means: somebody may.
 */
export function areDisjoint(one: Condition | undefined, other: Condition | undefined): boolean {
  const asked = askedIn(one);
  const others = askedIn(other);
  return asked.some((a) => others.some((b) => a.of === b.of && contradict(a, b)));
}

function askedIn(condition: Condition | undefined): Asked[] {
  return Object.entries(condition ?? {}).flatMap(([key, value]): Asked[] => {
    if (key === 'all' && Array.isArray(value)) return value.flatMap((each) => askedIn(each as Condition));
    if (key === 'not') return opposite(askedIn(value as Condition));
    if (['segment', 'tag', 'consent', 'reachable'].includes(key))
      return [{ of: `${key} ${value}`, operator: '=', operand: true }];
    if (!key.includes('.')) return [];
    const of = key.replace(/^trigger\./, 'event.');
    if (typeof value !== 'object' || value === null) return [{ of, operator: '=', operand: value }];
    return Object.entries(value).map(([operator, operand]) => ({ of, operator, operand }));
  });
}

const OPPOSITE: Record<string, string> = {
  '=': '!=',
  '!=': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
  in: 'notIn',
};

/** Only of one entry: "not both" says nothing of either. */
function opposite(asked: Asked[]): Asked[] {
  const [only] = asked;
  if (!only || asked.length > 1) return [];
  if (only.operator === 'exists') return [{ ...only, operand: !only.operand }];
  const operator = OPPOSITE[only.operator];
  return operator === undefined ? [] : [{ ...only, operator }];
}

function contradict(a: Asked, b: Asked): boolean {
  const values = valuesOf(a);
  if (values) return values.every((value) => excludes(b, value));
  if (valuesOf(b)) return contradict(b, a);
  if (a.operator === 'exists' && b.operator === 'exists') return a.operand !== b.operand;
  if (a.operator === 'exists') return a.operand === false && b.operator !== '!=' && b.operator !== 'notIn';
  if (b.operator === 'exists') return contradict(b, a);
  if (a.operator === 'olderThan' && b.operator === 'inLast') return spanOf(a) >= spanOf(b);
  if (b.operator === 'olderThan' && a.operator === 'inLast') return contradict(b, a);
  return isAbove(a, b) || isAbove(b, a);
}

const valuesOf = ({ operator, operand }: Asked): unknown[] | undefined =>
  operator === '=' ? [operand] : operator === 'in' && Array.isArray(operand) ? operand : undefined;

const spanOf = ({ operand }: Asked): number =>
  typeof operand === 'string' ? (parseDuration(operand) ?? Number.NaN) : Number.NaN;

/** Whether the one wants more than the other allows. */
function isAbove(low: Asked, high: Asked): boolean {
  if (typeof low.operand !== typeof high.operand || !/^>=?$/.test(low.operator) || !/^<=?$/.test(high.operator))
    return false;
  const [least, most] = [low.operand as number, high.operand as number];
  return least > most || (least === most && (low.operator === '>' || high.operator === '<'));
}

/** Whether a value is none that is asked for. */
function excludes(asked: Asked, value: unknown): boolean {
  const { operator, operand } = asked;
  const values = valuesOf(asked);
  if (values) return !values.includes(value);
  switch (operator) {
    case '!=':
      return operand === value;
    case 'notIn':
      return Array.isArray(operand) && operand.includes(value);
    case 'exists':
      return operand === false;
    case '>':
    case '>=':
      return isAbove(asked, { of: asked.of, operator: '<=', operand: value });
    case '<':
    case '<=':
      return isAbove({ of: asked.of, operator: '>=', operand: value }, asked);
    default:
      return false;
  }
}
