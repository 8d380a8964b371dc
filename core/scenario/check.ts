import type { Channel } from '../event/event.ts';
import type { Settings, ZoneTable } from '../programme.ts';
import { readCalendarTrigger } from './check-calendar.ts';
import { checkCondition } from './check-condition.ts';
import { readEventType } from './check-event.ts';
import { checkParallel, readPer } from './check-per.ts';
import { readProductTrigger } from './check-product.ts';
import { readSegmentTrigger } from './check-segment-name.ts';
import { readStart } from './check-start.ts';
import { readSteps, type StepScope } from './check-steps.ts';
import { readMatch } from './check-wait.ts';
import { closest } from './closest.ts';
import type { Finding } from './finding.ts';
import { lint } from './lint.ts';
import { lintCoupons } from './lint-coupons.ts';
import { lintRecommend } from './lint-recommend.ts';
import { fillParams, readParams } from './params.ts';
import {
  isJson,
  isRefused,
  type Json,
  type Range,
  type Reading,
  readDuration,
  readId,
  readList,
  readNumber,
  readObject,
  readText,
  readWord,
  refuse,
} from './read.ts';
import type { Exit, Scenario, ScenarioControl } from './scenario.ts';
import { originOf } from './sends-in.ts';
import { missingDuties } from './settings.ts';

/** What a scenario is judged beside. */
export interface Surroundings {
  settings: Settings;
  zone: ZoneTable;
  /** The channels of every template that is published or about to be. */
  templates: ReadonlyMap<string, readonly Channel[]>;
  /** Those that stand in the folder and are refused: no other name was meant. */
  refusedTemplates?: ReadonlySet<string> | undefined;
  /** The segments that are published or about to be. */
  segments?: ReadonlySet<string>;
}

export interface Checked {
  findings: Finding[];
  /** The id as far as it could be read, for the report of a refused file. */
  id?: string;
  /** Absent when the file is refused. */
  scenario?: Omit<Scenario, 'version'>;
  control?: Omit<ScenarioControl, 'version'>;
  /** Every segment it names, and where. */
  segments?: { segment: string; path: readonly (string | number)[] }[];
}

/** What a scenario may hold beside id, name, trigger and steps; the JSON Schema explains each. */
export const KEYS = [
  '$schema',
  'phase',
  'purpose',
  'kind',
  'status',
  'params',
  'audience',
  'again',
  'per',
  'cooldown',
  'exit',
  'goal',
  'priority',
  'live',
  'start',
  'migrate',
];
/** Judges one scenario file as parsed: everything that is wrong with it, and the scenario if nothing is. */
export function checkScenario(file: unknown, surroundings: Surroundings): Checked {
  const segments = surroundings.segments ?? new Set();
  const reading: Reading = { findings: [], segments, segmentUses: [], names: surroundings.settings };
  const shape = { required: ['id', 'name', 'trigger', 'steps'], optional: KEYS };
  const written = readObject(reading, file, [], shape);
  if (!written) return { findings: reading.findings };
  const id = 'id' in written ? readId(reading, written.id, ['id']) : undefined;
  const named = id === undefined ? {} : { id };
  const before = reading.findings.length;
  const params = readParams(reading, written.params, ['params']);
  const filled = fillParams(reading, written, params);
  // What a broken param leads to would only hide it.
  if (reading.findings.slice(before).some((one) => one.level === 'error'))
    return { findings: reading.findings, ...named };
  const trigger = 'trigger' in filled ? readTrigger(reading, filled.trigger) : undefined;
  const type = trigger && originOf(trigger);
  const scope: StepScope = {
    trigger: type,
    sends: sendIds(filled.steps),
    ids: new Set(),
    templates: surroundings.templates,
    refusedTemplates: surroundings.refusedTemplates,
    count: 0,
  };
  const { steps } =
    'steps' in filled ? readSteps(reading, filled.steps, ['steps'], scope, type ? [type] : []) : { steps: [] };
  const rest = readRest(reading, filled, scope, surroundings);
  const name = 'name' in filled ? readText(reading, filled.name, ['name'], 100) : undefined;
  const control = readControl(reading, filled, surroundings);
  if (isRefused(reading) || id === undefined || name === undefined || !trigger || !type) {
    return { findings: reading.findings, ...named };
  }
  const scenario: Omit<Scenario, 'version'> = { id, name, ...rest, trigger, params, steps };
  lint(reading, scenario, surroundings);
  lintCoupons(reading, scenario);
  lintRecommend(reading, scenario);
  return { findings: reading.findings, id, scenario, control, segments: reading.segmentUses ?? [] };
}

