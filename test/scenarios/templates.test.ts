import { beforeAll, describe, expect, test } from '@jest/globals';
import { createRenderer } from '#adapters/liquid/render.ts';
import { checkLineMessages } from '#core/message/line-rules.ts';
import type { Programme, Template } from '#core/programme.ts';
import { SETTINGS } from '../support/builders.ts';
import { publishShipped, SHIPPED_FILES, shippedIds } from '../support/shipped.ts';

let programme: Programme;
let template: (id: string) => Template;
beforeAll(async () => {
  ({ programme, template } = await publishShipped([]));
});
const IDS = shippedIds('templates');
const sourceOf = (id: string, part: 'mail.mjml' | 'line.json') => SHIPPED_FILES.get(`templates/${id}/${part}`) ?? '';
const withMail = IDS.filter((id) => sourceOf(id, 'mail.mjml') !== '');
const withItems = withMail.filter((id) => sourceOf(id, 'mail.mjml').includes('{% for item in'));
const onLine = IDS.filter((id) => sourceOf(id, 'line.json') !== '');
/** What is told of a subscription itself, or was asked for, can't be stopped by who gets it. */
const SERVICE = ['box-first', 'box-last', 'box-changed', 'box-failed', 'restock-asked', 'subscription-next'];
const renderer = createRenderer({ zone: () => programme.manifest.zone, currency: () => 'JPY' });

function variables(items: number, name?: string) {
  const list = Array.from({ length: items }, (_, i) => ({
    name: `<石けん & ${i}>`,
    quantity: i + 1,
    unitPrice: 500,
    total: 500,
  }));
  const { shopName, currency, timeZone, sender } = SETTINGS;
  return {
    customer: {
      ...(name === undefined ? {} : { name }),
      ...(items === 0
        ? {}
        : { points: { balance: 12_500, nextExpiryAt: '2027-01-31T14:59:00.000Z', nextExpiryAmount: 300 } }),
      orders: { count: 5, total: 25_000, average: 5000, subscriptionCount: 0 },
    },
    trigger: {
      product: { priceBefore: 5500 },
      date: '2026-12-01',
      ...(items === 0
        ? {}
        : { url: 'https://shop.example.jp/p?a=1&b=2', carrier: 'ヤマト運輸', trackingNumber: '1234' }),
      box: {
        id: 'b',
        deadlineAt: '2026-12-05T11:00:00.000Z',
        ...(items === 0 ? {} : { items: list, changeUrl: 'https://shop.example.jp/box' }),
      },
      order: { id: '1', items: list, placedAt: '2026-11-24T00:30:00.000Z' },
      cart: {
        token: 'c',
        items: list,
        ...(items > 0 ? { total: 1000, currency: 'JPY', url: 'https://shop.example.jp/c?a=1&b=2' } : {}),
      },
    },
    product: {
      id: 'p1',
      variantId: 'v1',
      name: '<石けん & 0>',
      price: 500,
      priceBefore: 700,
      currency: 'JPY',
      ...(items === 0 ? {} : { imageUrl: 'https://shop.example.jp/p.jpg', url: 'https://shop.example.jp/p?a=1&b=2' }),
    },
    coupon: {
      code: 'SPRING-7',
      pool: 'birthday',
      ...(items === 0 ? {} : { validUntil: '2026-12-31T14:59:59.999Z' }),
    },
    // Never none: then nothing is sent.
    recommended: Array.from({ length: Math.max(items, 1) }, (_, n) => ({
      id: `p${n}`,
      variantId: `v${n}`,
      name: `<石けん & ${n}>`,
      price: 500,
      currency,
      ...(items === 0 ? {} : { url: 'https://shop.example.jp/p?a=1&b=2' }),
    })),
    shop: { name: shopName, currency, timeZone, sender },
    links: {
      unsubscribe: 'https://api.example.jp/u/TOKEN',
      survey: { loyalty: 'https://api.example.jp/s/TOKEN?a=' },
    },
  };
}

