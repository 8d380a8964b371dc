import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'commands-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a tool as its npm script does; what it printed and how it ended. */
function run(tool: string, ...args: string[]): { lines: string[]; code: number; errors: string } {
  const options = { cwd: ROOT, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' }, stdio: 'pipe' } as const;
  try {
    return {
      lines: execFileSync(process.execPath, [`tools/${tool}.ts`, ...args], options)
        .trimEnd()
        .split('\n'),
      code: 0,
      errors: '',
    };
  } catch (error) {
    const { stdout, stderr, status } = error as { stdout: string; stderr: string; status: number };
    return { lines: stdout.trimEnd().split('\n'), code: status, errors: stderr };
  }
}
const jsonOf = (lines: string[]) => JSON.parse(lines.at(-1) ?? '');

const shop = join(folder, 'shop');
beforeAll(() => {
  for (const part of ['templates', 'settings.json'])
    cpSync(join(ROOT, 'scenarios', part), join(shop, part), { recursive: true });
  const name = 'scenarios/after-purchase.json';
  cpSync(join(ROOT, 'scenarios', name), join(shop, name));
  const rows = Array.from(
    { length: 60 },
    (_, i) => `${i},c${i % 20},2026-0${1 + Math.floor(i / 20)}-10T12:00:00+09:00,3980\n`,
  );
  writeFileSync(join(folder, 'orders.csv'), `order_id,customer_id,ordered_at,total_yen\n${rows.join('')}`);
});

describe('npm run scenario -- check', () => {
  test('accepts what ships, and reads every scenario back', () => {
    const { lines, code } = run('scenario', 'check', shop, '--json');
    const { isAccepted, problems, scenarios } = jsonOf(lines);
    expect(code).toBe(0);
    expect(isAccepted).toBe(true);
    expect(problems.filter(({ level }: { level: string }) => level === 'error')).toEqual([]);
    expect(scenarios[0]).toMatchObject({ id: 'after-purchase', file: 'scenarios/after-purchase.json' });
    expect(lines.join('\n')).toContain('注文の30日後');
  });

  test('refuses with file, line, column, path, rule and what to write instead, in Japanese or English', () => {
    const bad = join(folder, 'bad');
    cpSync(shop, bad, { recursive: true });
    const path = join(bad, 'scenarios/after-purchase.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"after-30"', '"after-31"'));
    const japanese = run('scenario', 'check', bad, '--json');
    expect(japanese.code).toBe(1);
    expect(jsonOf(japanese.lines)).toMatchObject({ isAccepted: false, refused: 1 });
    expect(jsonOf(japanese.lines).problems).toContainEqual(
      expect.objectContaining({
        file: 'scenarios/after-purchase.json',
        level: 'error',
        rule: 'no-template',
        path: 'steps[2].send.template',
        line: 15,
        suggestion: expect.stringContaining('after-30'),
      }),
    );
    expect(run('scenario', 'check', bad, '--lang', 'en').lines.join('\n')).toContain('Did you mean "after-30"?');
  });

  test('tells a folder that is not there in a sentence', () => {
    const { code, errors } = run('scenario', 'check', join(folder, 'nowhere'));
    expect(code).toBe(1);
    expect(errors).toMatch(/読めません/);
    expect(errors).not.toMatch(/at .*\.ts:/);
  });
});

describe('npm run simulate', () => {
  test('ends its output with one JSON object: orders, customers, scenarios, LINE, yen, seconds', () => {
    const report = join(folder, 'report.html');
    const args = [
      '--scenarios',
      shop,
      '--events',
      join(folder, 'orders.csv'),
      '--line-share',
      '50',
      '--report',
      report,
      '--json',
    ];
    const outcome = jsonOf(run('simulate', ...args).lines);
    expect(outcome).toMatchObject({ orders: 60, customers: 20 });
    expect(outcome.scenarios['after-purchase']).toMatchObject({
      entered: 60,
      merged: 0,
      exited: 0,
      restarted: 40,
      inside: 20,
    });
    expect(outcome.lineMessages).toBe(outcome.scenarios['after-purchase'].sentBy.line);
    expect(outcome.lineMessages).toBeGreaterThan(0);
    expect(outcome.seconds).toBeGreaterThan(0);
    expect(outcome.costYen).toBe(0);
    const page = readFileSync(report, 'utf8');
    expect(page).toContain('購入や売上がどう変わるかは分かりません');
    expect(page).toContain('<svg');
    expect(page).toContain('想定');
    expect(page).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  });

  test('says of a scenario that reached nobody what the file lacks for it', () => {
    const wide = join(folder, 'wide');
    cpSync(shop, wide, { recursive: true });
    for (const name of ['cart-left', 'birthday', 'purchase-arrival'])
      cpSync(join(ROOT, `scenarios/scenarios/${name}.json`), join(wide, `scenarios/${name}.json`));
    const report = join(folder, 'wide.html');
    const args = ['--scenarios', wide, '--events', join(folder, 'orders.csv'), '--report', report];
    const said = run('simulate', ...args).lines.join('\n');
    expect(said).toContain('カゴ落ち ─ ファイルに「カートの更新」がありません');
    expect(said).toMatch(/バースデー.* ─ 誕生日がファイルから分からない/);
    expect(said).toContain('入った人は「お届け」を待ちますが、ファイルにありません');
    const page = readFileSync(report, 'utf8');
    expect(page).toContain('だれも入らなかったシナリオ(2)');
    expect(page).toContain('「お届け」を待ちますが');
  });

  test('shows two folders side by side', () => {
    const other = join(folder, 'other');
    cpSync(shop, other, { recursive: true });
    const path = join(other, 'scenarios/after-purchase.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"status": "rehearsal"', '"status": "paused"'));
    const report = join(folder, 'both.html');
    const events = join(folder, 'orders.csv');
    const args = ['--scenarios', shop, '--compare', other, '--events', events, '--report', report, '--json'];
    const outcome = jsonOf(run('simulate', ...args).lines);
    expect(outcome.scenarios['after-purchase'].entered).toBe(60);
    expect(outcome.compare.scenarios['after-purchase'].entered).toBe(0);
    expect(readFileSync(report, 'utf8')).toMatch(/2つの案をくらべる.*<td>60<\/td><td>0<\/td><td>-60<\/td>/s);
  });

  test('makes a shop up when there is no file', () => {
    const outcome = jsonOf(run('simulate', '--scenarios', shop, '--customers', '50', '--json').lines);
    expect(outcome).toMatchObject({ orders: 150, customers: 50 });
  });

  test('tells a file nobody can read in a sentence', () => {
    const { code, errors } = run('simulate', '--scenarios', shop, '--events', join(folder, 'nothing.csv'));
    expect(code).toBe(1);
    expect(errors).toMatch(/can't be read/);
  });
});
