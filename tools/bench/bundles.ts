import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CrmError } from '#core/error.ts';

/** What one function weighs in an assembly. */
export interface Bundle {
  /** The function's folder in functions/. */
  name: string;
  /** All files of its asset, unpacked. */
  bytes: number;
  /** At most so many bytes. Absent: a function that nobody waits for. */
  limit?: number;
  /** Packages in it that may not be: they cost a cold start more than all the rest. */
  forbidden: string[];
  /** Bytes by package of node_modules, and `enishi` for our own, heaviest first. */
  parts: { from: string; bytes: number }[];
}

/** 1 KB = 1000 bytes. */
const KB = 1000;
/** publish-programme compiles mails, seldom and with nobody waiting. */
const LIMITS: [begins: string, limit: number][] = [
  ['receive-', 300 * KB],
  ['answer-', 300 * KB],
  ['ring-', 300 * KB],
  ['sweep-', 300 * KB],
  // Recommendations, coupons, calls and tasks are decided there too; a third of it is core's own.
  ['advance-', 400 * KB],
  // S3's client is 110 KB, and nobody waits for a letter.
  ['send-postal', 560 * KB],
  ['send-', 460 * KB],
  ['learn-', 300 * KB],
  ['issue-', 300 * KB],
  ['call-', 300 * KB],
];
/** mjml takes 390-840 ms to import, ajv compiles for 90-130, a tracer starts for 70-130. */
const TOO_SLOW =
  /^(mjml(-.*)?|ajv(-.*)?|aws-xray-sdk(-.*)?|dd-trace|@aws-lambda-powertools\/tracer|@opentelemetry\/.*|@mjml\/.*)$/;

/** Every function of a synthesized assembly, heaviest first. Errors: not-found when it holds none, or none that were bundled. */
export async function bundlesOf(assembly: string): Promise<Bundle[]> {
  const bundles = await Promise.all((await toldIn(assembly)).map((name) => bundleOf(assembly, name)));
  return bundles.sort((one, other) => other.bytes - one.bytes);
}

/** What is wrong with bundles, one sentence each; empty when all keep their limits. */
export function faultsOf(bundles: Bundle[]): string[] {
  return bundles.flatMap(({ name, bytes, limit, forbidden }) => [
    ...(limit !== undefined && bytes > limit ? [`${name} has ${bytes} bytes, its limit is ${limit}`] : []),
    ...(limit === undefined ? [] : forbidden.map((what) => `${name} holds ${what}`)),
  ]);
}

async function toldIn(assembly: string): Promise<string[]> {
  try {
    const files = await readdir(join(assembly, 'bundles'));
    return files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
  } catch (cause) {
    throw new CrmError('not-found', `${assembly} holds no bundles: npx cdk synth first`, { cause });
  }
}

async function bundleOf(assembly: string, name: string): Promise<Bundle> {
  const { outputs } = JSON.parse(await readFile(join(assembly, 'bundles', `${name}.json`), 'utf8')) as Metafile;
  const bytesOf = new Map<string, number>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const from = packageOf(path);
      bytesOf.set(from, (bytesOf.get(from) ?? 0) + bytesInOutput);
    }
  }
  const limit = LIMITS.find(([begins]) => name.startsWith(begins))?.[1];
  return {
    name,
    bytes: await sizeOf(join(assembly, await assetOf(assembly, name))),
    ...(limit === undefined ? {} : { limit }),
    forbidden: [...bytesOf.keys()].filter((from) => TOO_SLOW.test(from)).sort(),
    parts: [...bytesOf].map(([from, bytes]) => ({ from, bytes })).sort((one, other) => other.bytes - one.bytes),
  };
}

/** What esbuild tells of a build; of all that only the inputs of each output. */
interface Metafile {
  outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>;
}

/** `node_modules/a/node_modules/@b/c/d.js` as `@b/c`. */
const packageOf = (path: string): string =>
  /^(@[^/]+\/[^/]+|[^/]+)/.exec(path.split('node_modules/').slice(1).at(-1) ?? '')?.[0] ?? 'enishi';

/** The folder of the asset that the templates give to the function of that name. */
async function assetOf(assembly: string, name: string): Promise<string> {
  for (const file of (await readdir(assembly)).filter((one) => one.endsWith('.template.json'))) {
    const { Resources } = JSON.parse(await readFile(join(assembly, file), 'utf8')) as Template;
    for (const { Type, Properties } of Object.values(Resources)) {
      if (Type !== 'AWS::Lambda::Function' || !isNamed(Properties?.FunctionName, name)) continue;
      const key = Properties?.Code?.S3Key;
      if (typeof key === 'string') return `asset.${key.replace(/\.zip$/, '')}`;
    }
  }
  throw new CrmError('not-found', `no template of ${assembly} has a function ${name}`);
}

interface Template {
  Resources: Record<string, { Type: string; Properties?: { FunctionName?: unknown; Code?: { S3Key?: unknown } } }>;
}

/** `enishi-<stage>-<folder>`. */
const isNamed = (functionName: unknown, folder: string): boolean =>
  typeof functionName === 'string' && functionName.split('-').slice(2).join('-') === folder;

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
