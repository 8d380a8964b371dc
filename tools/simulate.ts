import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { CrmError } from '#core/error.ts';
import { type Instant, instantOf } from '#core/ids.ts';
import type { ZoneTable } from '#core/programme.ts';
import { progressOn, runTool } from './local/progress.ts';
import { momentOf } from './simulate/local-time.ts';
import { madeUp } from './simulate/made-up.ts';
import { openFile } from './simulate/open-file.ts';
import type { People } from './simulate/people.ts';
import { jsonOf, sayRuns } from './simulate/say.ts';
import { openFolder, runFolder } from './simulate/simulate-folder.ts';

const USAGE = `Usage: npm run simulate -- --scenarios DIR --events FILE [--from 2026-01-01] [--to 2026-12-31] [--customers N]
  [--compare DIR2] [--report FILE.html] [--line-share 30] [--json]
FILE is CSV with order_id, customer_id, ordered_at, total_yen (受注番号, 会員番号, 受注日時, 合計金額; UTF-8 or CP932), or NDJSON:
events of docs/api.md or Shopify order bodies. Without FILE, --customers N makes up a shop of N customers.
--customers with FILE takes the first N. --line-share: per cent of customers who are LINE friends, where the file does not tell.
説明は docs/ja/simulator.md にあります。`;

interface Options {
  scenarios: string;
  events?: string;
  from?: string;
  to?: string;
  customers?: number;
  compare?: string;
  report?: string;
  lineShare: number;
  isJson: boolean;
}

await runTool(async () => {
  const options = readOptions();
  const begun = performance.now();
  const progress = progressOn(process.stderr);
  const folders = options.compare === undefined ? [options.scenarios] : [options.scenarios, options.compare];
  const judged = await progress.step('シナリオを読む', () => Promise.all(folders.map(openFolder)));
  const { zone } = judged[0]!;
  const people = await progress.step(options.events ?? '架空のお店を作る', () => openPeople(options, zone));
  const window = windowOf(options, people, zone);
  const runs = [];
  for (const [i, folder] of folders.entries()) {
    runs.push(
      await progress.step(`${folder} で試算する`, async (note) =>
        runFolder(folder, judged[i]!, people, window, (done) => note(`${done.toLocaleString('ja-JP')}人`)),
      ),
    );
  }
  const seconds = Math.round((performance.now() - begun) / 10) / 100;
  const outcome = { runs, people, window, zone, seconds };
  if (options.report !== undefined) {
    const { reportPage } = await import('./simulate/report/page.ts');
    await writeFile(options.report, await reportPage(outcome));
    progress.say(`レポート: ${options.report}`);
  }
  for (const line of sayRuns(outcome)) console.log(line);
  if (options.isJson) console.log(JSON.stringify(jsonOf(outcome)));
});

async function openPeople(options: Options, zone: ZoneTable): Promise<People> {
  const { events, customers, lineShare } = options;
  if (events === undefined) return madeUp(customers ?? 0, options.from ?? '2026-01-01', { lineShare, zone });
  const limit = customers === undefined ? {} : { customers };
  return openFile(events, { zone, lineShare, now: instantOf(Date.now()), ...limit });
}

/** From the first event to the last, unless said otherwise. Errors: bad-input. */
function windowOf({ from, to }: Options, people: People, zone: ZoneTable): { from: Instant; to: Instant } {
  const read = (name: string, text: string | undefined, isEnd: boolean): Instant | undefined => {
    const at = text === undefined ? undefined : momentOf(text, zone, isEnd);
    if (text !== undefined && at === undefined)
      throw new CrmError('bad-input', `${name} ${text} is no day. 2026-01-01 のように書いてください。`);
    return at;
  };
  const window = { from: read('--from', from, false) ?? people.firstAt, to: read('--to', to, true) ?? people.lastAt };
  if (window.to >= window.from) return window;
  throw new CrmError('bad-input', '--to lies before --from. 期間の終わりが始まりより前です。');
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      scenarios: { type: 'string' },
      events: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      customers: { type: 'string' },
      compare: { type: 'string' },
      report: { type: 'string' },
      'line-share': { type: 'string', default: '0' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { scenarios, events, from, to, customers, compare, report } = values;
  if (values.help || scenarios === undefined || (events === undefined && customers === undefined)) {
    throw new CrmError('bad-input', USAGE);
  }
  const options: Options = {
    scenarios,
    lineShare: numberOf('--line-share', values['line-share'], 0, 100),
    isJson: values.json,
  };
  if (customers !== undefined) options.customers = numberOf('--customers', customers, 1, 10_000_000);
  return Object.assign(
    options,
    events && { events },
    from && { from },
    to && { to },
    compare && { compare },
    report && { report },
  );
}

function numberOf(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < least || value > most) {
    throw new CrmError('bad-input', `${name} must be a number from ${least} to ${most}, not "${text}".`);
  }
  return value;
}
