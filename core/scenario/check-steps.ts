import type { Origin } from '../dictionary/vocabulary.ts';
import type { Channel } from '../event/event.ts';
import { type ConditionScope, checkCondition } from './check-condition.ts';
import { readCall, readCoupon, readTask } from './check-outward.ts';
import { readRecommend } from './check-recommend.ts';
import { readSend } from './check-send.ts';
import { readSet } from './check-set.ts';
import { readWait, readWaitFor } from './check-wait.ts';
import { closest } from './closest.ts';
import type { JsonPath } from './finding.ts';
import {
  isJson,
  type Json,
  type Reading,
  readId,
  readList,
  readNumber,
  readObject,
  readText,
  refuse,
  refuseKind,
  refuseUnknown,
} from './read.ts';
import type { Step } from './scenario.ts';

/** What the steps of one scenario are read with. */
export interface StepScope {
  trigger: Origin | undefined;
  /** Ids of the steps that send. */
  sends: ReadonlySet<string>;
  /** Ids seen so far. */
  ids: Set<string>;
  /** The channels each template has, by template id. */
  templates: ReadonlyMap<string, readonly Channel[]>;
  /** Those that stand in the folder and are refused: no other name was meant. */
  refusedTemplates?: ReadonlySet<string> | undefined;
  count: number;
}

/** The kinds of steps; the JSON Schema explains each. */
export const KINDS = [
  'wait',
  'waitFor',
  'send',
  'if',
  'split',
  'coupon',
  'call',
  'task',
  'recommend',
  'exit',
  'tag',
  'untag',
  'set',
] as const;
/** Kinds that have `then` and `else` beside them. */
export const BRANCHING: readonly string[] = ['if', 'waitFor', 'call'];
/** Kinds whose steps need a name of their own: what they did is remembered under it. */
export const NAMED: readonly string[] = ['send', 'split', 'waitFor', 'coupon'];
/** In characters. */
export const LONGEST_TAG = 50;
const MOST_STEPS = 300;
const MOST_DEPTH = 12;

/** A list of steps, each of one kind; what is wrong is noted. `event`: types the event at hand may be; returns those after the list. */
export function readSteps(
  reading: Reading,
  value: unknown,
  path: JsonPath,
  scope: StepScope,
  event: readonly Origin[],
  depth = 0,
): { steps: Step[]; event: readonly Origin[] } {
  const list = readList(reading, value, path, { min: depth === 0 ? 1 : 0, max: 100 }) ?? [];
  if (depth > MOST_DEPTH) {
    refuse(reading, path, 'too-deep', {
      message: `ステップの入れ子は${MOST_DEPTH}段までです。`,
      messageEn: `Steps nest at most ${MOST_DEPTH} levels.`,
      suggestion: '分岐を減らすか、シナリオを分けてください。',
      suggestionEn: 'Use fewer branches, or several scenarios.',
    });
    return { steps: [], event };
  }
  const steps: Step[] = [];
  let at = event;
  for (const [i, one] of list.entries()) {
    if (++scope.count > MOST_STEPS) {
      if (scope.count === MOST_STEPS + 1) {
        refuse(reading, [...path, i], 'too-many-steps', {
          message: `ステップは1つのシナリオに${MOST_STEPS}個までです。`,
          messageEn: `A scenario has at most ${MOST_STEPS} steps.`,
        });
      }
      break;
    }
    const read = readStep(reading, one, [...path, i], scope, at, depth);
    if (!read) continue;
    steps.push(read.step);
    at = read.event;
  }
  return { steps, event: at };
}

interface ReadStep {
  step: Step;
  event: readonly Origin[];
}

