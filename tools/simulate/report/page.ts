import { ASSUMED_ANSWERS } from '#core/simulation/answers.ts';
import {
  assumptionsOf,
  CHANNELS,
  capHitsOf,
  cardsOf,
  costOf,
  count,
  dayOf,
  lineMessagesOf,
  type Outcome,
  YEN_A_CARD,
} from '../say.ts';
import type { FolderRun } from '../simulate-folder.ts';
import { barsOf, monthChart, spreadChart, sum } from './charts.ts';
import { fontFaces } from './fonts.ts';
import { Html, html } from './html.ts';
import { samplesOf } from './samples.ts';
import { STYLE } from './style.ts';
import { compareTable, lineTable, reasonTable, scenarioTable, stepTables } from './tables.ts';

/** At most so many bars, each of one or more messages. */
const BARS = 10;

/** The report as one page that needs nothing from outside. */
export async function reportPage(outcome: Outcome): Promise<string> {
  const body = html`<main>${[
    head(outcome),
    outcome.runs.map((run) => figures(run, outcome.runs.length > 1)),
    outcome.runs[1] ? compareTable(outcome.runs[0]!, outcome.runs[1]) : '',
    html`<h2>シナリオごと</h2>${outcome.runs.map((run) => scenarioTable(run, outcome.runs.length > 1))}`,
    charts(outcome),
    html`<h2>LINEの通数と費用</h2><div class="pair">${outcome.runs.map((run) => lineTable(run, outcome.runs.length > 1))}</div>
      <p class="soft">LINE公式アカウントの料金プラン(税別、2023年6月から。2026年8月の資料まで変わりなし)で、その月の通数を送れるいちばん安いプランです。挨拶や一斉配信など、Enishi の外で送る分は入っていません。月10万通を超える分の単価は公開されておらず、2.8円で数えました(未確認)。</p>`,
    html`<h2>ステップごと</h2>${outcome.runs.map((run) => stepTables(run, outcome.runs.length > 1))}`,
    html`<h2>待った・送らなかった理由</h2><div class="pair">${outcome.runs.map((run) => reasonTable(run, outcome.runs.length > 1))}</div>`,
    html`<h2>お客様の例</h2><p class="soft">このお客様に何が起きて、何を送るか(送らないか)です。</p><div class="pair">${samplesOf(outcome.runs[0]!)}</div>`,
    assumptions(outcome),
  ]}</main>`;
  const fonts = await fontFaces(body.text);
  return `<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>シナリオの試算</title><style>${fonts}${STYLE}</style></head><body>${body.text}</body></html>
`;
}

function head({ runs, window, zone, people }: Outcome): Html {
  const { orders, customers } = runs[0]!.tally;
  const skipped = people.skipped.count;
  return html`<h1>シナリオの試算</h1>
<p class="soft">${dayOf(zone, window.from)} 〜 ${dayOf(zone, window.to)} ・ 注文 ${count(orders)}件 ・ お客様 ${count(customers)}人${
    skipped > 0 ? ` ・ 読めなかった行 ${count(skipped)}` : ''
  }</p>
<div class="note">「この期間にシナリオが動いていたら、誰に何が何通届いたか」を、本番と同じ判断で数えたものです。何も送っていません。<b>購入や売上がどう変わるかは分かりません</b>(もともと起きた注文を数えても、効果にはなりません)。</div>`;
}

const titleOf = (run: FolderRun, isPair: boolean): Html | string =>
  isPair ? html`<h3 class="folder">${run.folder}</h3>` : '';

function figures(run: FolderRun, isPair: boolean): Html {
  const all = Object.values(run.tally.scenarios);
  const sent = sum(all.map((one) => one.sent));
  const { perCustomer, customers } = run.tally;
  const most = perCustomer.length - 1;
  const cards: [string, string][] = [
    [`${count(sent)}通`, '送るメッセージ'],
    [`${customers === 0 ? 0 : Math.round((sent / customers) * 10) / 10}通`, 'ひとりあたり平均'],
    [`${count(Math.max(0, most))}通`, 'いちばん多い人'],
    [`${count(sum(all.map((one) => one.held)))}通`, `待ったメッセージ(上限に当たった ${count(capHitsOf(run))}回)`],
    [`${count(lineMessagesOf(run))}通`, 'うちLINE'],
    [`${count(costOf(run))}円`, 'LINEの費用(税別)'],
  ];
  if (cardsOf(run) > 0)
    cards.push([`${count(cardsOf(run))}通`, `郵送(1通${YEN_A_CARD}円で${count(cardsOf(run) * YEN_A_CARD)}円、想定)`]);
  return html`${titleOf(run, isPair)}<div class="cards">${cards.map(
    ([value, label]) => html`<div class="card"><b>${value}</b><span>${label}</span></div>`,
  )}</div>`;
}

