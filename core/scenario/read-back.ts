import type { Channel, MessageKind } from '../event/event.ts';
import { toInstant } from '../ids.ts';
import type { Settings, ZoneTable } from '../programme.ts';
import { localDate, localTime } from '../time/zone.ts';
import { CHANNELS, sayCondition, sayIf } from './read-back-condition.ts';
import { sayRecommend } from './read-back-recommend.ts';
import {
  ownLabels,
  sayBeginning,
  sayCrossing,
  sayMatch,
  sayOffset,
  sayTrigger,
  WEEKDAYS,
} from './read-back-trigger.ts';
import { type OwnLabels, sayField, sayMoment, saySpan } from './read-back-words.ts';
import type { CouponStep, Expires, Scenario, ScenarioControl, SendStep, Step, Wait } from './scenario.ts';
import { segmentEntered } from './segment-entered.ts';

/** What a scenario speaks of without saying it: the shop's own words and clock. */
export interface ShopWords {
  coupons?: Settings['coupons'];
  zone?: ZoneTable;
}

/** A scenario told back in Japanese, a sentence a line, so that a marketer sees what was understood. */
export function readBack(
  scenario: Omit<Scenario, 'version'>,
  control: Pick<ScenarioControl, 'status' | 'live'>,
  shop: ShopWords = {},
): string[] {
  const own = ownLabels(scenario);
  const lines = [
    sayStatus(control),
    ...(scenario.kind === 'service' ? [SERVICE] : []),
    `きっかけ: ${sayTrigger(scenario)}`,
  ];
  if (scenario.audience) lines.push(`対象: ${sayCondition(scenario.audience, own)}${nounOf(scenario.audience)}`);
  lines.push(`途中でもう一度きっかけがあったら: ${sayAgain(scenario)}`);
  if (scenario.cooldown !== undefined) lines.push(`一度終わった人は、${saySpan(scenario.cooldown)}のあいだ入りません`);
  if (scenario.start?.at !== undefined)
    lines.push(`${sayHour(scenario.start.at, shop.zone)}より前のできごとでは、だれも入りません`);
  const existing = scenario.start?.existing;
  lines.push(...(existing ? [sayExisting(existing, segmentEntered(scenario.trigger))] : []));
  for (const exit of scenario.exit) {
    lines.push(
      'when' in exit
        ? `離脱: ${sayCondition(exit.when, own)}とき`
        : `離脱: ${sayCrossing(exit) ?? sayMatch(exit, own)}`,
    );
  }
  if (scenario.goal) {
    lines.push(`成果: 最後の配信から${saySpan(scenario.goal.within)}以内の${sayMatch(scenario.goal, own)}`);
  }
  const moves = Object.entries(scenario.migrate ?? {}).map(([from, to]) => `「${from}」から「${to}」`);
  if (moves.length > 0) lines.push(`待っている人を、${moves.join('、')}へ移します`);
  const begin = sayBeginning(scenario.trigger);
  const teller: Teller = { lines, begin, own, kind: scenario.kind, isFirst: true, since: undefined, shop };
  lines.push('流れ:');
  saySteps(teller, scenario.steps, 1);
  if (teller.since !== undefined) tell(teller, 1, '終わります');
  return lines;
}

/** Whom, or when: a condition may look at what happened alone. */
const nounOf = (audience: NonNullable<Scenario['audience']>): string =>
  /"(?:customer\.[^"]*|count|sum|tag|segment|consent|reachable)":/.test(JSON.stringify(audience)) ? '人' : 'とき';

/** An instant on the shop's clock. */
function sayHour(at: string, zone: ZoneTable | undefined): string {
  const instant = toInstant(at);
  if (!zone || instant === undefined) return sayMoment(at);
  return `${sayMoment(localDate(zone, instant))} ${localTime(zone, instant).replace(/^0/, '')}`;
}

function sayExisting(
  { perDay, order }: NonNullable<NonNullable<Scenario['start']>['existing']>,
  segment: string | undefined,
): string {
  const field = order && sayField(order.replace(/^-/, ''));
  const by = field === undefined ? '' : `、${field}の${order?.startsWith('-') ? '大きい' : '小さい'}順に`;
  return `すでに当てはまる人も、本番にした日から1日${perDay}人ずつ${by}入ります(本番にする前に、何人・LINE 何通・何円になるかを確かめてください: npm run scenario -- members ${segment ?? 'セグメント'})`;
}

