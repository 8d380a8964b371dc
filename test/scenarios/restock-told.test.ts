import { describe, expect, test } from '@jest/globals';
import type { Programme } from '#core/programme.ts';
import { anOrder, aVariant, HANAKO, jst, orderChanged } from '../support/builders.ts';
import { publishExample } from '../support/examples.ts';
import { shelve } from '../support/shelf.ts';
import { hers, noMail, onLine, withHanako } from '../support/story.ts';
import type { World } from '../support/world.ts';

/** The design's own scenario, published as it stands; who is interested is noted and told as in a shop. */
const published = async (name: string): Promise<{ programme: Programme; readBack: string[] }> => {
  const { programme, report } = await publishExample(name);
  expect(report.problems.filter(({ level }) => level === 'error')).toEqual([]);
  expect(report.result).toBe('published');
  return { programme, readBack: report.readBack ?? [] };
};
const LATER = jst('2026-12-31 00:00');

describe('a restock, from the shelf to who waits for it', () => {
  const asked = hers('restock.requested', '2026-11-24 10:00', { product: { id: 'p1', variantId: 'v1' } });
  const viewed = hers('product.viewed', '2026-11-24 10:00', { product: { id: 'p1', variantId: 'v1' } });
  const soldOut = async (): Promise<World> =>
    shelve(withHanako((await published('07-restock')).programme, '2026-11-24 10:00'), aVariant({ stock: 0 }));

  test('is read back as what it does', async () => {
    const { readBack } = await published('07-restock');
    expect(readBack[1]).toBe(
      'きっかけ: 商品の再入荷。この60日に関心を示した人(お知らせを頼んだ人・お気に入りに入れた人・見た人)が、在庫1個につき5人ずつ、2時間ごとに入ります',
    );
    expect(readBack.join('\n')).not.toMatch(/product\.|undefined/);
  });

  test('tells who asked, and nobody else, when it is published again with stock', async () => {
    const who = async (interest: typeof asked) => {
      const hidden = { stock: 0, isPublished: false };
      const world = shelve((await soldOut()).tell(interest), aVariant(hidden)).turnTo(jst('2026-11-26 10:00'));
      return shelve(world, aVariant({ stock: 9 })).turnTo(LATER).mail;
    };
    expect(await who(asked)).toEqual(['asked 2026-11-26 10:00 email']);
    expect(await who(viewed)).toEqual([]);
  });

  test('tells who asked as a service, so that it comes without a yes to mail; who only looked needs one', async () => {
    const who = async (interest: typeof asked, ...also: (typeof asked)[]) => {
      const world = (await soldOut()).tell(interest, ...also).turnTo(jst('2026-11-26 10:00'));
      return shelve(world, aVariant({ stock: 3 })).turnTo(LATER).mail;
    };
    expect(await who(asked)).toEqual(['asked 2026-11-26 10:00 email']);
    expect(await who(asked, noMail('2026-11-24 11:00'))).toEqual(['asked 2026-11-26 10:00 email']);
    expect(await who(viewed)).toEqual(['seen 2026-11-26 10:00 email']);
    expect(await who(viewed, noMail('2026-11-24 11:00'))).toEqual([]);
    expect(await who(asked, viewed)).toEqual(['asked 2026-11-26 10:00 email']);
  });

  test('keeps its promise once: at the next restock only who asked anew is told', async () => {
    const world = (await soldOut()).tell(asked).turnTo(jst('2026-11-26 10:00'));
    const again = (at: string) => {
      shelve(world, aVariant({ stock: 0 })).turnTo(jst(at));
      return shelve(world, aVariant({ stock: 2 })).turnTo(jst(at)).mail.length;
    };
    shelve(world, aVariant({ stock: 3 })).turnTo(jst('2026-11-26 12:00'));
    expect(again('2026-11-28 10:00')).toBe(1);
    world.tell(hers('restock.requested', '2026-11-28 11:00', { product: { id: 'p1', variantId: 'v1' } }));
    expect(again('2026-11-30 10:00')).toBe(2);
  });

  test('tells nobody who took the request back', async () => {
    const world = (await soldOut())
      .tell(asked, hers('restock.withdrawn', '2026-11-25 10:00', { product: { id: 'p1', variantId: 'v1' } }))
      .turnTo(jst('2026-11-26 10:00'));
    expect(shelve(world, aVariant({ stock: 3 })).turnTo(LATER).mail).toEqual([]);
  });

  test('calls off what the night held back once it is sold out again, or bought', async () => {
    const atNight = async () => {
      const world = (await soldOut()).tell(viewed).turnTo(jst('2026-11-25 23:00'));
      return shelve(world, aVariant({ stock: 3 })).turnTo(jst('2026-11-25 23:30'));
    };
    const gone = shelve(await atNight(), aVariant({ stock: 0 })).turnTo(LATER);
    expect(gone.mail).toEqual([]);
    expect(gone.told('member:hanako:7', 'message.suppressed')).toEqual(['seen exit']);
    const bought = (await atNight()).tell(orderChanged(anOrder({ placedAt: jst('2026-11-25 23:30') }))).turnTo(LATER);
    expect(bought.mail).toEqual([]);
    expect((await atNight()).turnTo(LATER).mail).toEqual(['seen 2026-11-26 09:32 email']);
  });

  test('reaches the person through a mailbox that was merged into another, once', async () => {
    const browser = { visitorId: '01HZZZZZZZZZZZZZZZZZZZZZZZ' };
    const world = await soldOut();
    world
      .tell({ ...asked, identities: browser, nonce: 'as a visitor' }, viewed)
      .tell({ ...viewed, identities: { ...HANAKO, ...browser }, nonce: 'logged in' }, ...onLine('2026-11-24 10:00'))
      .turnTo(jst('2026-11-26 10:00'));
    expect(new Set([...world.interests.values()].map(({ customerId }) => customerId)).size).toBe(2);
    expect(shelve(world, aVariant({ stock: 3 })).turnTo(LATER).mail).toHaveLength(1);
    expect([...world.interests.values()].map(({ kind }) => kind)).not.toContain('requested');
  });
});
