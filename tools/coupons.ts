import { CrmError } from '#core/error.ts';
import { load } from './coupons/load.ts';
import { status } from './coupons/status.ts';
import { runTool } from './local/progress.ts';

const USAGE = `Usage: npm run coupons -- load POOL FILE [--table NAME] [--port 8400] [--restart] [--json]
       npm run coupons -- status [POOL] [--table NAME] [--port 8400] [--json]
load adds the codes of a file (one a line, or the first column of a CSV) to a pool of the local stage, or of a catalog table on AWS.
status tells how many codes are left. 説明は docs/ja/outside.md にあります。`;

const COMMANDS: Record<string, (args: string[]) => Promise<void>> = { load, status };

await runTool(async () => {
  const [name = '', ...args] = process.argv.slice(2);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command || args.includes('--help')) throw new CrmError('bad-input', USAGE);
  await command(args);
});
