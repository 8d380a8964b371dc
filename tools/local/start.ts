import { parseArgs } from 'node:util';
import { CrmError } from '#core/error.ts';
import { type ShownTravel, showTravel } from '#tools/time-travel/show.ts';
import { isAhead, stageTarget } from '#tools/time-travel/target.ts';
import { countMessages, type MessageCounts } from './count-messages.ts';
import { runMorning } from './morning/morning.ts';
import { DEFAULT_PORT } from './places.ts';
import { counted, type Progress, progressOn, runTool } from './progress.ts';
import { MORNING, publishScenarios } from './publish.ts';
import { LocalRun } from './run-stage.ts';
import type { Stage } from './stage.ts';

const USAGE = `Usage: npm start -- [--empty] [--once] [--fast-forward 365d] [--json] [--port 8400] [--endpoint URL]
  --empty            no morning: an empty shop whose scenarios are rehearsed
  --once             ends by itself instead of staying up
  --fast-forward D   turns the clock ahead after the morning (90m, 24h, 30d, 2w)
  --endpoint URL     an AWS-compatible endpoint that already runs, instead of MiniStack
  --port N           the first of five ports in a row`;

interface StartOptions {
  port: number;
  endpoint?: string;
  isEmpty: boolean;
  isOnce: boolean;
  isJson: boolean;
  /** `365d` */
  ahead?: string;
}

interface Started extends MessageCounts {
  readySeconds: number;
  isReused: boolean;
  pages: Record<string, string>;
  fastForward?: Omit<ShownTravel, 'events'>;
}

function readOptions(): StartOptions {
  const { values } = parseArgs({
    options: {
      empty: { type: 'boolean', default: false },
      once: { type: 'boolean', default: false },
      'fast-forward': { type: 'string' },
      json: { type: 'boolean', default: false },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      endpoint: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const ahead = values['fast-forward'];
  const port = Number(values.port);
  const isWrong = ahead !== undefined && !isAhead(ahead);
  if (values.help || isWrong || !Number.isInteger(port) || port < 1024 || port > 65_531) {
    throw new CrmError('bad-input', USAGE);
  }
  return {
    port,
    isEmpty: values.empty,
    isOnce: values.once,
    isJson: values.json,
    ...(values.endpoint === undefined ? {} : { endpoint: values.endpoint.replace(/\/$/, '') }),
    ...(ahead === undefined ? {} : { ahead }),
  };
}

/** Resolves when the person (or the system) asks us to end; a second time ends at once. */
function untilAsked(): Promise<void> {
  return new Promise((resolve) => {
    let times = 0;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        times += 1;
        if (times > 1) process.exit(130);
        resolve();
      });
    }
  });
}

async function bringUp(run: LocalRun, options: StartOptions, progress: Progress, begun: number): Promise<Started> {
  const { stage, keys, isReused } = await run.start();
  const before = await countMessages(stage);
  await progress.step('scenarios', (note) => publishScenarios(stage, options.isEmpty ? {} : MORNING, note));
  if (!options.isEmpty) await runMorning(stage, keys, { isReused, progress });
  const readySeconds = Math.round((performance.now() - begun) / 100) / 10;
  progress.say(`\nReady in ${readySeconds} s.`);
  let travelled: ShownTravel | undefined;
  if (options.ahead !== undefined) {
    travelled = await showTravel(stage, await stageTarget(stage, options.ahead), progress);
  }
  const counts = since(before, await countMessages(stage));
  const { events: _shown, ...fastForward } = travelled ?? { events: [] };
  return {
    readySeconds,
    isReused,
    ...counts,
    pages: pagesOf(stage),
    ...(travelled ? { fastForward: fastForward as Omit<ShownTravel, 'events'> } : {}),
  };
}

/** Of this run alone: the providers' books of a kept state go further back. */
const since = (before: MessageCounts, now: MessageCounts): MessageCounts => ({
  mails: now.mails - before.mails,
  lineMessages: now.lineMessages - before.lineMessages,
  duplicates: now.duplicates - before.duplicates,
});

const pagesOf = ({ inboxUrl, lineUrl, apiUrl, endpoint }: Stage): Record<string, string> => ({
  inbox: inboxUrl,
  phone: lineUrl,
  api: apiUrl,
  aws: endpoint,
});

await runTool(async () => {
  const begun = performance.now();
  const options = readOptions();
  const progress = progressOn(options.isJson ? process.stderr : process.stdout);
  const asked = untilAsked();
  const run = new LocalRun(options, progress);
  const lost = new Promise<never>((_, reject) => {
    run.onLost = () =>
      reject(
        new CrmError(
          'unavailable',
          `The local AWS endpoint has ended. Its log: .enishi/${options.port}/logs/ministack.log`,
        ),
      );
  });
  lost.catch(() => undefined);
  try {
    const started = await Promise.race([bringUp(run, options, progress, begun), lost, asked]);
    if (!started) return;
    sayWhere(started, options, progress);
    if (options.isJson) console.log(JSON.stringify(started));
    if (!options.isOnce) await Promise.race([asked, lost]);
  } finally {
    await progress.step('ending', () => run.close());
  }
});
// What was still under way when somebody asked to end would keep the process alive.
process.exit();

function sayWhere(
  { pages, mails, lineMessages, duplicates }: Started,
  options: StartOptions,
  progress: Progress,
): void {
  progress.say(
    `${counted(mails, 'mail')} and ${counted(lineMessages, 'LINE message')} went out, ${duplicates} of them twice.`,
  );
  if (options.isOnce) return;
  const port = options.port === DEFAULT_PORT ? '' : ` --port ${options.port}`;
  progress.say(`
  Inbox   ${pages.inbox}
  Phone   ${pages.phone}
  API     ${pages.api}
  AWS     ${pages.aws}

  npm run fast-forward -- 365d${port}
  npm run timeline -- hanako.yamada@example.jp${port}

Ctrl-C ends everything; the state is kept.`);
}
