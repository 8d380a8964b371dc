import { beforeAll, describe, expect, test } from '@jest/globals';
import { createRenderer } from '#adapters/liquid/render.ts';
import { checkLineMessages } from '#core/message/line-rules.ts';
import type { Programme, Template } from '#core/programme.ts';
import { SETTINGS } from '../support/builders.ts';
import { publishShipped } from '../support/shipped.ts';

let programme: Programme;
let template: (id: string) => Template;
beforeAll(async () => {
  ({ programme, template } = await publishShipped());
});
const IDS = ['thanks-story', 'after-30', 'after-90', 'after-240', 'after-365', 'cart-left-1', 'cart-left-2'];
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
    customer: name === undefined ? {} : { name },
    trigger: {
      order: { id: '1', items: list, placedAt: '2026-11-24T00:30:00.000Z' },
      cart: {
        token: 'c',
        items: list,
        ...(items > 0 ? { total: 1000, currency: 'JPY', url: 'https://shop.example.jp/c?a=1&b=2' } : {}),
      },
    },
    shop: { name: shopName, currency, timeZone, sender },
    links: { unsubscribe: 'https://api.example.jp/u/TOKEN' },
  };
}

describe.each(IDS)('%s', (id) => {
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
  test('shows the items, what is more than five as a number, and nothing of an empty list', () => {
    const many = renderer.mail(template(id), variables(8, '花子')).text;
    expect(many).toContain('<石けん & 4> 5点');
    expect(many).not.toContain('<石けん & 5> 6点');
    expect(many).toContain('ほか 3品');
    expect(renderer.mail(template(id), variables(0)).text).not.toMatch(
      /お選びいただいたもの\n|入っているもの\n|いるもの\n/,
    );
  });
  test('says who sends it, and how to stop it, and calls nothing from elsewhere', () => {
    const { html, text } = renderer.mail(template(id), variables(1, '花子'));
    for (const part of [html, text]) {
      expect(part).toContain(SETTINGS.sender.legalName);
      expect(part).toContain(SETTINGS.sender.postalAddress);
      expect(part).toContain(SETTINGS.sender.contact);
      expect(part).toContain('https://api.example.jp/u/TOKEN');
    }
    expect(html).not.toMatch(/<img|<link|@import|url\(/);
    expect(html).toContain('lang="ja"');
  });
  test("is short on LINE, and within LINE's rules", () => {
    if (id === 'cart-left-2') return;
    for (const items of [0, 1, 8]) {
      const messages = renderer.line(template(id), variables(items, items === 0 ? undefined : '花子'));
      expect(checkLineMessages(messages)).toEqual([]);
      expect(JSON.stringify(messages)).not.toMatch(/\{\{|\{%/);
      expect((messages[0] as { text: string }).text.length).toBeLessThan(300);
    }
  });
});
