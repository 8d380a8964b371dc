import type { Reported } from '#core/event/event.ts';
import { anOrder, cart, jst, orderChanged, type Person, reported } from './builders.ts';

/** Somebody's 2026: a registration, carts and orders, cancellations, looks, ranks, cases, LINE, an unsubscribe; other for each seed. */
export function aYear(seed: number): Reported[] {
  let state = seed * 7919 + 11;
  const random = (most: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * most);
  };
  const person: Person = { memberId: `m${seed}`, email: `c${seed}@example.com` };
  const at = () => jst(`2026-${two(1 + random(12))}-${two(1 + random(28))} ${two(random(24))}:${two(random(60))}`);
  const birthday = `19${two(60 + random(40))}-${two(1 + random(12))}-${two(1 + random(28))}`;
  const told: Reported[] = [reported('customer.registered', at(), person, { name: '山田 花子', birthday })];
  if (random(2) === 0) {
    const lineUserId = `U${String(seed).padStart(32, '0')}`;
    told.push(reported('identity.linked', at(), { ...person, lineUserId }, { how: 'test' }));
    told.push(reported('line.followed', at(), { lineUserId }, {}));
    if (random(3) === 0) told.push(reported('line.unfollowed', at(), { lineUserId }, {}));
  }
  for (let i = random(5); i >= 0; i--) {
    const placedAt = at();
    const order = anOrder({ id: `${seed}-${i}`, placedAt, updatedAt: placedAt });
    told.push(orderChanged(order, person));
    if (random(4) === 0) {
      const cancelledAt = at();
      if (cancelledAt > placedAt) told.push(orderChanged({ ...order, updatedAt: cancelledAt, cancelledAt }, person));
    }
    told.push(cart(`t${seed}-${i}`, at(), 1 + random(3), random(3) === 0 ? {} : person));
  }
  for (let i = random(6); i > 0; i--)
    told.push(reported('product.viewed', at(), person, { product: { id: `p${random(3)}` } }));
  for (let i = random(3); i > 0; i--) {
    const rank = ['シルバー', 'ゴールド'][random(2)]!;
    told.push(reported('customer.updated', at(), person, { rank }));
  }
  if (random(3) === 0) {
    const openedAt = at();
    const resolvedAt = at();
    told.push(reported('contact.opened', openedAt, person, { case: { id: `case-${seed}` } }));
    if (resolvedAt > openedAt)
      told.push(reported('contact.resolved', resolvedAt, person, { case: { id: `case-${seed}` } }));
  }
  if (random(3) === 0)
    told.push(
      reported('consent.changed', at(), person, { channel: 'email', isGranted: false, basis: 'form', by: 'customer' }),
    );
  return told.sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0));
}
const two = (number: number): string => String(number).padStart(2, '0');