function charts({ runs }: Outcome): Html {
  const months = everyMonth(runs.flatMap((run) => Object.keys(run.tally.months)).sort());
  const ofMonth = (run: FolderRun, month: string) => sum(Object.values(run.tally.months[month] ?? {}));
  const most = Math.max(1, ...runs.flatMap((run) => months.map((month) => ofMonth(run, month))));
  const width = Math.max(1, ...runs.map((run) => Math.ceil(run.tally.perCustomer.length / BARS)));
  const mostPeople = Math.max(1, ...runs.flatMap((run) => barsOf(run.tally.perCustomer, width)));
  const used = (Object.keys(CHANNELS) as (keyof typeof CHANNELS)[]).filter((channel) =>
    runs.some((run) => Object.values(run.tally.months).some((month) => month[channel])),
  );
  const colour: Record<string, string> = { line: '#12a150', email: '#2f5d8a', postal: '#b7791f', sms: '#7a5195' };
  const legend = html`<div class="legend">${used.map((channel) => html`<span><i style="background:${colour[channel]!}"></i>${CHANNELS[channel]}</span>`)}</div>`;
  const isPair = runs.length > 1;
  const byMonth = runs.map(
    (run) =>
      html`<div class="box">${titleOf(run, isPair)}${new Html(monthChart(run.tally.months, months, { most }))}</div>`,
  );
  const byPeople = runs.map(
    (run) =>
      html`<div class="box">${titleOf(run, isPair)}${new Html(spreadChart(run.tally.perCustomer, width, { most: mostPeople }))}</div>`,
  );
  if (isPair)
    return html`<h2>月ごとの通数</h2>${legend}<div class="pair">${byMonth}</div><h2>ひとりに届く通数</h2><div class="pair">${byPeople}</div>`;
  return html`<div class="pair"><section><h2>月ごとの通数</h2>${byMonth}${legend}</section><section><h2>ひとりに届く通数</h2>${byPeople}</section></div>`;
}

/** From the first to the last, those without a message too. */
function everyMonth(months: string[]): string[] {
  const [first] = months;
  const last = months.at(-1) ?? '';
  const all: string[] = [];
  for (let month = first; month !== undefined && month <= last; ) {
    all.push(month);
    const [year = 0, number = 1] = month.split('-').map(Number);
    month = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
  }
  return all;
}

function assumptions({ runs, people, seconds }: Outcome): Html {
  const run = runs[0]!;
  const { caps, quiet, holdout } = run.programme.manifest.settings;
  const answers = run.hasAnswers
    ? html`<li>開封・クリックを条件に使うシナリオがあるため、次の割合で起きたものとしました(想定。実績ではありません): ${Object.entries(
        ASSUMED_ANSWERS,
      )
        .map(
          ([channel, rates]) =>
            `${CHANNELS[channel as keyof typeof CHANNELS]} 開封${rates.opened}%・クリック${rates.clicked}%`,
        )
        .join('、')}</li>`
    : html`<li>開封・クリックを条件に使うシナリオがないので、開封・クリックは計算していません。</li>`;
  return html`<h2>想定と限界</h2><div class="note"><ul>${assumptionsOf(runs, people).map((one) => html`<li>${one}</li>`)}${answers}
<li>status が「リハーサル」のシナリオも、本番と同じに送るものとしました。「下書き」「一時停止」は動かしていません。</li>
<li>上限: LINE 週${caps.line.perWeek}通、メール 週${caps.email.perWeek}通、合わせて1日${caps.all.perDay}通。送らない時間: ${quiet.from}〜${quiet.to}。効果測定のため送らない人: 全体の${holdout.global}%と、シナリオごとに${holdout.scenario}%。</li>
<li>期間より前の注文は、お客様の履歴としてだけ使いました。期間の終わりに途中の人は「途中」です。</li>
<li>クーポンは尽きないもの、外部システムの呼び出し(call)は必ず成功するものとしました。郵送は1通${YEN_A_CARD}円(はがきの郵便料金。印刷代は別)で数えました。</li>
<li>メールの不達、配信停止、LINEのブロックは、ファイルに書かれていないかぎり起きないものとしました。</li>
<li>「効果測定で送らない人」や「分岐(split)」で誰がどちらになるかは、本番とは別の計算で決めています(割合は同じです)。</li>
${people.skipped.say().map((one) => html`<li>読めなかった行 ─ ${one}</li>`)}
</ul></div><p class="soft">計算 ${seconds}秒</p>`;
}
