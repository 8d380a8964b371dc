import { type Instant, plus } from '#core/ids.ts';
import { DAY, MINUTE } from '#core/time/duration.ts';
import { showTravel } from '#tools/time-travel/show.ts';
import { callName, Teller } from '#tools/timeline/lines.ts';
import { findPerson, historyOf } from '#tools/timeline/person.ts';
import { halfPastNine, localNow } from '../local-clock.ts';
import type { Progress } from '../progress.ts';
import { expectQuiet } from '../quiet.ts';
import type { Keys } from '../secrets.ts';
import type { Stage } from '../stage.ts';
import { PEOPLE } from './people.ts';
import { playMorning } from './play.ts';

/** Plays the small shop's morning, waits until all of it is done, and tells what came of it. On a kept state it is the next day's morning. */
export async function runMorning(
  stage: Stage,
  keys: Keys,
  { isReused, progress }: { isReused: boolean; progress: Progress },
): Promise<void> {
  if (isReused) await showTravel(stage, nextMorning(await localNow(stage)), progress);
  const since = await localNow(stage);
  const teller = await Teller.of(stage);
  progress.say(`\nつばめ商店の朝 (${teller.local(since)})`);
  const quiet = { seconds: 120, since: plus(since, -10 * MINUTE) };
  await playMorning(stage, keys, {
    say: (line) => progress.say(`  ${line}`),
    settled: () => expectQuiet(stage, { ...quiet, note: (text) => progress.passing(`  … ${text}`) }),
  });
  progress.say('');
  for (const person of PEOPLE) {
    const customerId = await findPerson(stage, person.email, () => undefined);
    if (customerId === undefined) continue;
    const { state, events } = await historyOf(stage, customerId);
    const ofToday = events.filter((event) => event.receivedAt >= since && event.type !== 'identity.claimed');
    teller.learn(events, state);
    progress.say(callName(state, customerId));
    for (const event of ofToday) progress.say(`  ${teller.line(event).local}  ${teller.line(event).text}`);
    for (const text of state === undefined ? [] : teller.sayWaiting(state))
      progress.say(`  これから            ${text}`);
  }
}

/** The next half past nine after what the clock shows: it is never turned back. */
function nextMorning(now: Instant): Instant {
  const today = halfPastNine(now);
  return today > now ? today : plus(today, DAY);
}
