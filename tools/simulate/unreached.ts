import { EVENT_NAMES } from '#core/dictionary/vocabulary.ts';
import { branchesOf } from '#core/scenario/place.ts';
import { sayField } from '#core/scenario/read-back-words.ts';
import type { Scenario, Step } from '#core/scenario/scenario.ts';
import type { FolderRun } from './simulate-folder.ts';

/** Events that core derives, by what has to be told for it. */
const DERIVED: Record<string, string> = {
  'order.placed': 'order.changed',
  'order.paid': 'order.changed',
  'order.edited': 'order.changed',
  'order.cancelled': 'order.changed',
  'cart.emptied': 'cart.updated',
};
/** What comes of itself, without being told. */
const OWN = /^(message|segment|goal|coupon|call|task)\.|^(site\.visitEnded|order\.lapsed)$/;

const nameOf = (type: string): string => (EVENT_NAMES as Record<string, string>)[type] ?? type;

/** Why a scenario reached nobody, as far as file and folder tell; undefined when it sent something. */
export function whyUnreached(run: FolderRun, id: string): string | undefined {
  const tally = run.tally.scenarios[id];
  if (!tally || tally.sent > 0) return undefined;
  const { status } = run.programme.manifest.controls[id] ?? {};
  if (status === 'draft') return '「下書き」なので動かしていません';
  if (status === 'paused') return '「一時停止」なので動かしていません';
  const scenario = run.programme.scenario(id, 1);
  if (!scenario) return undefined;
  if (tally.entered === 0) return whyNobody(run, scenario);
  const missing = awaitedIn(scenario.steps).find((type) => !isTold(run, type));
  if (missing !== undefined) return `入った人は「${nameOf(missing)}」を待ちますが、ファイルにありません`;
  if (tally.heldOut === tally.entered) return '入った人がみな、効果測定のため送らない人でした';
  return undefined;
}

function whyNobody(run: FolderRun, { trigger, audience }: Scenario): string {
  if ('date' in trigger) return `${sayField(trigger.date)}がファイルから分からないか、期間に入りませんでした`;
  if ('every' in trigger) {
    const like = trigger.every === 'month' && typeof trigger.day === 'object' ? trigger.day.like : undefined;
    return like === undefined ? '対象になる人がいませんでした' : `${sayField(like)}がファイルから分かりません`;
  }
  const { event } = trigger;
  if (trigger.interest) return `「${nameOf(event)}」は商品の在庫や価格の知らせで始まるので、試算できません`;
  if (!isTold(run, event)) return `ファイルに「${nameOf(event)}」がありません`;
  return trigger.where || audience ? '条件に合う人がいませんでした' : `「${nameOf(event)}」が期間にありませんでした`;
}

function isTold({ tally: { types } }: FolderRun, type: string): boolean {
  // What was shipped arrives, told or not.
  if (type === 'order.delivered' && types.has('order.shipped')) return true;
  return OWN.test(type) || types.has(DERIVED[type] ?? type);
}

/** The types of events that steps wait for, in reading order. */
function awaitedIn(steps: Step[]): string[] {
  return steps.flatMap((step) => [
    ...('waitFor' in step ? [step.waitFor.event] : []),
    ...branchesOf(step).flatMap(([, list]) => awaitedIn(list)),
  ]);
}
