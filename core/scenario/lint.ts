import type { Settings } from '../programme.ts';
import { parseDuration } from '../time/duration.ts';
import type { JsonPath } from './finding.ts';
import { lintNights } from './lint-night.ts';
import { isJson, type Reading, refuse, warn } from './read.ts';
import type { Exit, Scenario, Step } from './scenario.ts';

type Draft = Omit<Scenario, 'version'>;

/** What a scenario that can be read does all the same not do as it was probably meant. */
export function lint(reading: Reading, scenario: Draft, surroundings: { settings: Settings }): void {
  lintPurchase(reading, scenario);
  lintOwnMessages(reading, scenario);
  const walk: Walk = { reading, sent: new Map() };
  lintSteps(walk, scenario.steps, ['steps']);
  lintNights(reading, scenario, surroundings.settings.quiet);
  if (walk.sent.size === 0) {
    warn(reading, ['steps'], 'sends-nothing', {
      message: 'このシナリオは何も送りません。',
      messageEn: 'This scenario sends nothing.',
    });
  }
}

/** What shows that somebody thinks of buying: marketing that follows it asks for the purchase. */
const WISHES =
  /^(cart\.updated|checkout\.started|product\.viewed|search\.made|favourite\.added|site\.visit|page\.viewed)/;

/** One who has bought should not be asked to buy. */
function lintPurchase(reading: Reading, scenario: Draft): void {
  const { trigger, goal, purpose, kind, exit, again } = scenario;
  const hasWished = 'event' in trigger && kind === 'marketing' && WISHES.test(trigger.event);
  const asks = goal?.event === 'order.placed' || purpose === 'cv' || hasWished;
  const isOver = exit.some((one) => 'event' in one && (one.event === 'order.placed' || one.event === 'order.paid'));
  if (!asks || isOver || ('event' in trigger && trigger.event === 'order.placed' && again === 'restart')) return;
  warn(reading, 'exit' in scenario && exit.length > 0 ? ['exit'] : [], 'no-exit-on-purchase', {
    message: '購入を促すシナリオなのに、購入した人が離脱しません。',
    messageEn: 'It asks for a purchase, and those who buy stay inside.',
    suggestion: '"exit": [ { "event": "order.placed" } ] を加えてください。',
    suggestionEn: 'Add "exit": [ { "event": "order.placed" } ].',
  });
}

/** `event.step` in a message event must name a step of this file, unless another scenario is named. */
function lintOwnMessages(reading: Reading, scenario: Draft): void {
  const ids = new Set(idsOf(scenario.steps));
  const check = (match: Exit, path: JsonPath): void => {
    if (!('event' in match) || !match.event.startsWith('message.') || !match.where) return;
    if ('event.scenario' in match.where) return;
    const step = match.where['event.step'];
    const named = isJson(step) ? [step['='], ...(Array.isArray(step.in) ? step.in : [])] : [step];
    for (const one of named) {
      if (typeof one !== 'string' || ids.has(one)) continue;
      refuse(reading, [...path, 'where', 'event.step'], 'unknown-step', {
        message: `「${one}」というステップはこのシナリオにありません。`,
        messageEn: `This scenario has no step "${one}".`,
        suggestion: '別のシナリオの配信を待つなら "event.scenario" も書いてください。',
        suggestionEn: 'Add "event.scenario" to wait for another scenario\'s message.',
      });
    }
  };
  for (const [i, one] of scenario.exit.entries()) check(one, ['exit', i]);
  if (scenario.goal) check(scenario.goal, ['goal']);
  eachStep(scenario.steps, ['steps'], (step, path) => {
    if ('waitFor' in step) check(step.waitFor, [...path, 'waitFor']);
  });
}

interface Walk {
  reading: Reading;
  /** Sending steps passed so far: whether something was waited for since. */
  sent: Map<string, boolean>;
}

