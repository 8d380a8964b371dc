import { describe, expect, test } from '@jest/globals';
import type { Channel } from '#core/event/event.ts';
import { asInstant, plus } from '#core/ids.ts';
import { checkScenario } from '#core/scenario/check.ts';
import { showPath } from '#core/scenario/finding.ts';
import { readBack } from '#core/scenario/read-back.ts';
import type { RecommendStep, Step } from '#core/scenario/scenario.ts';
import { SHIPPED } from '#core/scenario/settings.ts';
import { anOrder, aProgramme, aScenario, jst, orderChanged, send } from '#test/support/builders.ts';
import { World } from '#test/support/world.ts';

const TOKYO = [{ from: asInstant('2000-01-01T00:00:00.000Z'), minutes: 540 }];
const SEND = { id: '1', send: { template: 'thanks' } };
const check = (recommend: unknown, more: object = {}) =>
  checkScenario(
    { id: 'after', name: '購入後', trigger: { event: 'order.placed' }, steps: [{ recommend }, SEND], ...more },
    { settings: SHIPPED, zone: TOKYO, templates: new Map<string, Channel[]>([['thanks', ['email']]]) },
  );
const found = (recommend: unknown, more?: object) =>
  check(recommend, more).findings.map(({ rule, path }) => `${showPath(path)}: ${rule}`);
const place = 'steps[0].recommend';

describe('a recommend step', () => {
  test('leaves out what was bought and what is sold out unless the file says otherwise', () => {
    expect(check({ list: 'for-you', count: 4 }).scenario?.steps[0]).toEqual({
      recommend: { list: 'for-you', count: 4, min: 1, exclude: ['bought', 'outOfStock'] },
    });
    expect(check({ list: 'popular', count: 4, min: 2, exclude: [] }).scenario?.steps[0]).toEqual({
      recommend: { list: 'popular', count: 4, min: 2, exclude: [] },
    });
    expect(found({ list: 'popular', count: 4, exclude: ['bought'] })).toEqual([`${place}.exclude: shows-sold-out`]);
  });

  test('goes out from items that the event or the trigger names', () => {
    for (const path of ['trigger.order.items', 'event.order.items'])
      expect(found({ list: 'bought-together', of: path, count: 4 })).toEqual([]);
    const viewed = { trigger: { event: 'product.viewed' }, exit: [{ event: 'order.placed' }] };
    for (const path of ['trigger.product.id', 'trigger.product'])
      expect(found({ list: 'similar', of: path, count: 4 }, viewed)).toEqual([]);
    expect(found({ list: 'similar', of: 'trigger.order.total', count: 4 })).toEqual([`${place}.of: of`]);
    expect(found({ list: 'similar', of: 'trigger.ordr.items', count: 4 })).toEqual([`${place}.of: unknown-field`]);
    expect(found({ list: 'for-you', of: 'trigger.order.items', count: 4 })).toEqual([`${place}.of: of`]);
  });

  test('has a list that exists, and numbers that a message can hold', () => {
    expect(found({ list: 'foryou', count: 4 })).toEqual([`${place}.list: word`]);
    expect(found({ list: 'for-you', count: 13 })).toEqual([`${place}.count: range`]);
    expect(found({ list: 'for-you', count: 3, min: 4 })).toEqual([`${place}.min: range`]);
    expect(found({ list: 'for-you', count: 3, exclude: ['sold'] })).toEqual([`${place}.exclude[0]: word`]);
    expect(found({ list: 'for-you' })).toEqual([`${place}: required`]);
  });

  test('is advertising: it stands in no service message', () => {
    expect(found({ list: 'for-you', count: 4 }, { kind: 'service' })).toEqual(['steps[1].send: recommend-in-service']);
    const steps = [
      { recommend: { list: 'for-you', count: 4 } },
      { id: '1', send: { template: 'thanks', kind: 'service' } },
    ];
    expect(found(undefined, { steps })).toEqual(['steps[1].send: recommend-in-service']);
    expect(found(undefined, { steps: [steps[0], SEND, { ...steps[1], id: '2' }] })).toEqual([]);
  });

  test.each([
    [
      { list: 'for-you', count: 4, min: 2 },
      'その人へのおすすめ商品を4点まで選びます(購入済みと売り切れを除く。2点に満たなければ次の配信は送りません)',
    ],
    [
      { list: 'bought-together', of: 'trigger.order.items', count: 3, exclude: ['outOfStock'] },
      '「注文した商品」と一緒に買われる商品を3点まで選びます(売り切れを除く。1点もなければ次の配信は送りません)',
    ],
    [
      { list: 'similar', count: 3 },
      'いちばん新しい注文の商品に似た商品を3点まで選びます(購入済みと売り切れを除く。1点もなければ次の配信は送りません)',
    ],
  ])('is read back to the marketer: %j', (recommend, sentence) => {
    expect(readBack(check(recommend).scenario!, { status: 'live' }).join('\n')).toContain(sentence);
  });
});

describe('what is recommended', () => {
  const NOON = jst('2026-11-24 12:00');
  const forYou: RecommendStep = { list: 'for-you', count: 4, min: 2, exclude: ['bought'] };
  const rule = (steps: Step[]) => aProgramme([aScenario({ steps })]);
  const pending = (world: World) =>
    Object.values(world.stateOf('member:hanako:7').pending).map(({ step, recommend }) => `${step} ${recommend?.list}`);

  test('belongs to the next message only', () => {
    const steps: Step[] = [{ recommend: forYou }, send('1'), send('2')];
    const night = jst('2026-11-24 23:00');
    const world = new World(rule(steps), night).tell(orderChanged(anOrder({ placedAt: night })));
    expect(pending(world).sort()).toEqual(['1 for-you', '2 undefined']);
  });

  test('is what the step passed last says', () => {
    const steps: Step[] = [
      { recommend: forYou },
      { if: { 'trigger.order.total': { '>=': 1 } }, then: [{ recommend: { ...forYou, list: 'popular' } }] },
      { wait: '10h' },
      send('1', { expires: '3d' }),
    ];
    const world = new World(rule(steps), NOON).tell(orderChanged(anOrder({ placedAt: NOON })));
    world.turnTo(plus(NOON, 11 * 3_600_000));
    expect(pending(world)).toEqual(['1 popular']);
  });
});
