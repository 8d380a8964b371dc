import type { Instant } from '#core/ids.ts';
import type { ZoneTable } from '#core/programme.ts';
import type { ByChannel } from '#core/simulation/tally.ts';
import { localDate } from '#core/time/zone.ts';
import type { People } from './people.ts';
import type { FolderRun, Window } from './simulate-folder.ts';
import { whyUnreached } from './unreached.ts';

/** All that a simulation came to. */
export interface Outcome {
  runs: FolderRun[];
  people: People;
  window: Window;
  zone: ZoneTable;
  seconds: number;
}

export const CHANNELS = { line: 'LINE', email: 'メール', postal: '郵送', sms: 'SMS' } as const;

export const count = (value: number): string => value.toLocaleString('ja-JP');

/** `LINE 120、メール 3,400` */
export const sayChannels = (by: ByChannel): string =>
  (Object.keys(CHANNELS) as (keyof typeof CHANNELS)[])
    .filter((channel) => by[channel])
    .map((channel) => `${CHANNELS[channel]} ${count(by[channel]!)}`)
    .join('、') || '0';

export const lineMessagesOf = (run: FolderRun): number => run.lineMonths.reduce((sum, one) => sum + one.messages, 0);
export const costOf = (run: FolderRun): number => run.lineMonths.reduce((sum, one) => sum + one.yen, 0);

/** A card or letter by post: what Japan Post takes for a postcard since October 2024; print and paper come on top. */
export const YEN_A_CARD = 85;
export const cardsOf = (run: FolderRun): number =>
  Object.values(run.tally.months).reduce((sum, month) => sum + (month.postal ?? 0), 0);

/** Messages that a cap made wait or kept back, at least once each time a cap was met. */
export function capHitsOf(run: FolderRun): number {
  let hits = 0;
  for (const { reasons } of Object.values(run.tally.scenarios))
    for (const [reason, times] of Object.entries(reasons)) if (/ cap-/.test(reason)) hits += times;
  return hits;
}

export const dayOf = (zone: ZoneTable, at: Instant): string => localDate(zone, at);

/** The result as lines for a terminal. */
export function sayRuns({ runs, people, window, zone, seconds }: Outcome): string[] {
  const lines = [
    `期間 ${dayOf(zone, window.from)} 〜 ${dayOf(zone, window.to)}、注文 ${count(runs[0]!.tally.orders)}件、お客様 ${count(runs[0]!.tally.customers)}人`,
  ];
  for (const run of runs) {
    lines.push('', runs.length > 1 ? `■ ${run.folder}` : '■ シナリオ');
    const unreached = Object.keys(run.tally.scenarios).filter((id) => run.tally.scenarios[id]!.entered === 0);
    for (const [id, tally] of Object.entries(run.tally.scenarios)) {
      if (tally.entered === 0) continue;
      lines.push(
        `${nameOf(run, id)}: 入った ${count(tally.entered)}、送った ${sayChannels(tally.sentBy)}、待った ${count(tally.held)}、まとめた ${count(tally.merged)}、期限切れ ${count(tally.expired)}、離脱 ${count(tally.exited)}`,
      );
      const why = whyUnreached(run, id);
      if (why !== undefined) lines.push(`  └ ${why}`);
    }
    if (unreached.length > 0) lines.push('', `だれも入らなかったシナリオ(${unreached.length}):`);
    for (const id of unreached) lines.push(`  ${nameOf(run, id)} ─ ${whyUnreached(run, id) ?? ''}`);
    if (unreached.length > 0) lines.push('');
    lines.push(
      `LINE ${count(lineMessagesOf(run))}通、${count(costOf(run))}円${run.lineMonths.some((one) => one.isUnsure) ? '(月10万通を超える分の単価は未確認)' : ''}`,
    );
    if (cardsOf(run) > 0)
      lines.push(`郵送 ${count(cardsOf(run))}通、${count(cardsOf(run) * YEN_A_CARD)}円(1通${YEN_A_CARD}円、想定)`);
    if (run.tally.refused > 0) lines.push(`※ 処理できなかった出来事が${count(run.tally.refused)}件あります。`);
  }
  lines.push('', '想定:', ...assumptionsOf(runs, people).map((one) => `  ${one}`));
  for (const skipped of people.skipped.say()) lines.push(`読めなかった行 ─ ${skipped}`);
  lines.push('', `${seconds}秒で計算しました。購入や売上がどう変わるかは、この試算では分かりません。`);
  return lines;
}

/** What was taken for granted, of the people and of what the scenarios would show them. */
export function assumptionsOf(runs: FolderRun[], people: People): string[] {
  const all = runs.flatMap((run) => run.judgement.scenarios);
  const isRecommending = all.some(({ content }) => JSON.stringify(content.steps).includes('"recommend":'));
  return isRecommending ? [...people.assumptions, WITHOUT_CATALOGUE] : people.assumptions;
}

const WITHOUT_CATALOGUE =
  '商品の情報がないため、おすすめ(recommend)にはいつも min 以上の商品があるものとしました。実際には、足りない人には送られません。';

export const nameOf = (run: FolderRun, id: string): string =>
  run.judgement.scenarios.find(({ content }) => content.id === id)?.content.name ?? id;

/** CPU, all threads together, and memory of the process so far. */
function spent(): { cpuSeconds: number; peakMegabytes: number } {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return {
    cpuSeconds: Math.round((userCPUTime + systemCPUTime) / 10_000) / 100,
    peakMegabytes: Math.round(maxRSS / 1000),
  };
}

/** The result for a machine. */
export function jsonOf({ runs, people, window, seconds }: Outcome): Record<string, unknown> {
  const [first, second] = runs.map(oneOf);
  return {
    ...first,
    ...window,
    assumptions: assumptionsOf(runs, people),
    skipped: people.skipped.count,
    ...(second ? { compare: second } : {}),
    seconds,
    ...spent(),
  };
}

function oneOf(run: FolderRun): Record<string, unknown> {
  const { orders, customers, events, refused, scenarios, months, perCustomer } = run.tally;
  return {
    folder: run.folder,
    orders,
    customers,
    events,
    refused,
    scenarios,
    months,
    messagesPerCustomer: Array.from(perCustomer, (one) => one ?? 0),
    lineMessages: lineMessagesOf(run),
    costYen: costOf(run),
    capHits: capHitsOf(run),
    postalCards: cardsOf(run),
    postalYen: cardsOf(run) * YEN_A_CARD,
    lineMonths: run.lineMonths,
    hasAnswers: run.hasAnswers,
  };
}