function readStep(
  reading: Reading,
  value: unknown,
  path: JsonPath,
  scope: StepScope,
  event: readonly Origin[],
  depth: number,
): ReadStep | undefined {
  if (!isJson(value)) {
    refuseKind(reading, path, value, 'ステップ({ "send": … } など)', 'a step');
    return undefined;
  }
  const kind = kindOf(reading, value, path);
  if (!kind) return undefined;
  const branches = BRANCHING.includes(kind) ? ['then', 'else'] : [];
  for (const key of Object.keys(value)) {
    if (key !== kind && key !== 'id' && !branches.includes(key)) {
      refuseUnknown(reading, [...path, key], key, [kind, 'id', ...branches]);
    }
  }
  const id = readStepId(reading, value, path, scope, kind);
  const named = <S extends object>(step: S): S & { id?: string } => (id === undefined ? step : { id, ...step });
  const branch = (key: 'then' | 'else', at: readonly Origin[]) =>
    key in value ? readSteps(reading, value[key], [...path, key], scope, at, depth + 1) : { steps: [], event: at };
  const inside: ConditionScope = { event, steps: scope.sends, ...(scope.trigger ? { trigger: scope.trigger } : {}) };
  const place = [...path, kind];
  switch (kind) {
    case 'wait': {
      const wait = readWait(reading, value.wait, place, inside);
      return wait === undefined ? undefined : { step: named({ wait }), event };
    }
    case 'waitFor': {
      const waitFor = readWaitFor(reading, value.waitFor, place, inside);
      const type = waitFor?.event as Origin | undefined;
      const yes = branch('then', type ? [type] : event);
      const no = branch('else', event);
      if (!waitFor) return undefined;
      return { step: named({ waitFor, then: yes.steps, else: no.steps }), event: union(yes.event, no.event) };
    }
    case 'send': {
      const send = readSend(reading, value.send, place, scope, inside);
      return send && { step: named({ send }), event };
    }
    case 'if': {
      const condition = checkCondition(reading, value.if, place, inside);
      if (!('then' in value)) requireBranch(reading, path);
      const yes = branch('then', event);
      const no = branch('else', event);
      if (!condition) return undefined;
      const step = { if: condition, then: yes.steps, ...('else' in value ? { else: no.steps } : {}) };
      return { step: named(step), event: union(yes.event, no.event) };
    }
    case 'split':
      return readSplit(reading, value.split, place, scope, event, depth, named);
    case 'coupon': {
      const coupon = readCoupon(reading, value.coupon, place, inside);
      return coupon && { step: named({ coupon }), event };
    }
    case 'call': {
      const call = readCall(reading, value.call, place);
      const yes = branch('then', ['call.answered']);
      const no = branch('else', ['call.answered']);
      if (!call) return undefined;
      return { step: named({ call, then: yes.steps, else: no.steps }), event: union(yes.event, no.event) };
    }
    case 'task': {
      const task = readTask(reading, value.task, place);
      return task && { step: named({ task }), event };
    }
    case 'recommend': {
      const recommend = readRecommend(reading, value.recommend, place, inside);
      return recommend && { step: named({ recommend }), event };
    }
    case 'exit': {
      if (value.exit === true) return { step: named({ exit: true as const }), event };
      const why = readText(reading, value.exit, place, 100);
      return why === undefined ? undefined : { step: named({ exit: why }), event };
    }
    case 'tag':
    case 'untag': {
      const tag = readText(reading, value[kind], place, LONGEST_TAG);
      if (tag === undefined) return undefined;
      return { step: named(kind === 'tag' ? { tag } : { untag: tag }), event };
    }
    case 'set': {
      const set = readSet(reading, value.set, place);
      return set && { step: named({ set }), event };
    }
  }
}

const union = (a: readonly Origin[], b: readonly Origin[]): readonly Origin[] => [...new Set([...a, ...b])];

