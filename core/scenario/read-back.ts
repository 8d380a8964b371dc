import { EVENT_NAMES, isUsableEvent } from '../dictionary/vocabulary.ts';
import type { Channel } from '../event/event.ts';
import type { Settings } from '../programme.ts';
import { parseDuration } from '../time/duration.ts';
import { sayCondition, sayField, saySpan } from './read-back-condition.ts';
import { sayRecommend } from './read-back-recommend.ts';
import type {
  Condition,
  CouponStep,
  EventMatch,
  EventTrigger,
  Expires,
  Scenario,
  ScenarioControl,
  SendStep,
  Step,
  Wait,
} from './scenario.ts';
import { segmentEntered } from './segment-entered.ts';

/** A scenario told back in Japanese, a sentence a line, so that a marketer sees what was understood. */
export function readBack(
  scenario: Omit<Scenario, 'version'>,
  control: Pick<ScenarioControl, 'status' | 'live'>,
  names: Pick<Settings, 'coupons'> = {},
): string[] {
  const lines = [sayStatus(control), `きっかけ: ${sayTrigger(scenario)}`];
  if (scenario.audience) lines.push(`対象: ${sayCondition(scenario.audience)}人`);
  lines.push(`途中でもう一度きっかけがあったら: ${AGAIN[scenario.again]}${sayPer(scenario)}`);
  if (scenario.cooldown !== undefined) lines.push(`一度終わった人は、${saySpan(scenario.cooldown)}のあいだ入りません`);
  if (scenario.start?.at !== undefined) lines.push(`${scenario.start.at}(UTC)より前のできごとでは、だれも入りません`);
  const existing = scenario.start?.existing;
  lines.push(...(existing ? [sayExisting(existing, segmentEntered(scenario.trigger))] : []));
  for (const exit of scenario.exit) {
    lines.push('when' in exit ? `離脱: ${sayCondition(exit.when)}とき` : `離脱: ${sayMatch(exit)}`);
  }
  if (scenario.goal) {
    lines.push(`成果: 最後の配信から${saySpan(scenario.goal.within)}以内の${sayMatch(scenario.goal)}`);
  }
  const teller: Teller = {
    lines,
    begin: 'event' in scenario.trigger ? nameOf(scenario.trigger.event) : 'きっかけ',
    isFirst: true,
    since: undefined,
    coupons: names.coupons ?? {},
  };
  lines.push('流れ:');
  saySteps(teller, scenario.steps, 1);
  return lines;
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
  if (status !== 'live' || !live) return STATUS[status];
  const share = live.share === undefined ? [] : [`${live.share}%の人だけ`];
  const perHour = live.perHour === undefined ? [] : [`1時間に${live.perHour}通まで`];
  return `${STATUS.live}(${[...share, ...perHour].join('、')})`;
}

const STATUS: Record<ScenarioControl['status'], string> = {
  draft: '状態: 下書き(だれも入りません)',
  rehearsal: '状態: リハーサル(settings.json の staff にだけ届きます)',
  live: '状態: 本番',
  paused: '状態: 一時停止(だれも入らず、配信も止まります)',
};
const AGAIN: Record<Scenario['again'], string> = {
  restart: '前の回をやめて、最初からやり直します',
  ignore: '終わるまで無視します',
  parallel: '別の回として並行して進みます',
};
const CHANNELS: Record<Channel, string> = { email: 'メール', line: 'LINE', postal: '郵便', sms: 'SMS' };
const WEEKDAYS: Record<string, string> = {
  monday: '月',
  tuesday: '火',
  wednesday: '水',
  thursday: '木',
  friday: '金',
  saturday: '土',
  sunday: '日',
};

interface Teller {
  lines: string[];
  /** What the first wait counts from. */
  begin: string;
  isFirst: boolean;
  /** A wait that was read and not yet told: it begins the next sentence. */
  since: string | undefined;
  coupons: NonNullable<Settings['coupons']>;
}

