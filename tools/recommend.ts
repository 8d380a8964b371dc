import { parseArgs } from 'node:util';
import { CrmError } from '#core/error.ts';
import { learnNow } from './local/learn.ts';
import { DEFAULT_PORT } from './local/places.ts';
import { progressOn, runTool } from './local/progress.ts';
import { openStage } from './local/stage.ts';
import { evaluate, tableOf } from './recommend/evaluate.ts';
import { readShop } from './recommend/sales.ts';

const USAGE = `Usage: npm run recommend -- learn [--port 8400]
Has the local stage learn at once what it recommends; every night it does so by itself.

Usage: npm run recommend -- evaluate --events FILE [--json] [--currency GBP]
Judges recommendations on a shop's own orders: the last 30 days are held out, parameters are chosen on the 30 days before them.
FILE is NDJSON, gzip or not: Shopify order bodies, events as POST /v1/events takes them (order.changed, product.viewed), or invoices of the
Online Retail data set (--currency is theirs). Nothing is sent anywhere and nothing is written.`;

await runTool(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      events: { type: 'string' },
      currency: { type: 'string' },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (!values.help && positionals.length === 1 && positionals[0] === 'learn') {
    await learnNow(await openStage(Number(values.port)));
    console.log('Learnt: what goes out from now on is recommended anew.');
    return;
  }
  const file = values.events;
  if (values.help || positionals.length !== 1 || positionals[0] !== 'evaluate' || file === undefined) {
    throw new CrmError('bad-input', USAGE);
  }
  const begun = performance.now();
  const progress = progressOn(process.stderr);
  const shop = await progress.step(`reading ${file}`, (note) =>
    readShop(file, { note, ...(values.currency === undefined ? {} : { currency: values.currency }) }),
  );
  for (const [reason, count] of Object.entries(shop.skipped)) progress.say(`    ${count} skipped (${reason})`);
  const done = await evaluate(shop, progress);
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  const { forYouHitRate, forYouCoverage, boughtTogetherHitRate, orderGivenHitRate } = done.ratios;
  const chosen = Object.entries(done.chosen.parameters).map(([name, value]) => `${name} ${value}`);
  const lines = [
    `chosen: ${chosen.join(', ')}`,
    '',
    ...tableOf(done),
    '',
    `for-you finds ${forYouHitRate} times what 30-day popularity finds, with ${forYouCoverage} times as many items;`,
    `bought-together finds ${orderGivenHitRate} times what all-time popularity finds with the rest of an order given,`,
    `${boughtTogetherHitRate} times with one item given. ${seconds} s.`,
  ];
  for (const line of lines) values.json ? progress.say(line) : console.log(line);
  if (values.json) console.log(JSON.stringify({ file, ...done, seconds }));
});