function sayStatus({ status, live }: Pick<ScenarioControl, 'status' | 'live'>): string {
  if (status !== 'live' || (live?.share === undefined && live?.perHour === undefined)) return STATUS[status];
  const share = live.share === undefined ? [] : [`${live.share}%の人だけ`];
  const perHour = live.perHour === undefined ? [] : [`1時間に${live.perHour}通まで`];
  return `${STATUS.live}(${[...share, ...perHour].join('、')})`;
}

const STATUS: Record<ScenarioControl['status'], string> = {
  draft: '状態: 下書き(だれも入らず、途中の人にも送りません)',
  rehearsal: '状態: リハーサル(settings.json の staff にだけ届きます)',
  live: '状態: 本番',
  paused: '状態: 一時停止(だれも入らず、配信も止まります)',
};
const SERVICE = '種類: サービス連絡(同意・上限・送らないグループの外です)';
const AGAIN: Record<Scenario['again'], string> = {
  restart: '前の回をやめて、最初からやり直します',
  ignore: '終わるまで無視します',
  parallel: '別の回として並行して進みます',
};
function sayAgain({ again, per, trigger }: Scenario | Omit<Scenario, 'version'>): string {
  if (again === 'restart' && 'event' in trigger && /^(?:cart|checkout)\./.test(trigger.event)) {
    return `同じカートなら、まだ送っていないステップを新しい時刻から数え直します。別のカートなら、${AGAIN.restart}`;
  }
  return `${AGAIN[again]}${per === undefined ? '' : `(${sayField(`event.${per}`)}ごとに1回)`}`;
}

interface Teller {
  lines: string[];
  /** What the first wait counts from. */
  begin: string;
  own: OwnLabels;
  kind: MessageKind;
  isFirst: boolean;
  /** A wait that was read and not yet told: it begins the next sentence. */
  since: string | undefined;
  shop: ShopWords;
}

function saySteps(teller: Teller, steps: Step[], depth: number): void {
  for (const step of steps) sayStep(teller, step, depth);
}

function sayStep(teller: Teller, step: Step, depth: number): void {
  if ('wait' in step) {
    const told = sayWait(step.wait, teller);
    teller.since =
      teller.since === undefined ? told : `${teller.since}、${isOwnMoment(step.wait) ? 'そのあと' : 'さらに'}${told}`;
    teller.isFirst = false;
  } else if ('send' in step) {
    tell(teller, depth, saySend(step.send, teller));
  } else if ('tag' in step) {
    tell(teller, depth, `タグ「${step.tag}」を付けます`);
  } else if ('untag' in step) {
    tell(teller, depth, `タグ「${step.untag}」を外します`);
  } else if ('set' in step) {
    const all = Object.entries(step.set).map(
      ([name, value]) => `「${name.slice('attributes.'.length)}」を「${value}」に`,
    );
    tell(teller, depth, `属性の${all.join('、')}します`);
  } else if ('exit' in step) {
    tell(teller, depth, step.exit === true ? 'ここで終わります' : `ここで終わります(${step.exit})`);
  } else if ('if' in step) {
    tell(teller, depth, `もし${sayIf(step.if, teller.own)}:`);
    sayBranch(teller, step.then, depth);
    if (step.else && step.else.length > 0) {
      tell(teller, depth, 'そうでなければ:');
      sayBranch(teller, step.else, depth);
    }
  } else if ('coupon' in step) {
    tell(teller, depth, sayCoupon(step.coupon, teller));
  } else if ('recommend' in step) {
    tell(teller, depth, sayRecommend(step.recommend, teller.own));
  } else if ('task' in step) {
    tell(teller, depth, `${step.task.team} に「${step.task.title}」を依頼します`);
  } else if ('call' in step) {
    tell(
      teller,
      depth,
      `お店のシステム「${step.call.webhook}」を呼び出し、${saySpan(step.call.within)}以内にうまくいったら:`,
    );
    sayBranch(teller, step.then, depth);
    tell(teller, depth, 'うまくいかないか、返事がなければ:');
    sayBranch(teller, step.else, depth);
  } else if ('waitFor' in step) {
    const { within, until, offset } = step.waitFor;
    const limit =
      within === undefined
        ? `${sayUntil(until ?? '', offset, teller.own)}まで`
        : saySpan(within).replace(/(?<!間)$/, '間');
    tell(teller, depth, `${sayMatch(step.waitFor, teller.own)}を${limit}待ち、あったら:`);
    sayBranch(teller, step.then, depth);
    tell(teller, depth, 'なければ:');
    sayBranch(teller, step.else, depth);
  } else {
    const total = step.split.reduce((sum, branch) => sum + branch.weight, 0);
    for (const branch of step.split) {
      tell(teller, depth, `「${branch.name}」(${Math.round((branch.weight / total) * 1000) / 10}%の人)には:`);
      sayBranch(teller, branch.steps, depth);
    }
  }
}

