import { describe, expect, test } from '@jest/globals';
import { createRenderer, japaneseDate, money } from '#adapters/liquid/render.ts';
import { asInstant } from '#core/ids.ts';
import type { Template } from '#core/programme.ts';

const TOKYO = [{ from: asInstant('2000-01-01T00:00:00.000Z'), minutes: 540 }];
const renderer = createRenderer({ zone: () => TOKYO, currency: () => 'JPY' });
let version = 0;
const template = (text: string): Template => ({
  id: 't',
  version: ++version,
  mail: { subject: text, preheader: '', html: text, text },
  line: { messages: [{ type: 'text', text, deep: [{ n: 1, s: text }] }] },
});
const mail = (text: string, variables: object = {}) => renderer.mail(template(text), variables);

describe('a LINE message', () => {
  const cards = (line: unknown, variables: object) =>
    renderer.line({ id: 't', version: ++version, line: { messages: [line] } }, variables);
  const recommended = [
    { name: '化粧水', imageUrl: 'https://example.com/1.jpg' },
    { name: '乳液' },
    { name: 'クリーム', imageUrl: 'https://example.com/3.jpg' },
  ];
  const carousel = {
    type: 'carousel',
    contents: [
      {
        for: 'product in recommended',
        type: 'bubble',
        hero: { if: 'product.imageUrl', type: 'image', url: '{{ product.imageUrl }}' },
        body: { type: 'box', contents: [{ type: 'text', text: '{{ product.name }}' }] },
      },
      { if: 'recommended.size > 5', type: 'bubble' },
    ],
  };
  const bubble = (text: string, url?: string) => ({
    type: 'bubble',
    ...(url === undefined ? {} : { hero: { type: 'image', url } }),
    body: { type: 'box', contents: [{ type: 'text', text }] },
  });

  test('has a card for each of what is recommended, and no picture where there is none', () => {
    expect(cards(carousel, { recommended })).toEqual([
      {
        type: 'carousel',
        contents: [
          bubble('化粧水', 'https://example.com/1.jpg'),
          bubble('乳液'),
          bubble('クリーム', 'https://example.com/3.jpg'),
        ],
      },
    ]);
  });
  test('goes without a picture that LINE would refuse it for; a mail shows it', () => {
    const [plain, safe] = ['http://example.com/1.jpg', 'HTTPS://example.com/2.jpg'];
    const variables = {
      recommended: [{ name: '化粧水', imageUrl: plain }],
      trigger: { order: { items: [{ imageUrl: plain }, { imageUrl: safe }] } },
    };
    expect(cards(carousel, variables)).toEqual([{ type: 'carousel', contents: [bubble('化粧水')] }]);
    const shown = '{% for item in trigger.order.items %}{{ item.imageUrl | default: "-" }} {% endfor %}';
    expect(cards({ type: 'text', text: shown }, variables)).toEqual([{ type: 'text', text: `- ${safe} ` }]);
    expect(mail(shown, variables).text.trim()).toBe(`${plain} ${safe}`);
  });
  test('has as many cards as its loop allows, and other ones for the next person', () => {
    const one = { id: 't', version: ++version, line: { messages: [carousel] } };
    expect(renderer.line(one, { recommended: recommended.slice(1, 2) })).toEqual([
      { type: 'carousel', contents: [bubble('乳液')] },
    ]);
    expect(renderer.line(one, { recommended: recommended.slice(2) })).toEqual([
      { type: 'carousel', contents: [bubble('クリーム', 'https://example.com/3.jpg')] },
    ]);
    const first = { ...carousel, contents: [{ for: 'one in recommended limit: 1', text: '{{ one.name }}' }] };
    expect(cards(first, { recommended })).toEqual([{ type: 'carousel', contents: [{ text: '化粧水' }] }]);
    expect(cards(first, {})).toEqual([{ type: 'carousel', contents: [] }]);
  });
});

describe('what is filled in', () => {
  test('is escaped in HTML and nowhere else', () => {
    const variables = { customer: { name: '<b>"花子" & co</b>' } };
    const rendered = mail('{{ customer.name }}', variables);
    expect(rendered.html).toBe('&lt;b&gt;&#34;花子&#34; &amp; co&lt;/b&gt;');
    expect(rendered.text).toBe('<b>"花子" & co</b>');
    expect(rendered.subject).toBe('<b>"花子" & co</b>');
    expect(renderer.line(template('{{ customer.name }}'), variables)).toEqual([
      { type: 'text', text: '<b>"花子" & co</b>', deep: [{ n: 1, s: '<b>"花子" & co</b>' }] },
    ]);
  });
  test('can never be a template itself', () => {
    expect(mail('{{ name }}', { name: '{{ secret }}', secret: 'x' }).text).toBe('{{ secret }}');
  });
  test('keeps a subject on one line', () => {
    expect(mail('{{ name }}', { name: 'a\r\nBcc: b@example.com' }).subject).toBe('a Bcc: b@example.com');
  });
  test('leaves no rows of empty lines in the text part', () => {
    expect(mail('a\n\n{% if no %}b{% endif %}\n\n  \n{% if no %}c{% endif %}\nd', {}).text).toBe('a\n\nd');
  });
  test('sees own data only', () => {
    expect(mail('{{ customer.constructor }}{{ customer.__proto__.x }}', { customer: {} }).text).toBe('');
  });
});

describe('dates and money', () => {
  test("are the shop's, in Japanese", () => {
    const variables = { at: '2026-11-23T16:30:00.000Z', day: '2026-11-24', yen: 12800, pence: 1250 };
    expect(mail('{{ at | date: "%Y年%-m月%-d日(%a) %H:%M" }}', variables).text).toBe('2026年11月24日(火) 01:30');
    expect(mail('{{ at | date }} {{ day | date: "%m/%d" }}', variables).text).toBe('2026年11月24日 11/24');
    expect(mail('{{ at | jdate: "time" }} {{ yen | money }} {{ pence | money: "GBP" }}', variables).text).toBe(
      '11月24日(火) 01:30 12,800円 12.50 GBP',
    );
    expect([money('x', 'JPY'), japaneseDate('soon', TOKYO), japaneseDate(undefined, TOKYO)]).toEqual(['', '', '']);
  });
});

describe("a template that would keep the function busy, or can't be filled in", () => {
  test.each([
    ['a loop without end', '{% for i in (1..100000000) %}x{% endfor %}'],
    [
      'a loop in a loop in a loop',
      '{% for i in (1..9999) %}{% for j in (1..9999) %}{% for k in (1..9999) %}{% endfor %}{% endfor %}{% endfor %}',
    ],
    ['a file', '{% render "../../etc/passwd" %}'],
    ['a filter nobody knows', '{{ a | nothing }}'],
  ])(
    "%s ends with the template's name and nobody else's",
    (_name, text) => {
      expect(() => mail(text, { a: '花子' })).toThrow(
        expect.objectContaining({ code: 'bad-input', message: 'template t could not be filled in' }),
      );
    },
    10_000,
  );
  test('a channel it was not made for', () => {
    expect(() => renderer.line({ id: 't', version: 1 }, {})).toThrow('template t has no LINE message');
  });
});
