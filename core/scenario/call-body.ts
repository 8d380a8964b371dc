import type { CustomerState, Enrolment } from '../customer/state.ts';
import type { Instant } from '../ids.ts';

/** What a call tells the shop's system: who it is about by the shop's own ids, and what happened. No address, no name. */
export interface CallBody {
  /** The same for the same call, however often it is made. */
  id: string;
  webhook: string;
  sentAt: Instant;
  scenario: string;
  step: string;
  /** Only staff see this scenario yet. */
  isRehearsal?: true;
  customer: { id: string; memberId?: string; members: { shop: string; id: string }[]; lineUserId?: string };
  /** What was waited for last, else what began it. */
  event: Record<string, unknown>;
  trigger: Record<string, unknown>;
  coupon?: { code: string; pool: string };
}

/** The body of a call. */
export function callBody(
  state: CustomerState,
  enrolment: Enrolment,
  call: { id: string; webhook: string; step: string; at: Instant; isRehearsal: boolean },
): CallBody {
  const members = Object.keys(state.identities).flatMap((identity) => {
    const [kind, shop, ...rest] = identity.split(':');
    return kind === 'member' && shop !== undefined ? [{ shop, id: rest.join(':') }] : [];
  });
  const shop = enrolment.awaited?.shop ?? enrolment.trigger.shop;
  const memberId = (members.find((one) => one.shop === shop) ?? members[0])?.id;
  const promised = enrolment.coupon === undefined ? undefined : enrolment.coupons?.[enrolment.coupon];
  return {
    id: call.id,
    webhook: call.webhook,
    sentAt: call.at,
    scenario: enrolment.scenario,
    step: call.step,
    ...(call.isRehearsal ? { isRehearsal: true } : {}),
    customer: {
      id: state.customerId,
      ...(memberId === undefined ? {} : { memberId }),
      members,
      ...(state.lineUserId ? { lineUserId: state.lineUserId.value } : {}),
    },
    event: enrolment.awaited ?? enrolment.trigger,
    trigger: enrolment.trigger,
    ...(promised?.code === undefined ? {} : { coupon: { code: promised.code, pool: promised.pool } }),
  };
}
