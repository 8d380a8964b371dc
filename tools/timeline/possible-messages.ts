import type { CustomerState } from '#core/customer/state.ts';
import type { CrmEvent, MessageFacts } from '#core/event/event.ts';
import { asEnrolmentId, type MessageId } from '#core/ids.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { ZoneTable } from '#core/programme.ts';
import { branchesOf, keyOf } from '#core/scenario/place.ts';
import type { Scenario, Step } from '#core/scenario/scenario.ts';
import { localDate } from '#core/time/zone.ts';

export type Named = Pick<MessageFacts, 'scenario' | 'step' | 'enrolment'>;

/**
 * What messages are for, by id. SES tells a message's id alone, and its event may be the first in the history. A message's id is made of
 * scenario, cause and step, so those of every order and cart in a history can be made again.
 */
export function possibleMessages(
  scenarios: Iterable<Scenario>,
  events: CrmEvent[],
  hashes: Pick<Hashes, 'messageId'>,
  zone: ZoneTable,
): Map<MessageId, Named> {
  const causes = new Set(events.flatMap((event) => causesOf(event, zone)));
  const found = new Map<MessageId, Named>();
  for (const { id, steps } of scenarios) {
    for (const step of keysOf(steps, '')) {
      for (const cause of causes) {
        const enrolment = asEnrolmentId(`${id}#${cause}`);
        found.set(hashes.messageId(`${id}#${cause}#${step}`), { scenario: id, step, enrolment });
      }
    }
  }
  return found;
}

/** The same as far as the state still knows: what is pending, and what ended in the last 90 days. */
export function knownMessages({ pending, outcomes }: CustomerState): Map<MessageId, Named> {
  const all = Object.entries({ ...outcomes, ...pending });
  return new Map(all.map(([id, { scenario, step, enrolment }]) => [id as MessageId, { scenario, step, enrolment }]));
}

function causesOf(event: CrmEvent, zone: ZoneTable): string[] {
  if (event.type === 'order.changed') return [`order:${event.shop ?? ''}:${event.data.order.id}`];
  if (event.type !== 'cart.updated' && event.type !== 'checkout.started') return [];
  return [`cart:${event.shop ?? ''}:${event.data.cart.token}:${localDate(zone, event.occurredAt)}`];
}

function* keysOf(steps: Step[], prefix: string): Generator<string> {
  for (const [index, step] of steps.entries()) {
    const place = `${prefix}${index}`;
    if ('send' in step) yield keyOf(step, place);
    for (const [branch, list] of branchesOf(step)) yield* keysOf(list, `${place}/${branch}/`);
  }
}
