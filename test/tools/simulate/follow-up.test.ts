import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asInstant } from '#core/ids.ts';
import { ordersOf } from '#tools/simulate/generate.ts';
import { openFile } from '#tools/simulate/open-file.ts';
import { type FolderRun, openFolder, runFolder } from '#tools/simulate/simulate-folder.ts';

/**
 * The follow-up 30, 90, 240 and 365 days after an order, counted here once more by hand: a customer's newest order counts, each letter goes out at
 * 19:00 in Tokyo on its day, unless they bought again before. Nothing of the engine is used for it.
 */
const ROOT = join(import.meta.dirname, '../../..');
const STEPS = [30, 90, 240, 365];
const DAY = 86_400_000;
const TOKYO = 9 * 3_600_000;

interface Bought {
  customer: string;
  /** Milliseconds since 1970. */
  at: number;
}

function countedByHand(orders: Bought[]): { entered: number; restarted: number; sent: Record<string, number> } {
  const end = Math.max(...orders.map((one) => one.at));
  const sent: Record<string, number> = Object.fromEntries(STEPS.map((days) => [String(days), 0]));
  let entered = 0;
  let restarted = 0;
  for (const [customer, own] of Map.groupBy(orders, (one) => one.customer)) {
    if (customer === '') continue;
    const times = own.map((one) => one.at).sort((a, b) => a - b);
    entered += times.length;
    for (const [i, at] of times.entries()) {
      const next = times[i + 1] ?? Number.POSITIVE_INFINITY;
      const midnight = Math.floor((at + TOKYO) / DAY) * DAY - TOKYO;
      const dueOn = (days: number) => midnight + days * DAY + 19 * 3_600_000;
      // Whoever got the last letter is through, and has nothing to begin anew.
      if (next < dueOn(STEPS.at(-1)!)) restarted++;
      for (const days of STEPS) {
        const due = dueOn(days);
        if (due <= end && due < next) sent[days] = sent[days]! + 1;
      }
    }
  }
  return { entered, restarted, sent };
}

const folder = mkdtempSync(join(tmpdir(), 'follow-up-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What ships, but for the thanks (they wait for the morning), always at 19:00, and nobody is held out. */
beforeAll(() => {
  mkdirSync(join(folder, 'scenarios'));
  cpSync(join(ROOT, 'scenarios/templates'), join(folder, 'templates'), { recursive: true });
  const scenario = JSON.parse(readFileSync(join(ROOT, 'scenarios/scenarios/after-purchase.json'), 'utf8')) as {
    steps: { id?: string; wait?: { at: string } }[];
  };
  scenario.steps = scenario.steps.filter(({ id }) => id !== 'thanks');
  for (const { wait } of scenario.steps) if (wait) wait.at = '19:00';
  writeFileSync(join(folder, 'scenarios/after-purchase.json'), JSON.stringify(scenario));
  const settings = readFileSync(join(ROOT, 'scenarios/settings.json'), 'utf8');
  writeFileSync(
    join(folder, 'settings.json'),
    settings.replace('"holdout": { "scenario": 5, "global": 1 }', '"holdout": { "scenario": 0, "global": 0 }'),
  );
});

async function simulated(file: string): Promise<FolderRun> {
  const judged = await openFolder(folder);
  const now = asInstant('2030-01-01T00:00:00.000Z');
  const people = await openFile(file, { zone: judged.zone, lineShare: 0, now });
  return runFolder(folder, judged, people, { from: people.firstAt, to: people.lastAt }, () => undefined);
}

function toldBy(run: FolderRun): ReturnType<typeof countedByHand> {
  const { entered, restarted, steps } = run.tally.scenarios['after-purchase']!;
  const sent = Object.fromEntries(STEPS.map((days) => [String(days), steps[days]?.sent.email ?? 0]));
  return { entered, restarted, sent };
}

describe('the follow-up after a purchase', () => {
  test.each([
    { customers: 400, orders: 500, seed: 1 },
    { customers: 300, orders: 3000, seed: 2 },
    { customers: 2000, orders: 2000, seed: 3 },
  ])(
    'reaches whom a count by hand says it reaches: $orders orders of $customers customers in 500 days',
    async (shop) => {
      const lines = [...ordersOf({ ...shop, from: '2025-01-01', days: 500 })];
      const file = join(folder, `orders-${shop.seed}.csv`);
      writeFileSync(file, lines.join(''));
      const orders = lines.slice(1).map((line): Bought => {
        const [, customer, at] = line.split(',');
        return { customer: customer!, at: Date.parse(at!) };
      });
      const byHand = countedByHand(orders);
      expect(byHand.sent['365']).toBeGreaterThan(0);
      expect(toldBy(await simulated(file))).toEqual(byHand);
    },
  );

  const real = process.env.ENISHI_REAL_ORDERS ?? '';
  const tried = existsSync(real) ? test : test.skip;
  tried(
    `does so with a real shop's orders (skipped unless ENISHI_REAL_ORDERS names a file of Online Retail invoices)`,
    async () => {
      const text = real.endsWith('.gz') ? gunzipSync(readFileSync(real)).toString() : readFileSync(real, 'utf8');
      const orders = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { invoice: string; at: string; customer: string | null; lines: number[][] })
        .filter(
          ({ invoice, lines }) =>
            /^\d/.test(invoice) && lines.some(([, quantity, price]) => quantity! > 0 && price! > 0),
        )
        .map(({ customer, at }): Bought => ({ customer: customer ?? '', at: Date.parse(`${at.slice(0, 19)}+09:00`) }));
      const run = await simulated(real);
      expect(run.tally.orders).toBeGreaterThan(10_000);
      const { entered, ...rest } = toldBy(run);
      const { entered: guestsApart, ...byHand } = countedByHand(orders);
      expect(rest).toEqual(byHand);
      // A guest's order enters too, and reaches nobody.
      expect(entered).toBe(guestsApart + orders.filter(({ customer }) => customer === '').length);
    },
  );
});
