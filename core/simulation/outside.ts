import type { Command } from '../customer/command.ts';
import type { CrmEvent } from '../event/event.ts';
import { eventIdOf } from '../event/event-id.ts';
import type { CustomerId, Instant } from '../ids.ts';
import type { Hashes } from '../ports/hashes.ts';

type Asked = Extract<Command, { kind: 'coupon' | 'call' }>;

/** What answers in a simulation: pools never run dry, and systems of the shop's do at once what they are asked. */
export function answerOf(to: CustomerId, asked: Asked, at: Instant, hashes: Pick<Hashes, 'sha256'>): CrmEvent {
  const type = asked.kind === 'coupon' ? 'coupon.issued' : 'call.answered';
  const { enrolment, step } = asked;
  const data =
    asked.kind === 'call'
      ? { webhook: asked.webhook, isOk: true }
      : {
          coupon: {
            code: hashes.sha256(asked.id).slice(0, 12).toUpperCase(),
            pool: asked.pool,
            ...(asked.validUntil === undefined ? {} : { validUntil: asked.validUntil }),
          },
        };
  return {
    type,
    customerId: to,
    eventId: eventIdOf(hashes, type, at, asked.id),
    occurredAt: at,
    receivedAt: at,
    source: 'enishi',
    identities: {},
    hops: asked.hops + 1,
    data: { ...data, enrolment, step },
  } as CrmEvent;
}
