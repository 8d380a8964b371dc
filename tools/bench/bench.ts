import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMiniStack } from '../local/ministack.ts';
import { placesOf } from '../local/places.ts';
import { progressOn } from '../local/progress.ts';
import { makeVenv } from '../local/venv.ts';
import { measureAdvance } from './advance.ts';
import { bundlesOf, faultsOf } from './bundles.ts';
import { countCalls, type Figure } from './calls.ts';
import { measureSegments } from './segments.ts';
import { measureSimulation } from './simulation.ts';

/** `npm run bench`: counts of calls, capacity units and bytes. They mean the same on every machine; what is timed (segments, advance, a simulated year) is told as a ratio to plain reading in the same run. */
const isJson = process.argv.includes('--json');
const progress = progressOn(process.stderr);
const PORT = 8300;

async function synthesize(into: string): Promise<void> {
  const args = ['node_modules/aws-cdk/bin/cdk', 'synth', '--quiet', '-c', 'stage=production', '--output', into];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`cdk synth ended with ${code}`);
}

async function bundles(folder: string): Promise<Record<string, Figure>> {
  const assembly = join(folder, 'cdk.out');
  await progress.step('bundles of the stacks', () => synthesize(assembly));
  const all = await bundlesOf(assembly);
  for (const fault of faultsOf(all)) progress.say(`  ! ${fault}`);
  return Object.fromEntries(
    all.map(({ name, bytes, limit }) => [
      `bundle.${name}`,
      limit === undefined ? { value: bytes } : { value: bytes, limit },
    ]),
  );
}

async function calls(folder: string): Promise<Record<string, Figure>> {
  const python = await makeVenv(placesOf(8400).venv, progress);
  const places = { ...placesOf(PORT), state: join(folder, 'state'), logs: join(folder, 'logs') };
  const ministack = await startMiniStack({ python, port: PORT, places });
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'ap-northeast-1',
  });
  const log = process.stdout.write.bind(process.stdout);
  process.stdout.write = (() => true) as typeof process.stdout.write;
  try {
    return await countCalls(ministack.url);
  } finally {
    process.stdout.write = log;
    await ministack.stop();
  }
}

const folder = await mkdtemp(join(tmpdir(), 'enishi-bench-'));
let figures: Record<string, Figure> = {};
try {
  const timed = { ...measureSegments(), ...(await measureAdvance()), ...(await measureSimulation(progress)) };
  figures = { ...timed, ...(await calls(folder)), ...(await bundles(folder)) };
} finally {
  if (existsSync(folder)) await rm(folder, { recursive: true, force: true });
}
const isOver = ({ value, limit }: Figure) => limit !== undefined && value > limit;
if (!isJson) {
  for (const [name, figure] of Object.entries(figures)) {
    const limit = figure.limit === undefined ? '' : ` of at most ${figure.limit}`;
    console.log(`${isOver(figure) ? '✗' : ' '} ${name.padEnd(38)} ${figure.value}${limit}`);
  }
} else
  console.log(JSON.stringify(Object.fromEntries(Object.entries(figures).map(([name, { value }]) => [name, value]))));
process.exitCode = Object.values(figures).some(isOver) ? 1 : 0;
