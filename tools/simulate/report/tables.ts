import { sayReason } from '#core/message/reason.ts';
import { branchesOf, keyOf } from '#core/scenario/place.ts';
import type { Step } from '#core/scenario/scenario.ts';
import type { ScenarioTally } from '#core/simulation/tally.ts';
import { CHANNELS, count, nameOf, sayChannels } from '../say.ts';
import type { FolderRun } from '../simulate-folder.ts';
import { whyUnreached } from '../unreached.ts';
import { type Html, html } from './html.ts';

const titleOf = (run: FolderRun, isPair: boolean): Html | string => (isPair ? html`<h3>${run.folder}</h3>` : '');

/** One row a scenario. */
export function scenarioTable(run: FolderRun, isPair: boolean): Html {
  const all = Object.entries(run.tally.scenarios);
  const hasPost = all.some(([, one]) => one.sentBy.postal);
  const by = (one: ScenarioTally) => [
    one.sentBy.line ?? 0,
    one.sentBy.email ?? 0,
    ...(hasPost ? [one.sentBy.postal ?? 0] : []),
  ];
  const rows = all
    .filter(([, one]) => one.entered > 0)
    .map(
      ([id, one]) =>
        html`<tr><td>${nameOf(run, id)}${noteOf(run, id)}</td>${cells([one.entered, ...by(one), one.held, one.merged, one.expired, one.exited, one.restarted, one.completed, one.inside, one.heldOut])}</tr>`,
    );
  return html`${titleOf(run, isPair)}<div class="scroll"><table><tr><th>シナリオ</th>${[
    '入った',
    'LINE',
    'メール',
    ...(hasPost ? ['郵送'] : []),
    '待った',
    'まとめた',
    '期限切れ',
    '離脱',
    'やり直し',
    '完了',
    '途中',
    '送らない群',
  ].map((name) => html`<th>${name}</th>`)}</tr>${rows}</table></div>
<p class="soft">入った = 離脱 + やり直し(新しいきっかけで始めからになった) + 完了 + 途中。「送らない群」は効果測定のため何も送らない人で、入った人数に含みます。</p>${unreachedList(run)}`;
}

function noteOf(run: FolderRun, id: string): Html | string {
  const why = whyUnreached(run, id);
  return why === undefined ? '' : html`<br><span class="warn">${why}</span>`;
}

/** The scenarios that nobody entered, with what would have been needed. */
function unreachedList(run: FolderRun): Html | string {
  const ids = Object.keys(run.tally.scenarios).filter((id) => run.tally.scenarios[id]!.entered === 0);
  if (ids.length === 0) return '';
  const items = ids.map(
    (id) => html`<li>${nameOf(run, id)} <span class="soft">─ ${whyUnreached(run, id) ?? ''}</span></li>`,
  );
  return html`<details class="box"><summary>だれも入らなかったシナリオ(${ids.length})</summary><ul>${items}</ul></details>`;
}

/** Two folders' scenarios in one table: what each lets in and sends, and by how much the second differs. */
export function compareTable(one: FolderRun, other: FolderRun): Html {
  const ids = new Set([...Object.keys(one.tally.scenarios), ...Object.keys(other.tally.scenarios)]);
  const numbersOf = (run: FolderRun, id: string) => {
    const { entered = 0, sent = 0, sentBy = {} } = run.tally.scenarios[id] ?? {};
    return [entered, sent, sentBy.line ?? 0];
  };
  const rowOf = (name: string | Html, a: number[], b: number[]) =>
    html`<tr><td>${name}</td>${a.map((value, i) => html`<td>${count(value)}</td><td>${count(b[i]!)}</td><td>${difference(b[i]! - value)}</td>`)}</tr>`;
  const kept = [...ids].filter((id) => [...numbersOf(one, id), ...numbersOf(other, id)].some((value) => value > 0));
  const rows = kept.map((id) => {
    const name = id in one.tally.scenarios ? nameOf(one, id) : nameOf(other, id);
    return rowOf(name, numbersOf(one, id), numbersOf(other, id));
  });
  const totalOf = (run: FolderRun) =>
    kept.reduce((sum, id) => numbersOf(run, id).map((value, i) => value + sum[i]!), [0, 0, 0]);
  const heads = ['入った', '送った', 'うちLINE'].map((head) => html`<th colspan="3">${head}</th>`);
  const columns = [0, 1, 2].map(() => html`<th>A</th><th>B</th><th>差</th>`);
  return html`<h2>2つの案をくらべる</h2><p class="soft">A = ${one.folder} ・ B = ${other.folder}</p>
<div class="scroll"><table><tr><th></th>${heads}</tr><tr><th>シナリオ</th>${columns}</tr>${rows}${rowOf(html`<b>合計</b>`, totalOf(one), totalOf(other))}</table></div>`;
}

