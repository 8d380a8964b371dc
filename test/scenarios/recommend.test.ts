import { beforeAll, describe, expect, test } from '@jest/globals';
import { createRenderer } from '#adapters/liquid/render.ts';
import { checkLineMessages } from '#core/message/line-rules.ts';
import type { Programme, Template } from '#core/programme.ts';
import { jst, reported, SETTINGS } from '../support/builders.ts';
import { publishExample } from '../support/examples.ts';
import { publishShipped } from '../support/shipped.ts';
import { anOrderOfHers, cancelled, hers, ON_LINE, onLine, programmeOf, withHanako } from '../support/story.ts';

const MEMBER = 'member:hanako:7';
const looks = (at: string) => hers('page.viewed', at, { url: 'https://shop.example.jp/' });

describe('before days off', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('recommend-weekly');
  });
  const bought = (at = '2026-11-10 10:00') => withHanako(programme, at).tell(anOrderOfHers('1', at));

  test('there is a letter on each Friday evening, and on the Thursday before a holiday that falls on a Friday', () => {
    expect(bought().turnTo(jst('2026-12-06 00:00')).mail).toEqual([
      '1 2026-11-20 19:00 email',
      '1 2026-11-27 19:00 email',
      '1 2026-12-04 19:00 email',
    ]);
  });

  test('who ordered within the week is not asked to buy again', () => {
    const world = bought().turnTo(jst('2026-11-25 10:00')).tell(anOrderOfHers('2', '2026-11-25 10:00'));
    expect(world.turnTo(jst('2026-12-06 00:00')).mail).toEqual([
      '1 2026-11-20 19:00 email',
      '1 2026-12-04 19:00 email',
    ]);
  });

  test('where there is too little to recommend nothing is sent, and the history says why', () => {
    const world = bought();
    world.recommendable = 1;
    world.turnTo(jst('2026-11-22 00:00'));
    expect(world.mail).toEqual([]);
    expect(world.told(MEMBER, 'message.suppressed')).toEqual(['1 too-few-recommendations']);
  });
});

describe('after a visit', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('recommend-visit');
  });

  test('the letter comes two evenings later, and the next one two weeks after it at the earliest', () => {
    const world = withHanako(programme, '2026-11-24 14:00')
      .tell(looks('2026-11-24 14:00'))
      .turnTo(jst('2026-12-01 14:00'))
      .tell(looks('2026-12-01 14:00'))
      .turnTo(jst('2026-12-20 14:00'))
      .tell(looks('2026-12-20 14:00'))
      .turnTo(jst('2026-12-31 00:00'));
    expect(world.mail).toEqual(['1 2026-11-26 19:00 email', '1 2026-12-22 19:00 email']);
  });

  test('who buys before it comes gets none', () => {
    const world = withHanako(programme, '2026-11-24 14:00')
      .tell(looks('2026-11-24 14:00'))
      .turnTo(jst('2026-11-25 14:00'))
      .tell(anOrderOfHers('1', '2026-11-25 14:00'))
      .turnTo(jst('2026-12-31 00:00'));
    expect(world.mail).toEqual([]);
  });
});

describe('what goes with an order', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('cross-sell');
  });
  const ordered = () => withHanako(programme, '2026-11-24 10:00').tell(anOrderOfHers('1', '2026-11-24 10:00'));

  test('is shown twelve days later, on LINE where that is how she came', () => {
    expect(ordered().turnTo(jst('2026-12-31 00:00')).mail).toEqual(['1 2026-12-06 19:00 email']);
    const follows = reported('line.followed', jst('2026-01-05 10:00'), { lineUserId: ON_LINE }, {});
    const friend = withHanako(programme, '2026-11-24 10:00').tell(follows, ...onLine('2026-11-24 10:00'));
    expect(friend.tell(anOrderOfHers('1', '2026-11-24 10:00')).turnTo(jst('2026-12-31 00:00')).mail).toEqual([
      '1 2026-12-06 19:00 line',
    ]);
  });

  test('is counted from the latest order, and never shown of one that was cancelled', () => {
    const again = ordered().turnTo(jst('2026-11-30 10:00')).tell(anOrderOfHers('2', '2026-11-30 10:00'));
    expect(again.turnTo(jst('2026-12-31 00:00')).mail).toEqual(['1 2026-12-12 19:00 email']);
    const none = ordered().tell(cancelled('1', '2026-11-24 10:00', '2026-11-24 11:00'));
    expect(none.turnTo(jst('2026-12-31 00:00')).mail).toEqual([]);
  });
});