/** Goes through the steps in order; returns whether the list ends the scenario. */
function lintSteps(walk: Walk, steps: Step[], path: JsonPath): boolean {
  for (const [i, step] of steps.entries()) {
    const isOver = lintStep(walk, step, [...path, i]);
    if (!isOver) continue;
    if (i < steps.length - 1) {
      warn(walk.reading, [...path, i + 1], 'unreachable', {
        message: 'ここから先のステップには、だれも進みません。',
        messageEn: 'Nobody gets to the steps from here on.',
        suggestion: '手前の exit を見直すか、このステップを消してください。',
        suggestionEn: 'Look at the exit before it, or delete these steps.',
      });
    }
    return true;
  }
  return false;
}

function lintStep(walk: Walk, step: Step, path: JsonPath): boolean {
  if ('exit' in step) return true;
  if ('tag' in step || 'untag' in step || 'set' in step || 'coupon' in step || 'task' in step || 'recommend' in step)
    return false;
  if ('send' in step) {
    lintAsked(walk, step.send.if, [...path, 'send', 'if']);
    if (step.id !== undefined) walk.sent.set(step.id, false);
    return false;
  }
  if ('wait' in step) {
    lintWait(walk, step);
    return false;
  }
  if ('split' in step) {
    return step.split.map((branch, i) => lintSteps(walk, branch.steps, [...path, 'split', i, 'steps'])).every(Boolean);
  }
  if ('waitFor' in step) {
    if (step.then.length === 0 && step.else.length === 0) {
      warn(walk.reading, path, 'does-nothing', {
        message: '"then" も "else" も空なので、待つだけです。',
        messageEn: 'Both branches are empty: it only waits.',
      });
    }
    for (const id of walk.sent.keys()) walk.sent.set(id, true);
  } else if ('if' in step) lintAsked(walk, step.if, [...path, 'if']);
  const yes = lintSteps(walk, step.then, [...path, 'then']);
  const no = lintSteps(walk, step.else ?? [], [...path, 'else']);
  return yes && no;
}

function lintWait(walk: Walk, { wait }: Extract<Step, { wait: unknown }>): void {
  const isNothing = typeof wait === 'string' && parseDuration(wait) === 0;
  if (!isNothing) for (const id of walk.sent.keys()) walk.sent.set(id, true);
}

/** A check for an open or a click straight after the send: nobody can have opened it yet. */
function lintAsked(walk: Walk, condition: unknown, path: JsonPath): void {
  if (Array.isArray(condition)) {
    for (const [i, one] of condition.entries()) lintAsked(walk, one, [...path, i]);
    return;
  }
  if (!isJson(condition)) return;
  const { step, was } = condition;
  if (typeof step === 'string' && was !== 'sent') {
    const hasWaited = walk.sent.get(step);
    if (hasWaited === false || hasWaited === undefined) {
      warn(walk.reading, path, 'asked-too-early', {
        message:
          hasWaited === undefined
            ? `ここではまだ「${step}」を送っていないので、いつも「いいえ」になります。`
            : `「${step}」を送った直後なので、まだだれも見ていません。`,
        messageEn:
          hasWaited === undefined ? `"${step}" is not sent before this.` : `Nobody can have seen "${step}" yet.`,
        suggestion: '手前に { "wait": "1d" } のような待ち時間を入れてください。',
        suggestionEn: 'Put a wait such as { "wait": "1d" } before it.',
      });
    }
  }
  for (const key of ['all', 'any', 'not']) if (key in condition) lintAsked(walk, condition[key], [...path, key]);
}

function idsOf(steps: Step[]): string[] {
  const ids: string[] = [];
  eachStep(steps, [], (step) => {
    if (step.id !== undefined) ids.push(step.id);
  });
  return ids;
}

/** Every step, wherever it stands, in reading order. */
export function eachStep(steps: Step[], path: JsonPath, visit: (step: Step, path: JsonPath) => void): void {
  for (const [i, step] of steps.entries()) {
    const place = [...path, i];
    visit(step, place);
    if ('split' in step) {
      for (const [k, branch] of step.split.entries()) eachStep(branch.steps, [...place, 'split', k, 'steps'], visit);
    }
    if ('then' in step) eachStep(step.then, [...place, 'then'], visit);
    if ('else' in step && step.else) eachStep(step.else, [...place, 'else'], visit);
  }
}
