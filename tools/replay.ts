import { parseArgs } from 'node:util';
import { CrmError } from '#core/error.ts';
import { localNow } from './local/local-clock.ts';
import { DEFAULT_PORT } from './local/places.ts';
import { progressOn, runTool } from './local/progress.ts';
import { waitUntilQuiet } from './local/quiet.ts';
import { REPLAY_SHOP, readKeys } from './local/secrets.ts';
import { openStage } from './local/stage.ts';
import { replay } from './replay/run.ts';
import { verify } from './replay/verify.ts';

const USAGE = `Usage: npm run replay -- FILE [--limit N] [--currency GBP] [--shop NAME] [--verify] [--json] [--port 8400]
FILE is NDJSON, gzip or not: Shopify order bodies, events as POST /v1/events takes them, or invoices of the Online Retail data set
(--currency is theirs). --verify compares each customer's total in the tables with the file's.`;

await runTool(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      limit: { type: 'string' },
      currency: { type: 'string' },
      shop: { type: 'string', default: REPLAY_SHOP },
      verify: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      help: { type: 'boolean', default: false },
    },
  });
  const [file] = positionals;
  const limit = values.limit === undefined ? undefined : Number(values.limit);
  if (values.help || file === undefined || positionals.length > 1 || (limit !== undefined && !(limit >= 1))) {
    throw new CrmError('bad-input', USAGE);
  }
  const progress = progressOn(values.json ? process.stderr : process.stdout);
  const stage = await openStage(Number(values.port));
  const options = {
    file,
    shop: values.shop,
    ...(limit === undefined ? {} : { limit }),
    ...(values.currency === undefined ? {} : { currency: values.currency }),
  };
  const since = await localNow(stage);
  const done = await replay(stage, await readKeys(stage), options, progress);
  progress.say(
    `${done.posted} posted in ${done.seconds} s: ${done.accepted} accepted, ${done.duplicates} duplicates, ${done.failed} failed.`,
  );
  for (const [reason, count] of Object.entries(done.skipped)) progress.say(`${count} skipped (${reason})`);
  for (const reason of done.reasons) progress.say(`failed: ${reason}`);
  const busy = await progress.step('until everything is applied', (note) =>
    waitUntilQuiet(stage, { seconds: 600, since, note }),
  );
  for (const what of busy) progress.say(`still under way: ${what}`);
  const verified = values.verify ? await progress.step('comparing totals', () => verify(stage, options)) : undefined;
  if (verified) {
    progress.say(
      `${verified.customers} customers with ${verified.orders} orders compared, ${verified.differences.length} differ.`,
    );
    for (const { customer, expected, found, note } of verified.differences.slice(0, 20)) {
      progress.say(`${customer}: ${expected} in the file, ${found} in the tables ${note}`);
    }
  }
  if (values.json) console.log(JSON.stringify({ ...done, ...(verified ? { verified } : {}) }));
  if (done.failed > 0 || (verified?.differences.length ?? 0) > 0) process.exitCode = 1;
});