const difference = (value: number): string => (value === 0 ? '±0' : value > 0 ? `+${count(value)}` : count(value));

/** One table a scenario, one row a step. */
export function stepTables(run: FolderRun, isPair: boolean): Html {
  const tables = Object.entries(run.tally.scenarios)
    .filter(([, tally]) => tally.entered > 0)
    .map(([id, tally]) => stepTable(nameOf(run, id), tally, sendsOf(run, id)));
  return html`${titleOf(run, isPair)}${tables}`;
}

/** The keys of a scenario's sends as they stand in its file, each with the subject of its letter. */
function sendsOf(run: FolderRun, id: string): Map<string, string> {
  const scenario = run.programme.scenario(id, 1);
  const subjects = new Map(run.judgement.templates.map(({ content }) => [content.id, content.mail?.subject ?? '']));
  const sends = new Map<string, string>();
  const walk = (steps: Step[], prefix: string) => {
    for (const [i, step] of steps.entries()) {
      const place = `${prefix}${i}`;
      if ('send' in step) sends.set(keyOf(step, place), subjects.get(step.send.template) ?? '');
      for (const [branch, list] of branchesOf(step)) walk(list, `${place}/${branch}/`);
    }
  };
  walk(scenario?.steps ?? [], '');
  return sends;
}

function stepTable(name: string, tally: ScenarioTally, sends: Map<string, string>): Html | string {
  const keys = [...sends.keys()];
  const rank = (step: string) => (keys.includes(step) ? keys.indexOf(step) : keys.length);
  const steps = Object.entries(tally.steps).sort(([a], [b]) => rank(a) - rank(b));
  if (steps.length === 0) return html`<h3>${name}</h3><p class="soft">この期間に、ここまで進んだ人はいません。</p>`;
  const rows = steps.map(
    ([step, one]) =>
      html`<tr><td>${step}${subjectOf(sends.get(step))}</td>${cells([one.entered])}<td>${sayChannels(one.sent)}</td>${cells([one.held, one.merged, one.expired, one.suppressed, one.failed, one.exited])}</tr>`,
  );
  return html`<h3>${name}</h3><div class="scroll"><table><tr><th>ステップ</th><th>来た</th><th>送った</th><th>待った</th><th>まとめた</th><th>期限切れ</th><th>送らない</th><th>失敗</th><th>次の前に離脱</th></tr>${rows}</table></div>`;
}

/** What stands in place of what is filled in. */
const subjectOf = (subject = ''): Html | string =>
  subject === ''
    ? ''
    : html`<br><span class="soft">「${subject.replace(/\{\{.*?\}\}/g, '…').replace(/\{%.*?%\}/g, '')}」</span>`;

const SAID: Record<string, string> = {
  held: '待った',
  merged: 'まとめた',
  expired: '期限切れ',
  suppressed: '送らない',
  failed: '失敗',
};

/** Why something waited or did not go out, over all scenarios, the most frequent first. */
export function reasonTable(run: FolderRun, isPair: boolean): Html {
  const all = new Map<string, number>();
  for (const { reasons } of Object.values(run.tally.scenarios)) {
    for (const [reason, times] of Object.entries(reasons)) all.set(reason, (all.get(reason) ?? 0) + times);
  }
  const rows = [...all]
    .sort(([, a], [, b]) => b - a)
    .map(([key, times]) => {
      const [ending = '', reason] = key.split(' ');
      return html`<tr><td>${SAID[ending] ?? ending}: ${sayReason(reason)}</td>${cells([times])}</tr>`;
    });
  const body = rows.length > 0 ? rows : html`<tr><td>ありません</td><td>0</td></tr>`;
  return html`<div>${titleOf(run, isPair)}<div class="scroll"><table><tr><th>理由</th><th>回数</th></tr>${body}</table></div></div>`;
}

/** LINE month by month. */
export function lineTable(run: FolderRun, isPair: boolean): Html {
  const rows = run.lineMonths.map(
    ({ month, messages, plan, yen, isUnsure }) =>
      html`<tr><td>${month.replace('-', '年')}月</td>${cells([messages])}<td>${plan}</td><td>${count(yen)}円${isUnsure ? ' (未確認)' : ''}</td></tr>`,
  );
  const total = run.lineMonths.reduce((sum, one) => sum + one.yen, 0);
  return html`<div>${titleOf(run, isPair)}<div class="scroll"><table><tr><th>月</th><th>${CHANNELS.line}の通数</th><th>プラン</th><th>費用</th></tr>${rows}<tr><td>合計</td>${cells([run.lineMonths.reduce((sum, one) => sum + one.messages, 0)])}<td></td><td>${count(total)}円</td></tr></table></div></div>`;
}

const cells = (values: number[]): Html[] => values.map((value) => html`<td>${count(value)}</td>`);