describe.each(withMail)('the mail %s', (id) => {
  test('is filled in for who is known and for who is not, with one item, many and none', () => {
    for (const [items, name] of [
      [1, '山田 花子'],
      [8, '"><script>alert(1)</script>'],
      [0, undefined],
    ] as const) {
      const mail = renderer.mail(template(id), variables(items, name));
      for (const text of [mail.subject, mail.html, mail.text]) expect(text).not.toMatch(/\{\{|\{%|undefined|NaN/);
      expect(mail.text).toContain(name === undefined ? 'お客さま' : '');
      expect(mail.html).not.toContain('<script>alert');
      expect(mail.text).not.toMatch(/\n{3}/);
      expect(mail.html.length).toBeLessThan(95_000);
    }
  });
  test('says who sends it, and how to stop it unless it has to be said, and calls nothing from elsewhere', () => {
    const { html, text } = renderer.mail(template(id), variables(1, '花子'));
    for (const part of [html, text]) {
      expect(part).toContain(SETTINGS.sender.legalName);
      expect(part).toContain(SETTINGS.sender.postalAddress);
      expect(part).toContain(SETTINGS.sender.contact);
      expect(part.includes('https://api.example.jp/u/TOKEN')).toBe(!SERVICE.includes(id));
    }
    // The shop's own picture of a product is the only thing that a mail program is to fetch.
    const rest = html.replaceAll(/<img[^>]* src="https:\/\/shop\.example\.jp\/p\.jpg"[^>]*>/g, '');
    expect(rest).not.toMatch(/<img|<link|@import|url\(/);
    expect(html).toContain('lang="ja"');
  });
  test('hurries nobody', () => {
    const { subject, text } = renderer.mail(template(id), variables(1, '花子'));
    expect(subject + text).not.toMatch(/本日限り|緊急|今すぐ|お急ぎ|最後のチャンス|!!|!!/);
  });
});

describe.each(withItems)('the mail %s', (id) => {
  test('shows the items, what is more than five as a number, and nothing of an empty list', () => {
    const many = renderer.mail(template(id), variables(8, '花子')).text;
    expect(many).toContain('<石けん & 4> 5点');
    expect(many).not.toContain('<石けん & 5> 6点');
    expect(many).toContain('ほか 3品');
    expect(renderer.mail(template(id), variables(0)).text).not.toMatch(/(もの|お届け内容)\n/);
  });
});

describe.each(onLine)('%s on LINE', (id) => {
  test("is short, and within LINE's rules", () => {
    for (const items of [0, 1, 8]) {
      const messages = renderer.line(template(id), variables(items, items === 0 ? undefined : '花子'));
      expect(checkLineMessages(messages)).toEqual([]);
      expect(JSON.stringify(messages)).not.toMatch(/\{\{|\{%|undefined|NaN/);
      const { text } = messages[0] as { text: string };
      expect(text.length).toBeLessThan(300);
      expect(text).not.toMatch(/本日限り|緊急|今すぐ|お急ぎ|\n{3}/);
    }
  });
});

test('the letter of each month has words of its own', () => {
  const months = Array.from({ length: 12 }, (_, i) => String(i + 1).padStart(2, '0'));
  const told = months.map((month) => {
    const values = variables(1, '花子');
    values.trigger.date = `2027-${month}-15`;
    const mail = renderer.mail(template('monthly-letter'), values);
    expect(mail.subject).toBe(`${Number(month)}月のお便り`);
    const [message] = renderer.line(template('monthly-letter'), values) as { text: string }[];
    return `${mail.text.replaceAll(/\d+月/g, '')} ${message?.text.replaceAll(/\d+月/g, '')}`;
  });
  expect(new Set(told).size).toBe(12);
});

describe.each(IDS.filter((id) => SHIPPED_FILES.has(`templates/${id}/postal.csv`)))('the letter %s', (id) => {
  test('is filled in for who is known in full and for who has the least a letter needs', () => {
    for (const [items, more] of [
      [8, { prefecture: '京都府', city: '京都市', address2: '縁ビル' }],
      [0, {}],
    ] as const) {
      const told = variables(items, '山田 花子');
      const customer = { ...told.customer, postalCode: '604-0000', address1: '二条通1-2', ...more };
      const cells = renderer.postal(template(id), { ...told, customer });
      expect(cells).toHaveLength(template(id).postal!.columns.length);
      expect(cells.join('\n')).not.toMatch(/\{\{|\{%|undefined|NaN/);
      expect(cells).toContain('山田 花子 様');
    }
  });
});
