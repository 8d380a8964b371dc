import { parseArgs } from 'node:util';
import { CrmError } from '#core/error.ts';
import { DEFAULT_PORT } from './local/places.ts';
import { progressOn, runTool } from './local/progress.ts';
import { openStage } from './local/stage.ts';
import { showTravel } from './time-travel/show.ts';
import { isAhead, stageTarget } from './time-travel/target.ts';

const USAGE = `Usage: npm run fast-forward -- 365d [--json] [--port 8400]
Turns the local stage's clock ahead, ringing every alarm on the way; it stays ahead afterwards. 90m and 24h are exact, 30d and 2w go to the
end of that day on the shop's calendar.`;

await runTool(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      help: { type: 'boolean', default: false },
    },
  });
  const [ahead = ''] = positionals;
  if (values.help || positionals.length !== 1 || !isAhead(ahead)) {
    throw new CrmError('bad-input', USAGE);
  }
  const stage = await openStage(Number(values.port));
  const target = await stageTarget(stage, ahead);
  const shown = await showTravel(stage, target, progressOn(values.json ? process.stderr : process.stdout));
  if (values.json) console.log(JSON.stringify(shown));
});