function readTrigger(reading: Reading, value: unknown): Scenario['trigger'] | undefined {
  const path = ['trigger'];
  if (isJson(value) && 'product' in value) return readProductTrigger(reading, value, path);
  if (isJson(value) && 'segment' in value) return readSegmentTrigger(reading, value, path);
  if (isJson(value) && ('date' in value || 'every' in value)) return readCalendarTrigger(reading, value, path);
  const trigger = readObject(reading, value, path, { required: ['event'], optional: ['where'] });
  if (!trigger || !('event' in trigger)) return undefined;
  const event = readEventType(reading, trigger.event, [...path, 'event']);
  const scope = event ? { event: [event], trigger: event } : {};
  const where = 'where' in trigger ? checkCondition(reading, trigger.where, [...path, 'where'], scope) : undefined;
  return event && { event, ...(where ? { where } : {}) };
}

type Rest = Omit<Scenario, 'id' | 'version' | 'name' | 'trigger' | 'params' | 'steps'>;

function readRest(reading: Reading, file: Json, steps: StepScope, surroundings: Surroundings): Rest {
  const { trigger } = steps;
  const rest: Rest = { kind: 'marketing', again: 'ignore', exit: readExits(reading, file.exit, steps) };
  const own = trigger ? { trigger } : {};
  if ('kind' in file) rest.kind = readWord(reading, file.kind, ['kind'], ['marketing', 'service']) ?? rest.kind;
  if ('again' in file) {
    rest.again = readWord(reading, file.again, ['again'], ['restart', 'ignore', 'parallel']) ?? rest.again;
  }
  if ('phase' in file) set(rest, 'phase', readText(reading, file.phase, ['phase'], 40));
  if ('purpose' in file) set(rest, 'purpose', readWord(reading, file.purpose, ['purpose'], ['cv', 'loyalty']));
  if ('audience' in file) {
    const scope = trigger ? { event: [trigger], trigger } : {};
    set(rest, 'audience', checkCondition(reading, file.audience, ['audience'], scope));
  }
  if ('per' in file) set(rest, 'per', readPer(reading, file.per, rest.again, trigger));
  else if (trigger) checkParallel(reading, rest, trigger);
  if ('cooldown' in file) set(rest, 'cooldown', readDuration(reading, file.cooldown, ['cooldown']));
  if ('goal' in file) {
    const goal = readObject(reading, file.goal, ['goal'], {
      required: ['event', 'within'],
      optional: ['where', 'same'],
    });
    const match = goal && readMatch(reading, goal, ['goal'], { ...own, steps: steps.sends });
    const within =
      goal && 'within' in goal ? readDuration(reading, goal.within, ['goal', 'within'], 60_000) : undefined;
    if (match && within !== undefined) rest.goal = { ...match, within };
  }
  if ('start' in file) set(rest, 'start', readStart(reading, file.start, file.trigger, surroundings.zone));
  if ('migrate' in file) set(rest, 'migrate', readMigrate(reading, file.migrate, steps.ids));
  return rest;
}