const nameOf = (type: string): string => (isUsableEvent(type) ? EVENT_NAMES[type] : type);

const NEWS = { restocked: '再入荷', 'price-dropped': '値下げ', published: '新商品の公開' };
const KINDS = { requested: 'お知らせを頼んだ人', favourite: 'お気に入りの人', bought: '買った人', viewed: '見た人' };

/** 「この60日のお知らせを頼んだ人・見た人へ、商品の再入荷(在庫1個につき5人、2時間ごと)」 */
function sayInterest({ news, kinds, within, pace }: NonNullable<EventTrigger['interest']>): string {
  const who = kinds.map((kind) => KINDS[kind]).join('・');
  const how = pace ? `(在庫1個につき${pace.perStock}人ずつ、${saySpan(pace.every)}ごと)` : '';
  return `この${saySpan(within)}に関心を示した人(${who})へ、商品の${NEWS[news]}${how}`;
}

function sayTrigger({ trigger }: Pick<Scenario, 'trigger'>): string {
  if ('event' in trigger && trigger.interest) return sayInterest(trigger.interest);
  if ('event' in trigger)
    return (
      sayCrossing(trigger) ?? nameOf(trigger.event) + (trigger.where ? `(${sayCondition(trigger.where)}もの)` : '')
    );
  const at = trigger.at === undefined ? '' : trigger.at === 'best' ? '、本人がよく見る時間' : `、${trigger.at}`;
  if ('date' in trigger) {
    const offset = trigger.offset === undefined ? '' : sayOffset(trigger.offset);
    return `${trigger.every ? '毎年の' : ''}${sayField(trigger.date)}${offset}${at}`;
  }
  if (trigger.every === 'week') {
    const on = trigger.on === 'before-holiday' ? '休みの前の日(週に1回まで)' : `${WEEKDAYS[trigger.on]}曜日`;
    return `毎週の${on}${at}`;
  }
  const day = typeof trigger.day === 'number' ? `${trigger.day}日` : `「${sayField(trigger.day.like)}」と同じ日`;
  return `毎月${day}(その日がない月は末日)${at}`;
}

/** `{ "segment": …, "on": … }` as it was written. */
function sayCrossing({ event, where }: EventTrigger): string | undefined {
  const id = where?.['event.segment'];
  if (typeof id !== 'string' || Object.keys(where ?? {}).length !== 1) return undefined;
  if (event === 'segment.entered') return `セグメント「${id}」に入ったとき`;
  return event === 'segment.left' ? `セグメント「${id}」から出たとき` : undefined;
}

const sayOffset = (offset: string): string =>
  offset.startsWith('-') ? `の${saySpan(offset.slice(1))}前` : `の${saySpan(offset)}後`;

const sayPer = ({ per }: Pick<Scenario, 'per'>): string =>
  per === undefined ? '' : `(${sayField(`event.${per}`)}ごとに1回)`;

function sayMatch(match: EventMatch): string {
  const same = match.same === undefined ? '' : `(きっかけと同じ${sayField(`event.${match.same}`)}のもの)`;
  return `${nameOf(match.event)}${match.where ? `(${sayCondition(match.where)}もの)` : ''}${same}`;
}

function saySteps(teller: Teller, steps: Step[], depth: number): void {
  for (const step of steps) sayStep(teller, step, depth);
}

