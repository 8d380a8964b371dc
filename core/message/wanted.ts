import { asksProduct, productFacts, productsAsked } from '../catalog/asked.ts';
import type { Product } from '../catalog/product.ts';
import { isBlocked, isUnsubscribed } from '../customer/consent.ts';
import { postalAddressOf } from '../customer/postal-address.ts';
import { type CustomerState, type Holder, isTombstone } from '../customer/state.ts';
import { factsOf, hasOpenCase, isConsented } from '../customer/view.ts';
import { isOnlyRehearsed, isStaff } from '../customer/work.ts';
import type { Channel } from '../event/event.ts';
import { type CustomerId, type Instant, type MessageId, plus } from '../ids.ts';
import { editionAt, type Programme } from '../programme.ts';
import { judge } from '../scenario/condition.ts';
import { stepAt } from '../scenario/place.ts';
import { HOUR, MINUTE } from '../time/duration.ts';
import { afterQuiet } from '../time/quiet.ts';
import type { Pending } from './pending.ts';
import type { Reason } from './reason.ts';
import { ridersOf } from './ride.ts';
import { switchedOff } from './switches.ts';
import { type Variables, variablesOf } from './variables.ts';

export type Wanted =
  | {
      kind: 'send';
      channel: Channel;
      /** The mail address or LINE user id; empty for a letter. */
      to: string;
      /** The id of the address's own item. */
      address: CustomerId;
      template: { id: string; version: number };
      isMarketing: boolean;
      pending: Pending;
      variables: Variables;
    }
  /** Not now, or not at all: goes back to the mailbox as `message.returned`. */
  | { kind: 'return'; reason: Reason; notBefore?: Instant; channel: Channel }
  /** Nobody asks for it any more: it was answered, cancelled or moved away. */
  | { kind: 'gone' };

/** The item of the address a pending message would go to: what the sender loads beside the customer. */
export function addressOf(state: CustomerState, messageId: MessageId, channel: Channel): CustomerId | undefined {
  if (!state.pending[messageId]) return undefined;
  return channel === 'email' ? state.email?.address : channel === 'line' ? state.lineUserId?.address : undefined;
}

/** What `wanted` says, before anything is looked up for the letter itself. */
type Judged =
  | Exclude<Wanted, { kind: 'send' }>
  | { kind: 'send'; pending: Pending; target: { value: string; address: CustomerId }; version: number };

/**
 * Whether a queued message is still to go, asked at the last moment with a clock: listed, not expired, consent of customer and address (the
 * stricter wins), hours, switches, and the step's own `if`. `addressItem` is what the customers table holds under the address.
 */
export function wanted(
  state: CustomerState,
  messageId: MessageId,
  channel: Channel,
  addressItem: Holder | undefined,
  now: Instant,
  programme: Programme,
  products: ReadonlyMap<string, Product> = NO_PRODUCTS,
): Wanted {
  const judged = judgeSend(state, messageId, channel, addressItem, now, programme, products);
  if (judged.kind !== 'send') return judged;
  const { pending, target, version } = judged;
  return {
    kind: 'send',
    channel,
    to: target.value,
    address: target.address,
    template: { id: pending.template, version },
    isMarketing: pending.kind === 'marketing',
    pending,
    // Worked out only where a template is filled in.
    get variables() {
      return variablesOf(state, pending, programme, now, products);
    },
  };
}

/**
 * What still is to go out in the same mail, each asked as if it went alone. What asks for the catalogue's products goes alone; whether its
 * letter does is asked by whoever reads that.
 */
export function carriedBy(
  state: CustomerState,
  mail: Pending,
  addressItem: Holder | undefined,
  now: Instant,
  programme: Programme,
): Pending[] {
  if (!mail.riders) return [];
  return ridersOf(state, mail).filter(
    (rider) =>
      editionAt(programme.manifest, now)?.templates[rider.template] !== undefined &&
      productsOf(state, rider, programme).length === 0 &&
      !reasonNot(state, rider, 'email', addressItem, now, programme, NO_PRODUCTS),
  );
}

