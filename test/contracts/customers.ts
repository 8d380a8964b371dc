import { describe, expect, test } from '@jest/globals';
import type { Holder } from '#core/customer/state.ts';
import type { CustomerId, Instant } from '#core/ids.ts';
import type { Customers } from '#core/ports/customers.ts';
import { anId, aState, aTombstone, at } from './samples.ts';

/** What every customers table promises. */
export function customersContract(where: string, make: () => Customers): void {
  const commitOne = async (holder: Holder, expected: number) =>
    (await make().commit([{ holder, expected }])).isWritten[0];
  const loadOne = async (id: CustomerId) => (await make().load([id])).get(id);

  describe(`a customers table ${where}`, () => {
    test('knows nobody it was not told of', async () => {
      expect(await make().load([anId(), anId()])).toEqual(new Map());
      expect(await make().load([])).toEqual(new Map());
    });

    test('writes somebody new once', async () => {
      const state = aState();
      expect(await commitOne(state, 0)).toBe(true);
      expect(await commitOne({ ...state, tags: { vip: { value: true, at: at('01:00') } } }, 0)).toBe(false);
      expect(await loadOne(state.customerId)).toEqual(state);
    });

    test('writes only over the version that was read', async () => {
      const state = aState();
      await commitOne(state, 0);
      const next = { ...state, version: 2, now: at('02:00') };
      expect(await commitOne(next, 1)).toBe(true);
      expect(await commitOne({ ...state, version: 2, now: at('03:00') }, 1)).toBe(false);
      expect(await loadOne(state.customerId)).toEqual(next);
    });

    test('writes nothing over somebody who is gone', async () => {
      const state = aState({ version: 3 });
      expect(await commitOne(state, 2)).toBe(false);
      expect(await loadOne(state.customerId)).toBeUndefined();
    });

    test('writes and reads many at once, and says of each whether it was written', async () => {
      const states = Array.from({ length: 130 }, () => aState());
      const odd = states.filter((_, place) => place % 2 === 1);
      const many = await make().commit(odd.map((holder) => ({ holder, expected: 0 })));
      expect(many.isWritten).toEqual(odd.map(() => true));
      const { isWritten: written } = await make().commit(states.map((holder) => ({ holder, expected: 0 })));
      expect(written).toEqual(states.map((_, place) => place % 2 === 0));
      const ids = states.map((state) => state.customerId);
      const loaded = await make().load([...ids, ...ids.slice(0, 10)]);
      expect(loaded).toEqual(new Map(states.map((state) => [state.customerId, state])));
      expect(await make().commit([])).toEqual({ isWritten: [], claims: [] });
    });

    test('turns a state into a tombstone and keeps what the tombstone knows', async () => {
      const state = aState({ alarmAt: at('05:00') });
      await commitOne(state, 0);
      const tombstone = aTombstone({ customerId: state.customerId, version: 2 });
      expect(await commitOne(tombstone, 1)).toBe(true);
      expect(await loadOne(state.customerId)).toEqual(tombstone);
      expect(await dueOf(make(), at('06:00'))).not.toContain(state.customerId);
    });

    test('gives an unused identity to the first who claims it', async () => {
      const [address, first, second] = [anId(), anId(), anId()];
      const identity = 'cart:hanako:t1';
      const claim = (to: CustomerId) => ({ address, identity, to, toIdentity: 'member:hanako:7' });
      expect(await make().claim([claim(first), claim(second)])).toEqual(['claimed', 'taken']);
      expect(await make().claim([claim(second)])).toEqual(['taken']);
      const { stop, applied, to, version } = (await loadOne(address)) as ReturnType<typeof aTombstone>;
      expect({ stop, applied, to, version }).toEqual({ stop: {}, applied: [], to: first, version: 1 });
    });

    test('claims identities in the call of a commit, whether or not the commit is written', async () => {
      const [known, fresh] = [aState(), aState()];
      await commitOne(known, 0);
      const [first, second, third] = [anId(), anId(), anId()];
      await commitOne(aTombstone({ customerId: third }), 0);
      const claim = (address: CustomerId, to: CustomerId) => ({
        address,
        identity: 'cart:hanako:t1',
        to,
        toIdentity: 'member:hanako:7',
      });
      const wishes = [
        { holder: { ...known, version: 9 }, expected: 8 },
        { holder: fresh, expected: 0 },
      ];
      const claims = [claim(first, known.customerId), claim(second, fresh.customerId), claim(third, fresh.customerId)];
      const own = claim(fresh.customerId, known.customerId);
      expect(await make().commit(wishes, [...claims, own])).toEqual({
        isWritten: [false, true],
        claims: ['claimed', 'claimed', 'taken', 'taken'],
      });
      expect(await loadOne(first)).toMatchObject({ kind: 'tombstone', to: known.customerId });
      expect(await loadOne(fresh.customerId)).toEqual(fresh);
    });

    test('gives nobody an identity with a state of its own', async () => {
      const state = aState();
      await commitOne(state, 0);
      const claims = [anId(), state.customerId, anId()].map((address) => ({
        address,
        identity: 'email:hanako@example.com',
        to: anId(),
        toIdentity: 'member:hanako:7',
      }));
      expect(await make().claim(claims)).toEqual(['claimed', 'taken', 'claimed']);
      expect(await loadOne(state.customerId)).toEqual(state);
    });

    test('points a tombstone elsewhere only if it points where one thought', async () => {
      const tombstone = aTombstone();
      await commitOne(tombstone, 0);
      const { customerId: address, to } = tombstone;
      const [other, next] = [anId(), anId()];
      await make().repoint(address, other, next, 'member:hanako:9');
      expect(await loadOne(address)).toEqual(tombstone);
      await make().repoint(address, to, next, 'member:hanako:9');
      await make().repoint(address, to, other, 'member:hanako:8');
      const moved = { ...tombstone, to: next, toIdentity: 'member:hanako:9', version: 2 };
      expect(await loadOne(address)).toEqual(moved);
      const later = { ...moved, version: 3, toIdentity: 'line:U1', to: other };
      expect(await commitOne(later, 2)).toBe(true);
      expect(await loadOne(address)).toEqual(later);
    });

    test('leaves states and strangers alone when it points elsewhere', async () => {
      const state = aState();
      await commitOne(state, 0);
      await make().repoint(state.customerId, anId(), anId(), 'member:hanako:9');
      const nobody = anId();
      await make().repoint(nobody, anId(), anId(), 'member:hanako:9');
      expect(await loadOne(state.customerId)).toEqual(state);
      expect(await loadOne(nobody)).toBeUndefined();
    });

    test('lists the alarms that are due, and no longer those that were put off', async () => {
      const [early, late, none] = [aState({ alarmAt: at('04:00') }), aState({ alarmAt: at('04:30') }), aState()];
      for (const state of [early, late, none]) await commitOne(state, 0);
      const due = async (until: Instant) => {
        const ids = await dueOf(make(), until);
        return [early, late, none].map((state) => ids.includes(state.customerId));
      };
      expect(await due(at('03:59'))).toEqual([false, false, false]);
      expect(await due(at('04:00'))).toEqual([true, false, false]);
      const { alarmAt: _, ...over } = early;
      await commitOne({ ...over, version: 2 }, 1);
      await commitOne({ ...late, version: 2, alarmAt: at('04:10') }, 1);
      expect(await due(at('04:10'))).toEqual([false, true, false]);
    });

    test('lists many due alarms page by page, each once', async () => {
      const states = Array.from({ length: 45 }, (_, i) => aState({ alarmAt: at(`03:${String(i).padStart(2, '0')}`) }));
      await make().commit(states.map((holder) => ({ holder, expected: 0 })));
      const found: string[] = [];
      let next: string | undefined;
      do {
        const page = await make().due(at('03:59'), { limit: 10, ...(next === undefined ? {} : { next }) });
        expect(page.due.length).toBeLessThanOrEqual(10);
        found.push(...page.due.map(({ customerId, alarmAt }) => `${customerId} ${alarmAt}`));
        next = page.next;
      } while (next !== undefined);
      expect(new Set(found).size).toBe(found.length);
      expect(found).toEqual(
        expect.arrayContaining(states.map(({ customerId, alarmAt }) => `${customerId} ${alarmAt}`)),
      );
    });
  });
}

async function dueOf(customers: Customers, until: Instant): Promise<CustomerId[]> {
  const found: CustomerId[] = [];
  let next: string | undefined;
  do {
    const page = await customers.due(until, next === undefined ? {} : { next });
    found.push(...page.due.map(({ customerId }) => customerId));
    next = page.next;
  } while (next !== undefined);
  return found;
}
