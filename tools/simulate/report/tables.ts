import { sayReason } from '#core/message/reason.ts';
import { branchesOf, keyOf } from '#core/scenario/place.ts';
import type { Step } from '#core/scenario/scenario.ts';
import type { ScenarioTally } from '#core/simulation/tally.ts';
import { CHANNELS, count, nameOf, sayChannels } from '../say.ts';
import type { FolderRun } from '../simulate-folder.ts';
import { type Html, html } from './html.ts';

const titleOf = (run: FolderRun, isPair: boolean): Html | string => (isPair ? html`<h3>${run.folder}</h3>` : '');

/** One row a scenario. */
export function scenarioTable(run: FolderRun, isPair: boolean): Html {
  const rows = Object.entries(run.tally.scenarios).map(
    ([id, one]) =>
      html`<tr><td>${nameOf(run, id)}</td>${cells([one.entered, one.sentBy.line ?? 0, one.sentBy.email ?? 0, one.held, one.merged, one.expired, one.exited, one.restarted, one.completed, one.inside, one.heldOut])}</tr>`,
  );
  return html`${titleOf(run, isPair)}<div class="scroll"><table><tr><th>シナリオ</th>${[
    '入った',
    'LINE',
    'メール',
    '待った',
    'まとめた',
    '期限切れ',
    '離脱',
    'やり直し',
    '完了',
    '途中',
    '送らない群',
  ].map((name) => html`<th>${name}</th>`)}</tr>${rows}</table></div>
<p class="soft">入った = 離脱 + やり直し(新しいきっかけで始めからになった) + 完了 + 途中。「送らない群」は効果測定のため何も送らない人で、入った人数に含みます。</p>`;
}

/** One table a scenario, one row a step. */
export function stepTables(run: FolderRun, isPair: boolean): Html {
  const tables = Object.entries(run.tally.scenarios).map(([id, tally]) =>
    stepTable(nameOf(run, id), tally, keysOf(run, id)),
  );
  return html`${titleOf(run, isPair)}${tables}`;
}

/** The keys of a scenario's sends as they stand in its file. */
function keysOf(run: FolderRun, id: string): string[] {
  const scenario = run.programme.scenario(id, 1);
  const keys: string[] = [];
  const walk = (steps: Step[], prefix: string) => {
    for (const [i, step] of steps.entries()) {
      const place = `${prefix}${i}`;
      if ('send' in step) keys.push(keyOf(step, place));
      for (const [branch, list] of branchesOf(step)) walk(list, `${place}/${branch}/`);
    }
  };
  walk(scenario?.steps ?? [], '');
  return keys;
}

function stepTable(name: string, tally: ScenarioTally, keys: string[]): Html | string {
  const rank = (step: string) => (keys.includes(step) ? keys.indexOf(step) : keys.length);
  const steps = Object.entries(tally.steps).sort(([a], [b]) => rank(a) - rank(b));
  if (steps.length === 0) return html`<h3>${name}</h3><p class="soft">この期間に、ここまで進んだ人はいません。</p>`;
  const rows = steps.map(
    ([step, one]) =>
      html`<tr><td>${step}</td>${cells([one.entered])}<td>${sayChannels(one.sent)}</td>${cells([one.held, one.merged, one.expired, one.suppressed, one.failed, one.exited])}</tr>`,
  );
  return html`<h3>${name}</h3><div class="scroll"><table><tr><th>ステップ</th><th>来た</th><th>送った</th><th>待った</th><th>まとめた</th><th>期限切れ</th><th>送らない</th><th>失敗</th><th>次の前に離脱</th></tr>${rows}</table></div>`;
}

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