function sayBranch(teller: Teller, steps: Step[], depth: number): void {
  teller.since = undefined;
  if (steps.length === 0) tell(teller, depth + 1, '何もせず、先へ進みます');
  saySteps(teller, steps, depth + 1);
  if (teller.since !== undefined) tell(teller, depth + 1, '先へ進みます');
}

function tell(teller: Teller, depth: number, sentence: string): void {
  const begin = teller.since === undefined ? (teller.isFirst ? `${teller.begin}あとすぐ、` : '') : `${teller.since}、`;
  teller.lines.push(`${'  '.repeat(depth)}${begin}${sentence}`);
  teller.since = undefined;
  teller.isFirst = false;
}

function saySend(send: SendStep, { own, kind }: Teller): string {
  const channels =
    send.channels === 'auto' || send.channels === undefined
      ? 'その人に合うチャネル'
      : send.channels.map((one, i) => (i === 0 ? channelOf(one) : `なければ${channelOf(one)}`)).join('、');
  const [first, ...others] = channels.split('、');
  const by = others.length === 0 ? first : `${first}(${others.join('、')})`;
  const condition = send.if ? `(送る直前に、${sayIf(send.if, own)})` : '';
  const other = send.kind === undefined || send.kind === kind ? '' : `(${KINDS[send.kind]})`;
  return `${by}で「${send.template}」を送ります${other}${condition}${sayExpires(send.expires, own)}`;
}

const channelOf = (channel: Channel): string => CHANNELS[channel] ?? channel;
const KINDS: Record<MessageKind, string> = { service: 'サービス連絡', marketing: '販促' };

function sayCoupon({ pool, validUntil, validFor }: CouponStep, { shop, own }: Teller): string {
  const name = `クーポン「${shop.coupons?.[pool]?.label ?? pool}」のコードを、ひとり1つ用意します`;
  if (validUntil) return `${name}(期限は${sayUntil(validUntil.until, validUntil.offset, own)})`;
  return validFor === undefined ? name : `${name}(期限は${saySpan(validFor)}後)`;
}

function sayExpires(expires: Expires | undefined, own: OwnLabels): string {
  if (expires === undefined) return '';
  if (typeof expires === 'string') return `。予定から${saySpan(expires)}を過ぎたら送りません`;
  if ('at' in expires) return `。その日の${expires.at}を過ぎたら送りません`;
  return `。${sayField(expires.until, own)}を過ぎたら送りません`;
}

/** Whether a wait ends at a moment of its own, whatever was waited before. */
const isOwnMoment = (wait: Wait): boolean =>
  typeof wait === 'object' && ('until' in wait || ('days' in wait && wait.from === 'trigger'));

function sayWait(wait: Wait, teller: Teller): string {
  const from = teller.isFirst ? teller.begin : teller.since === undefined ? 'それから' : '';
  if (typeof wait === 'string') return `${from}${saySpan(wait)}後`;
  if ('for' in wait) {
    const span = `${from}${saySpan(wait.for)}`;
    return wait.at === undefined ? `${span}後` : `${span}後を過ぎて最初の${sayTime(wait.at)}に`;
  }
  if ('days' in wait) {
    const isOfTrigger = wait.from === 'trigger' || teller.isFirst;
    const day =
      wait.days === 0
        ? isOfTrigger
          ? `${teller.begin}日`
          : 'その日'
        : `${isOfTrigger ? teller.begin : from}${wait.days}日後`;
    return wait.at === undefined ? day : `${day}の${sayTime(wait.at)}に`;
  }
  const until = sayUntil(wait.until, wait.offset, teller.own);
  return `${until}${wait.at === undefined ? '' : `の${sayTime(wait.at)}`}に`;
}

function sayUntil(until: string, offset: string | undefined, own: OwnLabels): string {
  const day = WEEKDAYS[until] === undefined ? sayField(until, own) : `次の${WEEKDAYS[until]}曜日`;
  return `${day}${offset === undefined ? '' : sayOffset(offset)}`;
}

const sayTime = (at: string): string => (at === 'best' ? '「本人がよく見る時間」' : at);
