import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack, Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type BuildOptions, buildSync } from 'esbuild';

const ROOT = join(import.meta.dirname, '..', '..');
/** CommonJS packages inside a bundle in ESM ask for `require`. The minifier does not know of the banner: a short name would be taken twice. */
const BANNER = "import{createRequire as bannerRequire}from'node:module';const require=bannerRequire(import.meta.url);";

/** S3's client makes its event streams at once. The others import them only for calls that we never make: 20 KB less. */
const WITH_EVENT_STREAMS = ['publish-programme', 'send-postal', 'hand-over-letters'];

/** How the function in functions/<name>/ is bundled: as ESM, with the AWS SDK pinned and inside. */
export const bundlingOf = (name: string) =>
  ({
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, 'functions', name, 'index.ts')],
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    // The SDK's search for credentials is 120-190 KB; in a Lambda they stand in the environment.
    alias: { '@aws-sdk/credential-provider-node': join(ROOT, 'adapters', 'aws', 'environment-credentials.ts') },
    external: WITH_EVENT_STREAMS.includes(name) ? [] : ['@smithy/core/event-streams'],
    banner: { js: BANNER },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  }) satisfies BuildOptions;

/**
 * The function in functions/<name>/ as one file. Bundled in this process: NodejsFunction starts an npx for each, a second apiece. What
 * went into it is told in bundles/<name>.json of the assembly, for tools/bench/bundles.ts.
 */
export function bundled(scope: Construct, name: string): Code {
  // Tests of the templates, and cdk commands that need no code, go without.
  if (!Stack.of(scope).bundlingRequired) return Code.fromAsset(join(ROOT, 'functions', name));
  const bundles = join(Stage.of(scope)!.outdir, 'bundles');
  const outfile = join(bundles, name, 'index.mjs');
  const { metafile } = buildSync({ ...bundlingOf(name), outfile });
  writeFileSync(join(bundles, `${name}.json`), JSON.stringify(metafile));
  return Code.fromAsset(join(bundles, name));
}
