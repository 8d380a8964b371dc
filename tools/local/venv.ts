import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CrmError } from '#core/error.ts';
import { run } from './child.ts';
import { cleanEnvironment } from './places.ts';
import type { Progress } from './progress.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const OLDEST: [number, number] = [3, 10];
const CANDIDATES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const MARK = 'enishi-requirements.sha256';
const HOW_TO_INSTALL = `Install Python ${OLDEST.join('.')} or newer and try again:
  Debian, Ubuntu, WSL   sudo apt install python3 python3-venv
  macOS                 brew install python@3.13
  Fedora                sudo dnf install python3
If it is installed under another name, say so: ENISHI_PYTHON=/path/to/python npm start`;

/** Makes a Python environment with the pinned packages, or takes the one that is there. Returns its python. Errors: misconfigured. */
export async function makeVenv(folder: string, progress: Progress): Promise<string> {
  const python = join(folder, 'bin', 'python');
  const wanted = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex');
  const mark = join(folder, MARK);
  if ((await textOf(mark)) === wanted && (await works(python))) return python;
  return progress.step('Python environment for the local AWS endpoint', async (note) => {
    const found = await findPython();
    await rm(folder, { recursive: true, force: true });
    await mkdir(dirname(folder), { recursive: true });
    note(`making it with Python ${found.version.join('.')}`);
    const made = await run(found.command, ['-m', 'venv', folder], { env: cleanEnvironment() });
    if (made.code !== 0) throw noVenv(found, made.tail);
    note('fetching MiniStack and what it needs from PyPI, with their hashes checked');
    const args = [
      '-m',
      'pip',
      'install',
      '--disable-pip-version-check',
      '--no-input',
      '--no-compile',
      '--require-hashes',
    ];
    const installed = await run(python, [...args, '-r', REQUIREMENTS], { env: cleanEnvironment(), onLine: note });
    if (installed.code !== 0) {
      throw new CrmError(
        'misconfigured',
        `The Python packages of the local AWS endpoint could not be installed (is PyPI in reach?). pip said:\n${installed.tail}`,
      );
    }
    await writeFile(mark, wanted);
    return python;
  });
}

interface Found {
  command: string;
  version: [number, number, number];
  hasVenv: boolean;
}

/** The first Python that is new enough; of those, one that can make environments. */
async function findPython(): Promise<Found> {
  const own = process.env.ENISHI_PYTHON;
  const seen: Found[] = [];
  for (const command of own ? [own] : CANDIDATES) {
    const found = await askVersion(command);
    if (!found) continue;
    if (isNewEnough(found) && found.hasVenv) return found;
    seen.push(found);
  }
  const old = seen.find((found) => !isNewEnough(found));
  const bare = seen.find(isNewEnough);
  if (bare) throw noVenv(bare, '');
  throw new CrmError(
    'misconfigured',
    `The local AWS endpoint (MiniStack) is a Python program. ${
      old ? `Only Python ${old.version.join('.')} was found, which is too old.` : 'No Python was found.'
    }\n${HOW_TO_INSTALL}`,
  );
}

async function askVersion(command: string): Promise<Found | undefined> {
  const question = [
    'import sys, importlib.util as u',
    'print("enishi", *sys.version_info[:3], int(all(u.find_spec(m) for m in ("venv", "ensurepip"))))',
  ].join('\n');
  try {
    const ran = await run(command, ['-c', question], { env: cleanEnvironment() });
    const answer = /^enishi (\d+) (\d+) (\d+) ([01])$/m.exec(ran.tail);
    if (ran.code !== 0 || !answer) return undefined;
    const [major, minor, patch] = answer.slice(1, 4).map(Number) as [number, number, number];
    return { command, version: [major, minor, patch], hasVenv: answer[4] === '1' };
  } catch (error) {
    if (error instanceof CrmError) return undefined;
    throw error;
  }
}

const isNewEnough = ({ version }: Found): boolean =>
  version[0] > OLDEST[0] || (version[0] === OLDEST[0] && version[1] >= OLDEST[1]);

const noVenv = (found: Found, tail: string): CrmError =>
  new CrmError(
    'misconfigured',
    `Python ${found.version.join('.')} is here, but it can't make virtual environments. On Debian, Ubuntu and WSL: sudo apt install python3-venv${
      tail === '' ? '' : `\nIt said:\n${tail}`
    }`,
  );

async function works(python: string): Promise<boolean> {
  try {
    return (await run(python, ['-c', 'import ministack'], { env: cleanEnvironment() })).code === 0;
  } catch (error) {
    if (error instanceof CrmError) return false;
    throw error;
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
