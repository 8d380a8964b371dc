import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { CrmError } from '#core/error.ts';
import { judgeBucket } from '#core/publication/judge-bucket.ts';
import { reportOf } from '#core/publication/report.ts';
import { sourceTools } from '#functions/_shared/source-tools.ts';
import { progressOn } from '#tools/local/progress.ts';
import { readFolder, readSchemas } from './folder.ts';
import { type Files, originAfter, planUpgrade, type Step } from './upgrade-plan.ts';

const SHIPPED = join(import.meta.dirname, '../../scenarios');
/** Beside the shop's files: each file of the starting set as the shop last took it, and of which release. */
const ORIGIN = 'origin.json';
const USAGE = '使い方: npm run scenario -- upgrade DIR [--apply] [--keep FILE]… [--from DIR] [--json]';

const SAID: Record<Step['kind'], string> = {
  same: '変わりありません',
  added: '新しく加わりました',
  updated: '新しい版にできます(お店では直していません)',
  merged: '新しい版と、お店の直しを合わせられます',
  kept: 'お店のもののままにします',
  retired: 'このリリースにはもうありません。お店のものは残します',
  conflict: '同じところがどちらでも直されています。お店のもののままにします',
};

/** `upgrade DIR`: what this release changed in the starting set, brought into a shop's folder without losing its edits. Errors: bad-input, not-found. */
export async function upgrade(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      apply: { type: 'boolean', default: false },
      keep: { type: 'string', multiple: true, default: [] },
      from: { type: 'string', default: SHIPPED },
      json: { type: 'boolean', default: false },
    },
  });
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1) throw new CrmError('bad-input', USAGE);
  const progress = progressOn(process.stderr);
  const theirs = await textsOf(values.from);
  const done = await progress.step('くらべる', async () => upgradeFolder(folder, theirs, values));
  for (const line of done.lines) console.log(line);
  if (done.isRefused) process.exitCode = 1;
  if (values.json) console.log(JSON.stringify(done.result));
}

interface Done {
  lines: string[];
  isRefused: boolean;
  result: { isApplied: boolean; release: string; files: { file: string; kind: Step['kind']; conflicts?: object[] }[] };
}

/** Plans, and with `apply` writes; nothing is written when the publisher would refuse what came out. */
export async function upgradeFolder(
  folder: string,
  theirs: Files,
  { apply, keep }: { apply: boolean; keep: string[] },
): Promise<Done> {
  const origin = await readOrigin(folder);
  const mine = await textsOf(folder).catch(() => new Map<string, string>());
  const plan = planUpgrade(origin, mine, theirs);
  const settled = new Set(keep);
  for (const key of keep)
    if (!plan.some((step) => step.key === key))
      throw new CrmError('bad-input', `--keep ${key}: 配布のファイルにありません。例: --keep scenarios/cart-left.json`);
  const written = plan.flatMap((step) => ('text' in step ? [[step.key, step.text] as const] : []));
  const after = new Map([...mine, ...written]);
  const refusals = await refusedIn(after, mine);
  const lines = plan.flatMap((step) => (step.kind === 'same' ? [] : sayStep(step, settled)));
  if (lines.length === 0) lines.push('配布のファイルは、すべて最新です。');
  const isRefused = refusals.length > 0;
  lines.push(...refusals);
  const isApplied = apply && !isRefused;
  if (isApplied) {
    for (const [key, text] of written) await write(folder, key, text);
    await copySchemas(folder);
    await writeOrigin(folder, originAfter(origin, theirs, plan, settled));
    lines.push(`✓ ${written.length}個のファイルを書きました。公開は npm run scenario -- push ${folder} です。`);
  } else if (written.length > 0 && !isRefused)
    lines.push('まだ何も書いていません。書くには --apply を付けてください。');
  const files = plan.map((step) => ({
    file: step.key,
    kind: step.kind,
    ...(step.kind === 'conflict' ? { conflicts: step.conflicts } : {}),
  }));
  return { lines, isRefused, result: { isApplied, release: await release(), files } };
}

function sayStep(step: Step, settled: ReadonlySet<string>): string[] {
  const mark = step.kind === 'conflict' ? '!' : 'text' in step ? '+' : '-';
  if (step.kind !== 'conflict') return [`${mark} ${step.key}: ${SAID[step.kind]}`];
  if (settled.has(step.key)) return [`- ${step.key}: お店のものを正しいものとします`];
  return [
    `${mark} ${step.key}: ${step.conflicts.length > 0 ? SAID.conflict : 'どの版から直したものか分からないので、お店のもののままにします'}`,
    ...step.conflicts.flatMap(({ line, mine, theirs }) => [
      `    ${line}行目から`,
      ...mine.map((text) => `    お店   | ${text}`),
      ...theirs.map((text) => `    新しい | ${text}`),
    ]),
    `    → 見くらべて、要るところを手で直してから、--apply --keep ${step.key} で「見た」と記録してください。`,
  ];
}

/** What the publisher would refuse after the change and not before. */
async function refusedIn(after: Files, before: Files): Promise<string[]> {
  const refused = async (files: Files) => {
    const bytes = [...files].map(([key, text]) => ({ key, content: new TextEncoder().encode(text) }));
    const judged = await judgeBucket(
      bytes.map((one) => ({ ...one, bytes: one.content.length })),
      { manifest: undefined, templates: new Map() },
      sourceTools,
    );
    return judged.verdicts
      .map((one) => reportOf(one, undefined, judged.zone))
      .filter((one) => one.result === 'refused');
  };
  const known = new Set((await refused(before)).map(({ file }) => file));
  return (await refused(after))
    .filter(({ file }) => !known.has(file))
    .map(
      ({ file, problems }) => `✗ ${file}: このままでは公開できないので、何も書きません。${problems[0]?.message ?? ''}`,
    );
}

async function textsOf(folder: string): Promise<Map<string, string>> {
  const files = await readFolder(folder);
  return new Map(
    files.flatMap(({ key, content }): [string, string][] =>
      content ? [[key, new TextDecoder().decode(content)]] : [],
    ),
  );
}

const SHAPE = z.object({ release: z.string(), files: z.record(z.string(), z.string()) });

async function readOrigin(folder: string): Promise<Files> {
  const text = await readFile(join(folder, ORIGIN), 'utf8').catch(() => undefined);
  if (text === undefined) return new Map();
  try {
    return new Map(Object.entries(SHAPE.parse(JSON.parse(text)).files));
  } catch (cause) {
    throw new CrmError(
      'bad-input',
      `${join(folder, ORIGIN)} を読めません。消すと、配布のものとの違いはすべて「お店の直し」として扱われます。`,
      {
        cause,
      },
    );
  }
}

const writeOrigin = async (folder: string, files: Files): Promise<void> =>
  write(folder, ORIGIN, `${JSON.stringify({ release: await release(), files: Object.fromEntries(files) }, null, 1)}\n`);

async function copySchemas(folder: string): Promise<void> {
  for (const { key, content } of await readSchemas(SHIPPED)) if (content) await write(folder, key, content);
}

async function write(folder: string, key: string, body: string | Uint8Array): Promise<void> {
  const path = join(folder, key);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, body);
}

async function release(): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '../../package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