describe.each([
  ['08-recommend-weekly', ['1 2026-11-27 19:00 email', '1 2026-12-04 19:00 email']],
  ['09-recommend-after-visit', ['1 2026-11-26 19:00 email']],
])('the design’s own %s', (name, letters) => {
  const words = '{% for one in recommended %}{{ one.name }}{% endfor %}';
  const lived = async (recommendable: number) => {
    const { programme, report } = await publishExample(name, { words });
    expect(report.problems.filter(({ level }) => level === 'error')).toEqual([]);
    expect(report.result).toBe('published');
    const world = withHanako(programme, '2026-11-24 14:00');
    world.recommendable = recommendable;
    return world.tell(looks('2026-11-24 14:00')).turnTo(jst('2026-12-06 00:00'));
  };

  test('is published as it stands, and sends what it says', async () => {
    expect((await lived(2)).mail).toEqual(letters);
  });

  test('sends nothing where there are fewer than two to recommend', async () => {
    const world = await lived(1);
    expect(world.mail).toEqual([]);
    expect(new Set(world.told(MEMBER, 'message.suppressed'))).toEqual(new Set(['1 too-few-recommendations']));
  });
});

describe.each(['recommend', 'cross-sell'])('the letter %s', (id) => {
  let template: (id: string) => Template;
  let programme: Programme;
  beforeAll(async () => {
    ({ programme, template } = await publishShipped([]));
  });
  const renderer = createRenderer({ zone: () => programme.manifest.zone, currency: () => 'JPY' });
  const one = (n: number, more: object = {}) => ({
    id: `p${n}`,
    variantId: `v${n}`,
    name: `<石けん & ${n}>`,
    price: 1200 + n,
    currency: 'JPY',
    ...more,
  });
  const shown = { imageUrl: 'https://shop.example.jp/1.jpg', url: 'https://shop.example.jp/p?a=1&b=2' };
  const variables = (recommended: object[]) => ({
    customer: { name: '花子' },
    trigger: {},
    recommended,
    shop: { name: SETTINGS.shopName, sender: SETTINGS.sender },
    links: { unsubscribe: 'https://api.example.jp/u/TOKEN' },
  });

  test('has a card for each product: its picture, its name, its price and the way to it', () => {
    const mail = renderer.mail(template(id), variables([one(1, shown), one(2)]));
    expect(mail.text).toContain('<石けん & 1>');
    expect(mail.text).toContain('1,201円');
    expect(mail.text).toContain('1,202円');
    expect(mail.html.match(/<img /g)).toHaveLength(1);
    expect(mail.html.match(/くわしく見る/g)).toHaveLength(1);
    expect(mail.html).toContain('https://shop.example.jp/p?a=1&amp;b=2');
  });

  test("is a carousel on LINE, within LINE's rules, with what a product lacks left out", () => {
    for (const list of [[one(1), one(2, shown)], Array.from({ length: 12 }, (_, n) => one(n, shown))]) {
      const messages = renderer.line(template(id), variables(list)) as { contents: { contents: object[] } }[];
      expect(checkLineMessages(messages)).toEqual([]);
      const cards = messages[1]!.contents.contents;
      expect(cards).toHaveLength(list.length);
      expect(cards.map((card) => 'hero' in card)).toEqual(list.map((product) => 'imageUrl' in product));
      expect(cards.map((card) => 'footer' in card)).toEqual(list.map((product) => 'url' in product));
      expect(JSON.stringify(messages)).not.toMatch(/\{\{|\{%|undefined|NaN|"for"|"if"/);
    }
  });

  test('comes on LINE without a picture that LINE would not show, rather than not at all', () => {
    const plain = { ...shown, imageUrl: 'http://shop.example.jp/1.jpg' };
    const messages = renderer.line(template(id), variables([one(1, plain), one(2, shown)]));
    expect(checkLineMessages(messages)).toEqual([]);
    expect(JSON.stringify(messages).match(/"hero"/g)).toHaveLength(1);
  });
});
