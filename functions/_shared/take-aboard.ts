import type { CustomerState, Holder } from '#core/customer/state.ts';
import { CrmError } from '#core/error.ts';
import { type Instant, type MessageId, plus } from '#core/ids.ts';
import type { Pending } from '#core/message/pending.ts';
import { variablesOf } from '#core/message/variables.ts';
import { carriedBy, productsOf } from '#core/message/wanted.ts';
import { editionAt, type Programme } from '#core/programme.ts';
import { surveysIn } from '#core/survey/asked.ts';
import type { Channeled, DeliverPorts, SendWanted } from './deliver.ts';
import { takeRoom } from './hourly-room.ts';
import { LEASE } from './lease.ts';
import { log } from './log.ts';

interface Moment {
  state: CustomerState;
  addressItem: Holder | undefined;
  programme: Programme;
  attemptId: string;
  now: Instant;
}

/**
 * Puts what rides along into a mail that is claimed already. Each is claimed for itself, so that it can't go out alone as well; what can't
 * be filled in, joined or claimed, or whose own scenario has no room in this hour, stays behind, and is decided anew when the mail's end is told.
 */
export async function takeAboard<T>(
  ports: DeliverPorts,
  channel: Channeled<T>,
  first: T,
  mail: SendWanted,
  moment: Moment,
): Promise<{ message: T; carried: MessageId[] }> {
  const { state, addressItem, programme, attemptId, now } = moment;
  const carried: MessageId[] = [];
  let message = first;
  if (!channel.join) return { message, carried };
  for (const rider of carriedBy(state, mail.pending, addressItem, now, programme)) {
    const own = await written(ports, channel, mail, rider, moment);
    const joined = own === undefined ? undefined : channel.join(message, own);
    if (joined === undefined) continue;
    const { messageId } = rider;
    const claim = await ports.sends.claim({ messageId, attemptId, at: now, leaseUntil: plus(now, LEASE) });
    if (claim.result !== 'claimed') continue;
    if (!(await takeRoom(ports.sends, rider.scenario, programme, now))) {
      await ports.sends.release(messageId, attemptId);
      continue;
    }
    message = joined;
    carried.push(messageId);
  }
  return { message, carried };
}

/**
 * A rider as its own mail; undefined when its template can't be filled in, asks a survey that is counted by mail, or speaks of the
 * catalogue's products, which nobody looked up for it.
 */
async function written<T>(
  ports: DeliverPorts,
  channel: Channeled<T>,
  mail: SendWanted,
  rider: Pending,
  { state, programme, now }: Moment,
): Promise<T | undefined> {
  const version = editionAt(programme.manifest, now)?.templates[rider.template];
  if (version === undefined) return undefined;
  try {
    const template = await ports.programmes.template(rider.template, version);
    if (surveysIn(template).length > 0 || productsOf(state, rider, programme, template).length > 0) return undefined;
    const alone: SendWanted = {
      ...mail,
      pending: rider,
      template: { id: rider.template, version },
      variables: variablesOf(state, rider, programme, now, new Map()),
    };
    return await channel.render(template, alone, programme, state.customerId);
  } catch (error) {
    if (!(error instanceof CrmError && (error.code === 'bad-input' || error.code === 'not-found'))) throw error;
    log.error('render-failed', error, { messageId: rider.messageId, template: rider.template });
    return undefined;
  }
}
