import type { CustomerState } from '../customer/state.ts';
import type { Channel } from '../event/event.ts';
import type { Instant } from '../ids.ts';

/** Where a send names no channels. */
export const EVERY: Channel[] = ['line', 'email'];
const MAIL_FIRST: Channel[] = ['email', 'line'];

/** The channels of a send, in order. `auto`: first the one that brought the customer, else the one they answer to, else the cheaper: mail. */
export function channelsOf(state: CustomerState, wish: Channel[] | 'auto' | undefined): Channel[] {
  if (wish !== 'auto') return wish ?? EVERY;
  return (state.coming?.channel ?? answersBy(state) ?? 'email') === 'line' ? EVERY : MAIL_FIRST;
}

/** By which channel they did something last: a click, or a button or a message on LINE. */
function answersBy({ outcomes, recent }: CustomerState): Channel | undefined {
  let last: { at: Instant; channel: Channel } | undefined;
  const note = (at: Instant | undefined, channel: Channel | undefined): void => {
    if (at && channel && (!last || at > last.at || (at === last.at && channel < last.channel))) last = { at, channel };
  };
  for (const outcome of Object.values(outcomes)) note(outcome.clickedAt, outcome.channel);
  for (const { type, at } of recent) if (type === 'line.postback' || type === 'line.messaged') note(at, 'line');
  return last?.channel;
}
