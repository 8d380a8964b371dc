import { isTombstone } from '#core/customer/state.ts';
import type { CrmEvent, MessageFacts } from '#core/event/event.ts';
import type { CustomerId, Instant } from '#core/ids.ts';
import { counted, type Progress } from '#tools/local/progress.ts';
import type { Stage } from '#tools/local/stage.ts';
import { loadHolders } from '#tools/local/tables.ts';
import { callName, type Line, Teller } from '#tools/timeline/lines.ts';
import { historyOf } from '#tools/timeline/person.ts';
import { isOutcome } from '#tools/timeline/say.ts';
import { travel } from './travel.ts';

/** Histories read at once. */
const AT_ONCE = 16;

export interface ShownTravel {
  from: Instant;
  to: Instant;
  rings: number;
  mails: number;
  lineMessages: number;
  /** Messages that were told as sent more than once. */
  duplicates: number;
  /** What became of messages on the way, in order. */
  events: (Line & { customerId: string })[];
  seconds: number;
}

/** Travels to a time and shows, as it happens, what became of every message. */
export async function showTravel(stage: Stage, target: Instant, progress: Progress): Promise<ShownTravel> {
  const begun = performance.now();
  const teller = await Teller.of(stage);
  const names = new Map<CustomerId, string>();
  const shown: ShownTravel['events'] = [];
  const { from, to, rings, events } = await travel(stage, target, {
    onProgress: (text) => progress.passing(text),
    async onStop(happened) {
      const outcomes = happened.filter(isOutcome);
      await learnNames(stage, outcomes, names, teller);
      for (const event of outcomes) {
        const line = teller.line(event);
        shown.push({ ...line, customerId: event.customerId });
        progress.say(`${line.local}  ${names.get(event.customerId)}  ${line.text}`);
      }
    },
  });
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  const sent = events.filter((event) => event.type === 'message.sent').map(({ data }) => data as MessageFacts);
  const mails = sent.filter(({ channel }) => channel === 'email').length;
  const lineMessages = sent.filter(({ channel }) => channel === 'line').length;
  const duplicates = sent.length - new Set(sent.map(({ messageId }) => messageId)).size;
  progress.say(
    `The clock now shows ${teller.local(to)}. ${counted(rings, 'alarm')} rung, ${counted(mails, 'mail')} and ${counted(lineMessages, 'LINE message')} sent (${seconds} s).`,
  );
  return { from, to, rings, mails, lineMessages, duplicates, events: shown, seconds };
}

/** Names of customers, and what the lines of their histories name. */
async function learnNames(
  stage: Stage,
  events: CrmEvent[],
  names: Map<CustomerId, string>,
  teller: Teller,
): Promise<void> {
  const unknown = [...new Set(events.map(({ customerId }) => customerId))].filter((id) => !names.has(id));
  const holders = await loadHolders(stage, unknown);
  for (let first = 0; first < unknown.length; first += AT_ONCE) {
    await Promise.all(
      unknown.slice(first, first + AT_ONCE).map(async (id) => {
        const holder = holders.get(id);
        const state = holder && !isTombstone(holder) ? holder : undefined;
        names.set(id, callName(state, id));
        teller.learn((await historyOf(stage, id)).events, state);
      }),
    );
  }
}