/** `{ OLD-STEP: NEW-STEP }`: where those inside go on; the new one must be a step of this file. */
function readMigrate(reading: Reading, value: unknown, ids: ReadonlySet<string>): Record<string, string> | undefined {
  if (!isJson(value)) {
    readObject(reading, value, ['migrate'], {});
    return undefined;
  }
  const moves: Record<string, string> = {};
  for (const [from, to] of Object.entries(value)) {
    const text = readText(reading, to, ['migrate', from], 100);
    if (text === undefined) continue;
    if (ids.has(text)) {
      moves[from] = text;
      continue;
    }
    const meant = closest(text, ids);
    refuse(reading, ['migrate', from], 'unknown-step', {
      message: `「${text}」というステップは、このファイルにありません。`,
      messageEn: `There is no step "${text}" in this file.`,
      ...(meant ? { suggestion: `"${meant}" ではありませんか?`, suggestionEn: `Did you mean "${meant}"?` } : {}),
    });
  }
  return moves;
}

function set<K extends keyof Rest>(rest: Rest, key: K, value: Rest[K] | undefined): void {
  if (value !== undefined) rest[key] = value;
}

function readExits(reading: Reading, value: unknown, steps: StepScope): Exit[] {
  if (value === undefined) return [];
  const own = steps.trigger ? { trigger: steps.trigger } : {};
  const list = readList(reading, value, ['exit'], { min: 0, max: 20 }) ?? [];
  return list.flatMap((one, i): Exit[] => {
    const path = ['exit', i];
    if (isJson(one) && 'when' in one) {
      readObject(reading, one, path, { required: ['when'] });
      const scope = { ...own, event: null, steps: steps.sends };
      const when = checkCondition(reading, one.when, [...path, 'when'], scope);
      return when ? [{ when }] : [];
    }
    const exit = readObject(reading, one, path, { required: ['event'], optional: ['where', 'same', 'when'] });
    const match = exit && 'event' in exit ? readMatch(reading, exit, path, { ...own, steps: steps.sends }) : undefined;
    return match ? [match] : [];
  });
}

function readControl(reading: Reading, file: Json, surroundings: Surroundings): Omit<ScenarioControl, 'version'> {
  const control: Omit<ScenarioControl, 'version'> = { status: 'rehearsal', priority: 50 };
  if ('status' in file) {
    const words = ['draft', 'rehearsal', 'live', 'paused'] as const;
    control.status = readWord(reading, file.status, ['status'], words) ?? control.status;
  }
  if ('priority' in file) {
    control.priority = readNumber(reading, file.priority, ['priority'], { min: 0, max: 100 }) ?? control.priority;
  }
  if ('live' in file) {
    const live = readObject(reading, file.live, ['live'], { optional: ['share', 'perHour'] });
    const read = (key: 'share' | 'perHour', range: Range) =>
      live && key in live ? readNumber(reading, live[key], ['live', key], range) : undefined;
    const share = read('share', { min: 0, max: 100, mayBeFraction: true });
    const perHour = read('perHour', { min: 1, max: 1_000_000 });
    if (share !== undefined || perHour !== undefined) {
      control.live = { ...(share === undefined ? {} : { share }), ...(perHour === undefined ? {} : { perHour }) };
    }
  }
  const missing = missingDuties(surroundings.settings);
  if (control.status === 'live' && missing.length > 0) {
    refuse(reading, ['status'], 'sender-incomplete', {
      message: `本番(live)にするには、送信者の表示(${missing.join('、')})が必要です。`,
      messageEn:
        'Going live needs the sender in settings.json: legal name, postal address, contact, opt-out address, from.',
      suggestion: 'settings.json の sender に書いてください。それまでは "rehearsal" で確かめられます。',
      suggestionEn: 'Fill in sender in settings.json. Until then use "rehearsal".',
    });
  }
  return control;
}

/** Ids of every step that sends, wherever it stands. */
function sendIds(steps: unknown, found: Set<string> = new Set()): Set<string> {
  if (!Array.isArray(steps)) return found;
  for (const step of steps) {
    if (!isJson(step)) continue;
    if ('send' in step && typeof step.id === 'string') found.add(step.id);
    sendIds(step.then, found);
    sendIds(step.else, found);
    if (Array.isArray(step.split)) for (const branch of step.split) if (isJson(branch)) sendIds(branch.steps, found);
  }
  return found;
}
