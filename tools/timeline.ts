import { parseArgs } from 'node:util';
import { CrmError } from '#core/error.ts';
import { DEFAULT_PORT } from './local/places.ts';
import { progressOn, runTool } from './local/progress.ts';
import { openStage } from './local/stage.ts';
import { callName, Teller } from './timeline/lines.ts';
import { findPerson, historyOf } from './timeline/person.ts';

const USAGE = `Usage: npm run timeline -- WHO [--json] [--port 8400]
WHO is a mail address, a member id (SHOP:ID or the id alone), a LINE user id, or an order's number or id.`;

await runTool(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      help: { type: 'boolean', default: false },
    },
  });
  const [who] = positionals;
  if (values.help || who === undefined || positionals.length > 1) throw new CrmError('bad-input', USAGE);
  const progress = progressOn(process.stderr);
  const stage = await openStage(Number(values.port));
  const customerId = await findPerson(stage, who, (text) => progress.say(text));
  if (customerId === undefined) throw new CrmError('not-found', `No customer of this stage answers to "${who}".`);
  const { state, events } = await historyOf(stage, customerId);
  const teller = await Teller.of(stage);
  teller.learn(events, state);
  const lines = events.map((event) => teller.line(event));
  if (values.json) {
    const waiting = state === undefined ? undefined : teller.waiting(state);
    console.log(JSON.stringify({ who, customerId, name: callName(state, customerId), events: lines, waiting }));
    return;
  }
  console.log(`${callName(state, customerId)}  (${customerId})`);
  for (const { local, text, type } of lines) if (type !== 'identity.claimed') console.log(`${local}  ${text}`);
  for (const text of state === undefined ? [] : teller.sayWaiting(state)) console.log(`これから            ${text}`);
});
