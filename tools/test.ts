import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_PORT, placesOf } from './local/places.ts';
import { progressOn } from './local/progress.ts';
import { makeVenv } from './local/venv.ts';

/** Runs every test project in turn, from the quick ones to the deployed stacks, and closes with `N passed, N failed, N skipped`. */
const PROJECTS = ['fast', 'stacks', 'real', 'e2e'];

interface Totals {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numRuntimeErrorTestSuites: number;
}

async function runProject(project: string, folder: string): Promise<Totals> {
  const file = join(folder, `${project}.json`);
  const options = ['--selectProjects', project, '--json', '--outputFile', file, '--silent=false'];
  if (project === 'real' || project === 'e2e') options.push('--runInBand');
  const child = spawn(
    process.execPath,
    ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', ...options],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  await new Promise((resolve) => child.once('close', resolve));
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Totals;
  } catch {
    return { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numRuntimeErrorTestSuites: 0 };
  }
}

const folder = mkdtempSync(join(tmpdir(), 'enishi-test-'));
const asked = process.argv.slice(2);
const projects = asked.length > 0 ? asked : PROJECTS;
if (projects.includes('real') || projects.includes('e2e'))
  await makeVenv(placesOf(DEFAULT_PORT).venv, progressOn(process.stderr));
let passed = 0;
let failed = 0;
let skipped = 0;
for (const project of projects) {
  const started = Date.now();
  console.log(`# ${project}`);
  const totals = await runProject(project, folder);
  passed += totals.numPassedTests;
  failed += totals.numFailedTests + totals.numRuntimeErrorTestSuites;
  skipped += totals.numPendingTests;
  console.log(`# ${project}: ${totals.numPassedTests} passed in ${Math.round((Date.now() - started) / 1000)} s`);
}
rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