function kindOf(reading: Reading, value: Json, path: JsonPath): (typeof KINDS)[number] | undefined {
  const keys = Object.keys(value);
  const kinds = KINDS.filter((kind) => keys.includes(kind));
  if (kinds.length === 1) return kinds[0];
  const meant = keys.map((key) => closest(key, KINDS)).find((kind) => kind !== undefined);
  refuse(reading, path, 'step-kind', {
    message:
      kinds.length === 0
        ? `何をするステップか分かりません(${keys.length === 0 ? '空です' : keys.join('、')})。`
        : `1つのステップにできることは1つです(${kinds.join('、')} が一緒に書かれています)。`,
    messageEn: kinds.length === 0 ? 'A step needs one of its kinds.' : 'A step does one thing only.',
    suggestion:
      kinds.length === 0
        ? meant
          ? `"${meant}" ではありませんか?`
          : 'wait(待つ)、waitFor(できごとを待つ)、send(送る)、if(分ける)、split(割合で分ける)、coupon(クーポン)、call(外部連携)、task(担当者への依頼)、recommend(おすすめ商品)、exit(終える)のどれかを書いてください。'
        : 'ステップを分けて、順に並べてください。',
    suggestionEn:
      kinds.length === 0
        ? meant
          ? `Did you mean "${meant}"?`
          : `Use one of ${KINDS.join(', ')}.`
        : 'Write two steps.',
  });
  return undefined;
}

function readStepId(
  reading: Reading,
  value: Json,
  path: JsonPath,
  scope: StepScope,
  kind: (typeof KINDS)[number],
): string | undefined {
  if (!('id' in value)) {
    if (NAMED.includes(kind)) {
      refuse(reading, path, 'step-id', {
        message: `"${kind}" のステップには "id" が必要です。`,
        messageEn: `A "${kind}" step needs an "id".`,
        suggestion: '例: { "id": "1", … }。後から変えると、別のステップとして扱われます。',
        suggestionEn: 'Such as { "id": "1", … }. Changing it later makes it another step.',
      });
    }
    return undefined;
  }
  const id = readId(reading, value.id, [...path, 'id']);
  if (id === undefined) return undefined;
  if (scope.ids.has(id)) {
    refuse(reading, [...path, 'id'], 'same-id', {
      message: `id「${id}」のステップがもう1つあります。`,
      messageEn: `Two steps have the id "${id}".`,
      suggestion: 'ステップごとに違う id を付けてください。',
      suggestionEn: 'Give each step an id of its own.',
    });
  }
  scope.ids.add(id);
  return id;
}

function requireBranch(reading: Reading, path: JsonPath): void {
  refuse(reading, path, 'required', {
    message: '"then"(条件に合うときのステップ)がありません。',
    messageEn: '"then" is missing.',
    suggestion: '合わないときだけ何かするなら "then": [] と書いてください。',
    suggestionEn: 'Write "then": [] if only "else" does something.',
  });
}

function readSplit(
  reading: Reading,
  value: unknown,
  path: JsonPath,
  scope: StepScope,
  event: readonly Origin[],
  depth: number,
  named: <S extends object>(step: S) => S & { id?: string },
): ReadStep | undefined {
  const list = readList(reading, value, path, { min: 2, max: 10 });
  if (!list) return undefined;
  const names = new Set<string>();
  let total = 0;
  let after: readonly Origin[] = [];
  const split = list.map((one, i) => {
    const place = [...path, i];
    const branch = readObject(reading, one, place, { required: ['name', 'weight', 'steps'] });
    const name = branch && 'name' in branch ? readText(reading, branch.name, [...place, 'name'], 60) : undefined;
    const weight =
      branch && 'weight' in branch
        ? readNumber(reading, branch.weight, [...place, 'weight'], { min: 0, max: 1_000_000, mayBeFraction: true })
        : undefined;
    if (name !== undefined && names.has(name)) {
      refuse(reading, [...place, 'name'], 'same-name', {
        message: `名前「${name}」の分かれ道がもう1つあります。`,
        messageEn: `Two branches are named "${name}".`,
      });
    }
    if (name !== undefined) names.add(name);
    total += weight ?? 1;
    const read = readSteps(reading, branch?.steps ?? [], [...place, 'steps'], scope, event, depth + 1);
    after = union(after, read.event);
    return { name: name ?? '', weight: weight ?? 0, steps: read.steps };
  });
  if (total <= 0) {
    refuse(reading, path, 'weights', {
      message: '割合(weight)の合計が 0 です。',
      messageEn: 'The weights sum to 0.',
      suggestion: '半分ずつなら "weight": 50 を2つ書いてください。',
      suggestionEn: 'Write "weight": 50 twice for halves.',
    });
  }
  return { step: named({ split }), event: after };
}
