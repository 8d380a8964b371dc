import { parseArgs } from 'node:util';
import { CrmError } from '#core/error.ts';
import { plus } from '#core/ids.ts';
import { parseDuration } from '#core/time/duration.ts';
import { localNow } from './local/local-clock.ts';
import { DEFAULT_PORT } from './local/places.ts';
import { progressOn, runTool } from './local/progress.ts';
import { openStage } from './local/stage.ts';
import { showTravel } from './time-travel/show.ts';

const USAGE = `Usage: npm run fast-forward -- 365d [--json] [--port 8400]
Turns the local stage's clock ahead (m, h, d, w), ringing every alarm on the way. The clock stays ahead afterwards.`;

await runTool(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      help: { type: 'boolean', default: false },
    },
  });
  const ahead = parseDuration(positionals[0] ?? '');
  if (values.help || positionals.length !== 1 || ahead === undefined || ahead < 0) {
    throw new CrmError('bad-input', USAGE);
  }
  const stage = await openStage(Number(values.port));
  const target = plus(await localNow(stage), ahead);
  const shown = await showTravel(stage, target, progressOn(values.json ? process.stderr : process.stdout));
  if (values.json) console.log(JSON.stringify(shown));
});