/** The same where no letter is written: the answer alone. */
export function judgeSend(
  state: CustomerState,
  messageId: MessageId,
  channel: Channel,
  addressItem: Holder | undefined,
  now: Instant,
  programme: Programme,
  products?: ReadonlyMap<string, Product>,
): Judged {
  const pending = state.pending[messageId];
  if (pending?.state !== 'queued' || pending.channel !== channel) return { kind: 'gone' };
  const target = targetOf(state, channel);
  if (!target) return { kind: 'return', reason: 'unreachable', channel };
  const reason = reasonNot(state, pending, channel, addressItem, now, programme, products);
  if (reason) return { kind: 'return', channel, ...reason };
  const version = editionAt(programme.manifest, now)?.templates[pending.template];
  if (version === undefined) return { kind: 'return', reason: 'template-missing', channel };
  return { kind: 'send', pending, target, version };
}

function reasonNot(
  state: CustomerState,
  pending: Pending,
  channel: Channel,
  addressItem: Holder | undefined,
  now: Instant,
  programme: Programme,
  products: ReadonlyMap<string, Product> | undefined,
): { reason: Reason; notBefore?: Instant } | undefined {
  const { manifest } = programme;
  const { settings, zone } = manifest;
  const control = manifest.controls[pending.scenario];
  if (pending.expiresAt <= now) return { reason: 'expired' };
  if (!control) return { reason: 'removed' };
  const off = switchedOff(manifest, pending.scenario);
  // The writer may not know of a switch for a minute yet; then it holds the message itself.
  if (off) return { reason: off, notBefore: plus(now, MINUTE) };
  const enrolment = state.enrolments[pending.enrolment];
  const isRehearsal = isOnlyRehearsed({ programme }, pending.scenario, enrolment);
  if (isRehearsal && !isStaff({ state, programme })) return { reason: 'rehearsal', notBefore: plus(now, MINUTE) };
  const stops = stopsOf(state, channel, addressItem);
  if (stops.some((stop) => stop?.bouncedAt)) return { reason: 'bounced' };
  if (channel === 'line' && stops.some(isBlocked)) return { reason: 'blocked' };
  const isMarketing = pending.kind === 'marketing';
  if (isMarketing && channel === 'email' && stops.some(isUnsubscribed)) return { reason: 'unsubscribed' };
  if (isMarketing && !isConsented(state, channel)) return { reason: 'no-consent' };
  if (isMarketing && hasOpenCase(state)) return { reason: 'open-case', notBefore: plus(now, HOUR) };
  const awake = afterQuiet(settings.quiet, zone, now);
  if (awake > now && (isMarketing || awake < pending.expiresAt)) return { reason: 'quiet', notBefore: awake };
  const scenario = programme.scenario(pending.scenario, pending.version);
  const step = scenario && stepAt(scenario, pending.place);
  const wish = step && 'send' in step ? step.send.if : undefined;
  if (!enrolment || !wish) return undefined;
  // Who has no catalogue (a simulation) leaves what asks for it open.
  if (asksProduct(wish) && !products) return undefined;
  // What the news told is of then; what counts here is the catalogue now.
  const { product: _, ...facts } = factsOf({ state, now, programme }, { enrolment });
  const isMet = judge(wish, products ? { ...facts, ...productFacts(products, enrolment) } : facts);
  return isMet ? undefined : { reason: 'condition' };
}

const NO_PRODUCTS: ReadonlyMap<string, Product> = new Map();

/** The ids of the products that a pending message asks for, with its letter: none where nothing does. */
export function productsOf(state: CustomerState, pending: Pending, programme: Programme, letter?: object): string[] {
  const scenario = programme.scenario(pending.scenario, pending.version);
  const step = scenario && stepAt(scenario, pending.place);
  const send = step && 'send' in step ? step.send : undefined;
  return productsAsked(state.enrolments[pending.enrolment], send, letter);
}

/** Where it would go. A letter's address stands in its template's variables. */
function targetOf(state: CustomerState, channel: Channel): { value: string; address: CustomerId } | undefined {
  if (channel === 'email') return state.email;
  if (channel === 'line') return state.lineUserId;
  return channel === 'postal' && postalAddressOf(state) ? { value: '', address: state.customerId } : undefined;
}

/** What stops the address: as the customer knows it, and as the address's own item knows it. */
function stopsOf(state: CustomerState, channel: Channel, addressItem: Holder | undefined) {
  if (channel === 'postal') return [];
  const target = channel === 'email' ? state.email : state.lineUserId;
  const own = target && state.stops[target.address];
  if (addressItem === undefined) return [own];
  return [own, isTombstone(addressItem) ? addressItem.stop : addressItem.stops[addressItem.customerId]];
}