function sayStep(teller: Teller, step: Step, depth: number): void {
  if ('wait' in step) {
    const told = sayWait(step.wait, teller);
    teller.since = teller.since === undefined ? told : `${teller.since}、さらに${told}`;
    teller.isFirst = false;
  } else if ('send' in step) {
    tell(teller, depth, saySend(step.send));
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
    tell(teller, depth, `もし${sayIf(step.if)}:`);
    sayBranch(teller, step.then, depth);
    if (step.else && step.else.length > 0) {
      tell(teller, depth, 'そうでなければ:');
      sayBranch(teller, step.else, depth);
    }
  } else if ('coupon' in step) {
    tell(teller, depth, sayCoupon(step.coupon, teller));
  } else if ('recommend' in step) {
    tell(teller, depth, sayRecommend(step.recommend));
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
    const limit = within === undefined ? sayUntil(until ?? '', offset) : `${saySpan(within)}`;
    tell(teller, depth, `${sayMatch(step.waitFor)}を${limit}${within === undefined ? '' : '間'}待ち、あったら:`);
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
  teller.since = undefined;
}

function tell(teller: Teller, depth: number, sentence: string): void {
  const begin =
    teller.since === undefined ? (teller.isFirst ? `${teller.begin}のあとすぐ、` : '') : `${teller.since}、`;
  teller.lines.push(`${'  '.repeat(depth)}${begin}${sentence}`);
  teller.since = undefined;
  teller.isFirst = false;
}

function saySend(send: SendStep): string {
  const channels =
    send.channels === 'auto' || send.channels === undefined
      ? 'その人に合うチャネル'
      : send.channels.map((one, i) => (i === 0 ? CHANNELS[one] : `なければ${CHANNELS[one]}`)).join('、');
  const [first, ...others] = channels.split('、');
  const by = others.length === 0 ? first : `${first}(${others.join('、')})`;
  const condition = send.if ? `(送る直前に${sayIf(send.if)})` : '';
  const kind = send.kind === 'service' ? '(サービス連絡)' : '';
  return `${by}で「${send.template}」を送ります${kind}${condition}${sayExpires(send.expires)}`;
}

function sayCoupon({ pool, validUntil, validFor }: CouponStep, teller: Teller): string {
  const name = `クーポン「${teller.coupons[pool]?.label ?? pool}」のコードを、ひとり1つ用意します`;
  if (validUntil) return `${name}(期限は${sayUntil(validUntil.until, validUntil.offset).replace(/まで$/, '')})`;
  return validFor === undefined ? name : `${name}(期限は${saySpan(validFor)}後)`;
}

function sayExpires(expires: Expires | undefined): string {
  if (expires === undefined) return '';
  if (typeof expires === 'string') return `。予定から${saySpan(expires)}を過ぎたら送りません`;
  if ('at' in expires) return `。その日の${expires.at}を過ぎたら送りません`;
  return `。${sayField(expires.until)}を過ぎたら送りません`;
}

function sayWait(wait: Wait, teller: Teller): string {
  const from = teller.isFirst ? `${teller.begin}の` : teller.since === undefined ? 'それから' : '';
  if (typeof wait === 'string') return `${from}${saySpan(wait)}後`;
  if ('for' in wait) {
    return wait.at === undefined
      ? `${from}${saySpan(wait.for)}後`
      : `${from}${saySpan(wait.for)}後を過ぎて最初の${sayTime(wait.at)}に`;
  }
  if ('days' in wait) {
    const anchor = wait.from === 'trigger' ? `${teller.begin}の` : from;
    const day =
      wait.days === 0 ? (wait.from === 'trigger' ? `${teller.begin}当日` : '当日') : `${anchor}${wait.days}日後`;
    return wait.at === undefined ? day : `${day}の${sayTime(wait.at)}に`;
  }
  const until = sayUntil(wait.until, wait.offset);
  return `${until.replace(/まで$/, '')}${wait.at === undefined ? '' : `の${sayTime(wait.at)}`}に`;
}

function sayUntil(until: string, offset: string | undefined): string {
  const day = WEEKDAYS[until] === undefined ? sayField(until) : `次の${WEEKDAYS[until]}曜日`;
  if (offset === undefined || parseDuration(offset) === 0) return `${day}まで`;
  return offset.startsWith('-') ? `${day}の${saySpan(offset.slice(1))}前まで` : `${day}の${saySpan(offset)}後まで`;
}

/** 「6以下の」 is 「6以下」 before なら. */
const sayIf = (condition: Condition): string => `${sayCondition(condition).replace(/の$/, '')}なら`;

const sayTime = (at: string): string => (at === 'best' ? '「本人がよく見る時間」' : at);
