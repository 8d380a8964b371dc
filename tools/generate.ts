import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generatedFiles } from './generate/generated-files.ts';
import { runTool } from './local/progress.ts';

const ROOT = join(import.meta.dirname, '..');

/** Writes what is made from the data dictionary anew; tests fail while it is stale. */
await runTool(async () => {
  for (const [path, text] of await generatedFiles()) {
    const old = await readFile(join(ROOT, path), 'utf8').catch(() => undefined);
    if (old === text) continue;
    await mkdir(dirname(join(ROOT, path)), { recursive: true });
    await writeFile(join(ROOT, path), text);
    console.log(`✓ ${path}`);
  }
});
