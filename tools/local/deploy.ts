import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CrmError } from '#core/error.ts';
import { run } from './child.ts';
import { awsEnvironment, cleanEnvironment, type Places, REGION, ROOT } from './places.ts';

const ACCOUNT = '000000000000';
/** What the state also depends on, beside the templates: another server may not read it, and other mends leave other tables. */
const ALSO_HASHED = ['requirements.txt', 'ministack/sitecustomize.py', 'mend.ts', 'secrets.ts'];

/** Makes the CDK assembly of the local stage. Errors: misconfigured, with the CDK's own words. */
export async function synthesize(places: Places, port: number, note: (line: string) => void): Promise<void> {
  await rm(places.assembly, { recursive: true, force: true });
  const context = ['-c', 'stage=local', '-c', `port=${port}`];
  await cdk('synth', ['--quiet', '--output', places.assembly, ...context], { cwd: ROOT, env: {}, note });
}

/** SHA-256 of all that decides whether a kept state still fits: the templates (the assets' own hashes stand in them) and the server. */
export async function hashOfAssembly(assembly: string): Promise<string> {
  const hash = createHash('sha256');
  const templates = (await readdir(assembly)).filter((name) => name.endsWith('.template.json')).sort();
  for (const name of templates) hash.update(name).update(await readFile(join(assembly, name)));
  for (const name of ALSO_HASHED) hash.update(name).update(await readFile(join(import.meta.dirname, name)));
  return hash.digest('hex');
}

/** Makes the account ready for the CDK. Errors: misconfigured. */
export async function bootstrap(places: Places, endpoint: string, note: (line: string) => void): Promise<void> {
  await mkdir(places.home, { recursive: true });
  // Not in the repository's folder: there the CDK would synthesize the app once more, without the local context.
  await cdk('bootstrap', [`aws://${ACCOUNT}/${REGION}`], { cwd: places.home, env: awsEnvironment(endpoint), note });
}

/** Deploys both stacks of the assembly. Errors: misconfigured. */
export async function deploy(places: Places, endpoint: string, note: (line: string) => void): Promise<void> {
  const args = ['--all', '--app', places.assembly, '--require-approval', 'never', '--progress', 'events'];
  await cdk('deploy', [...args, '--outputs-file', places.outputs], {
    cwd: places.home,
    env: awsEnvironment(endpoint),
    note,
  });
}

async function cdk(
  command: string,
  args: string[],
  options: { cwd: string; env: Record<string, string>; note: (line: string) => void },
): Promise<void> {
  const { code, tail } = await run('cdk', [command, ...args, '--no-notices'], {
    cwd: options.cwd,
    env: cleanEnvironment({ ...options.env, CDK_DISABLE_CLI_TELEMETRY: 'true' }),
    onLine: (line) => {
      const short = shorten(line);
      if (short !== undefined) options.note(short);
    },
  });
  if (code !== 0) throw new CrmError('misconfigured', `cdk ${command} failed. It ended with:\n${tail}`);
}

/** `Stack | 3/50 | time | CREATE_COMPLETE | AWS::SQS::Queue | Name (Id)` as `3/50 Name`. */
function shorten(line: string): string | undefined {
  const fields = line.split('|').map((field) => field.trim());
  if (fields.length >= 6 && /^\d+\/\d+$/.test(fields[1]!)) return `${fields[0]} ${fields[1]} ${fields[5]}`;
  return line.trim() === '' ? undefined : line.trim();
}
