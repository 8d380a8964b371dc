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
    event: impersonal(enrolment.awaited ?? enrolment.trigger),
    trigger: impersonal(enrolment.trigger),
    ...(promised?.code === undefined ? {} : { coupon: { code: promised.code, pool: promised.pool } }),
  };
}

/** What names a person or says where they live: the shop knows it by the ids. */
const PERSONAL = new Set([
  'buyer',
  'shipTo',
  'name',
  'familyName',
  'givenName',
  'kana',
  'email',
  'phone',
  'birthday',
  'gender',
  'prefecture',
  'postalCode',
  'city',
  'address1',
  'address2',
]);

/** An event's own fields, and those of its order, without what is personal. Names of products stay: they stand in lists. */
function impersonal(data: Record<string, unknown>): Record<string, unknown> {
  const kept = without(data);
  if (typeof kept.order !== 'object' || kept.order === null) return kept;
  return { ...kept, order: without({ ...kept.order }) };
}

const without = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !PERSONAL.has(name)));
