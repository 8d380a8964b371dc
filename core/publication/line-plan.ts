import type { Settings } from '../programme.ts';
import type { Finding } from '../scenario/finding.ts';
import type { ScenarioControl, SendStep, Step, Trigger } from '../scenario/scenario.ts';
import type { ScenarioContent } from './verdict.ts';

interface Running {
  content: ScenarioContent;
  control: Pick<ScenarioControl, 'status'>;
}

const WEEKS_A_MONTH = 52 / 12;

/**
 * Whether what scenarios send by LINE on a rhythm or at a yearly date fits the month's quota, should every friend get all of it within the
 * shop's weekly cap. What follows an order, a cart or another event can't be known here: the simulator counts it from the shop's own orders.
 */
export function lintLinePlan(scenarios: Running[], settings: Settings): Finding[] {
  const { line, caps } = settings;
  if (!line) return [];
  const regular = scenarios
    .filter(({ control }) => control.status === 'live' || control.status === 'rehearsal')
    .map(({ content }) => ({ content, each: timesAMonth(content.trigger) * lineSends(content) }))
    .filter(({ each }) => each > 0)
    .sort((a, b) => b.each - a.each);
  if (regular.length === 0) return [];
  if (line.friends === undefined) return [NO_FRIENDS];
  const wished = sumOf(regular.map(({ each }) => each));
  const each = Math.min(wished, caps.line.perWeek * WEEKS_A_MONTH);
  const messages = Math.round(each * line.friends);
  if (messages <= line.monthlyQuota) return [];
  const shown = regular.slice(0, 5).map(({ content, each }) => `${content.name} ${round(each)}通`);
  const many = (count: number): string => count.toLocaleString('ja-JP');
  return [
    {
      level: 'warning',
      rule: 'line-quota',
      path: ['line', 'monthlyQuota'],
      message: `LINEの配信数が、1か月の上限 ${many(line.monthlyQuota)}通を超えそうです。定期的に送る分だけで最大 約${many(messages)}通です(友だち ${many(line.friends)}人 × 1人あたり月${round(each)}通: ${shown.join('、')})。`,
      messageEn: `The plan may exceed the month's ${line.monthlyQuota} LINE messages: up to ${messages} (${line.friends} friends, ${round(each)} each) go out on a rhythm alone.`,
      suggestion: `対象を "audience" で絞るか、回数を減らすか、プランを見直してください。本番とリハーサル中のシナリオを、全員に届くものとして、週${caps.line.perWeek}通の上限の中で数えています。注文やカートをきっかけに送る分は含みません(npm run simulate で数えられます)。`,
      suggestionEn:
        'Narrow the audience, send less often, or take a larger plan. Counted as if every friend got all of it within the weekly cap; what follows orders and carts comes on top (npm run simulate).',
    },
  ];
}

const NO_FRIENDS: Finding = {
  level: 'warning',
  rule: 'line-friends',
  path: ['line'],
  message: '"friends"(LINEの友だちの人数)がないので、1か月の配信数を見積もれません。',
  messageEn: 'Without "friends" the month can\'t be estimated.',
  suggestion:
    '例: "line": { "monthlyQuota": 5000, "friends": 1200 }。人数は LINE Official Account Manager で確かめられます。',
  suggestionEn: 'Such as "line": { "monthlyQuota": 5000, "friends": 1200 }.',
};

const round = (count: number): number => Math.round(count * 10) / 10;
const sumOf = (counts: number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** How often a month it starts for one person; 0 where nobody can tell. */
function timesAMonth(trigger: Trigger): number {
  if ('event' in trigger) return 0;
  if ('date' in trigger) return trigger.every === 'year' ? 1 / 12 : 0;
  return trigger.every === 'week' ? WEEKS_A_MONTH : 1;
}

/** The most LINE messages that one run sends to a friend: where LINE comes first, along the way that sends most. */
const lineSends = ({ steps }: ScenarioContent): number => mostOf(steps);

const mostOf = (steps: Step[]): number => sumOf(steps.map(mostIn));

function mostIn(step: Step): number {
  if ('send' in step) return isByLine(step.send) ? 1 : 0;
  if ('split' in step) return Math.max(...step.split.map((branch) => mostOf(branch.steps)));
  if ('then' in step) return Math.max(mostOf(step.then), mostOf(step.else ?? []));
  return 0;
}

const isByLine = ({ channels }: SendStep): boolean =>
  channels === undefined || channels === 'auto' || channels[0] === 'line';
