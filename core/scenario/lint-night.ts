import { CUSTOMER, fieldAt } from '../dictionary/vocabulary.ts';
import type { Settings } from '../programme.ts';
import { MINUTE, parseDuration } from '../time/duration.ts';
import { isQuietMinute } from '../time/quiet.ts';
import { minutesOf } from '../time/zone.ts';
import type { JsonPath } from './finding.ts';
import { type Reading, warn } from './read.ts';
import type { Scenario, Step, Wait } from './scenario.ts';

/** A minute of the day at which somebody certainly stands at a place, and where the file says so. Undefined: it may be any. */
type Clock = { minute: number; path: JsonPath } | undefined;

interface Night {
  reading: Reading;
  quiet: Settings['quiet'];
  trigger: Clock;
  told: Set<string>;
}

const A_DAY = 1440;

/** Sends whose time of day lies in the quiet hours: they pile up and go out together in the morning, or are too late by then. */
export function lintNights(reading: Reading, scenario: Omit<Scenario, 'version'>, quiet: Settings['quiet']): void {
  const clock = clockOf(scenario.trigger);
  walk({ reading, quiet, trigger: clock, told: new Set() }, scenario.steps, ['steps'], [clock]);
}

/** A calendar's day without a time begins at midnight; an event comes whenever. */
function clockOf(trigger: Scenario['trigger']): Clock {
  if ('event' in trigger || trigger.at === 'best') return undefined;
  if (trigger.at !== undefined) return { minute: minutesOf(trigger.at), path: ['trigger', 'at'] };
  if ('date' in trigger && fieldAt(CUSTOMER, trigger.date.replace(/^customer\./, ''))?.kind !== 'day') return undefined;
  return { minute: 0, path: ['trigger'] };
}

/** Returns the clocks of those who come to the end of the list. */
function walk(night: Night, steps: Step[], path: JsonPath, before: Clock[]): Clock[] {
  let clocks = before;
  for (const [i, step] of steps.entries()) {
    clocks = apart(pass(night, step, [...path, i], clocks));
    if (clocks.length === 0) return clocks;
  }
  return clocks;
}

function pass(night: Night, step: Step, path: JsonPath, clocks: Clock[]): Clock[] {
  if ('exit' in step) return [];
  if ('wait' in step) return clocks.map((clock) => after(night, clock, step.wait, [...path, 'wait']));
  if ('send' in step) {
    for (const clock of clocks) if (clock) judge(night, clock, step.send, path);
    return clocks;
  }
  if ('split' in step)
    return step.split.flatMap((branch, i) => walk(night, branch.steps, [...path, 'split', i, 'steps'], clocks));
  if ('if' in step) {
    const no = step.else ? walk(night, step.else, [...path, 'else'], clocks) : clocks;
    return [...walk(night, step.then, [...path, 'then'], clocks), ...no];
  }
  if ('waitFor' in step || 'call' in step) {
    const within = 'waitFor' in step ? step.waitFor.within : undefined;
    const late = clocks.map((clock) => (within === undefined ? undefined : later(clock, within)));
    return [
      ...walk(night, step.then, [...path, 'then'], [undefined]),
      ...walk(night, step.else, [...path, 'else'], late),
    ];
  }
  return clocks;
}

/** The same clock once. */
const apart = (clocks: Clock[]): Clock[] => [
  ...new Map(
    clocks.map((clock) => [clock === undefined ? '' : `${clock.minute}${clock.path.join('/')}`, clock]),
  ).values(),
];

function after(night: Night, clock: Clock, wait: Wait, path: JsonPath): Clock {
  if (typeof wait === 'string') return later(clock, wait);
  if (wait.at !== undefined)
    return wait.at === 'best' ? undefined : { minute: minutesOf(wait.at), path: [...path, 'at'] };
  if ('for' in wait) return later(clock, wait.for);
  if ('days' in wait) return wait.from === 'trigger' ? night.trigger : clock;
  return undefined;
}

function later(clock: Clock, duration: string): Clock {
  const span = parseDuration(duration);
  return clock && span !== undefined ? { ...clock, minute: (clock.minute + span / MINUTE) % A_DAY } : undefined;
}

function judge(
  night: Night,
  { minute, path }: NonNullable<Clock>,
  send: Extract<Step, { send: unknown }>['send'],
  step: JsonPath,
): void {
  const { quiet, reading } = night;
  if (!isQuietMinute(quiet, minute)) return;
  const time = `${Math.floor(minute / 60)}:${String(Math.floor(minute % 60)).padStart(2, '0')}`;
  const morning = (minutesOf(quiet.to) - minute + A_DAY) % A_DAY;
  const expires = typeof send.expires === 'string' ? parseDuration(send.expires) : undefined;
  if (expires !== undefined && expires <= morning * MINUTE) {
    warn(reading, [...step, 'send', 'expires'], 'expires-at-night', {
      message: `${time} は配信しない時間帯(${quiet.from}〜${quiet.to})で、朝になる前に期限(${send.expires})が切れるため、だれにも届きません。`,
      messageEn: `${time} is inside the quiet hours, and the message expires before they end: nobody gets it.`,
      suggestion: '"expires" を長くするか、日中の時刻にしてください。',
      suggestionEn: 'Let it expire later, or choose a time of day outside them.',
    });
    return;
  }
  if (night.told.has(path.join('/'))) return;
  night.told.add(path.join('/'));
  warn(reading, path, 'at-night', {
    message: `${time} は配信しない時間帯(${quiet.from}〜${quiet.to})です。朝の ${quiet.to} に、ためていた分がまとめて送られます。`,
    messageEn: `${time} is inside the quiet hours: messages pile up and go out at ${quiet.to}.`,
    suggestion: '"19:00" のような日中の時刻か "best" にしてください。',
    suggestionEn: 'Choose a time of day outside them, or "best".',
  });
}
