import { beforeAll, describe, expect, test } from '@jest/globals';
import { createRenderer, type RenderedMail } from '#adapters/liquid/render.ts';
import { type Joinable, joinMails, PART, withoutParts } from '#core/message/join-mails.ts';
import type { Template } from '#core/programme.ts';
import { SETTINGS } from '../../support/builders.ts';
import { publishShipped } from '../../support/shipped.ts';

let template: (id: string) => Template;
beforeAll(async () => {
  template = (await publishShipped([])).template;
});

const renderer = createRenderer({ zone: () => [], currency: () => 'JPY' });
const mailOf = (id: string, token = id): Joinable & RenderedMail => {
  const unsubscribeUrl = `https://api.example.jp/u/${token}`;
  const variables = {
    customer: { name: '山田 花子', points: {}, orders: {} },
    trigger: { order: { items: [] }, cart: { items: [] } },
    shop: { name: SETTINGS.shopName, sender: SETTINGS.sender },
    links: { unsubscribe: unsubscribeUrl },
  };
  return { ...renderer.mail(template(id), variables), unsubscribeUrl };
};
const countOf = (text: string, part: string): number => text.split(part).length - 1;

describe('two mails in one', () => {
  test('have the first’s subject and one footer, and what both say', () => {
    const [first, second] = [mailOf('before-next'), mailOf('after-30')];
    const joined = joinMails(first, second)!;
    expect(joined.subject).toBe(first.subject);
    for (const part of [joined.html, joined.text]) {
      expect(part).toContain('切らしてからあわてないように');
      expect(countOf(part, first.unsubscribeUrl!)).toBe(1);
      expect(part).not.toContain(second.unsubscribeUrl!);
      expect(countOf(part, SETTINGS.sender.postalAddress)).toBe(1);
    }
    const own = second.html
      .split(PART)
      .slice(1, -2)
      .find((part) => part.length > 1500 && !first.html.includes(part))!;
    expect(joined.html).toContain(own);
    expect(joined.html.indexOf(own)).toBeLessThan(joined.html.indexOf(first.unsubscribeUrl!));
    expect(joined.html.indexOf(own)).toBeGreaterThan(joined.html.indexOf('切らしてからあわてないように'));
  });

  test('are a whole document, with the sections balanced and no mark left', () => {
    const joined = joinMails(joinMails(mailOf('before-next'), mailOf('after-30'))!, mailOf('one-week'))!;
    const { html } = withoutParts(joined);
    expect(html).not.toContain(PART);
    for (const tag of ['html', 'body', 'head']) {
      expect([tag, countOf(html, `<${tag}`) - countOf(html, '<header'), countOf(html, `</${tag}>`)]).toEqual([
        tag,
        1,
        1,
      ]);
    }
    const visible = html.replace(/<!--[\s\S]*?-->/g, '');
    for (const tag of ['div', 'table', 'tr', 'td']) {
      expect([tag, visible.match(new RegExp(`<${tag}[\\s>]`, 'g'))?.length]).toEqual([
        tag,
        countOf(visible, `</${tag}>`),
      ]);
    }
    expect(countOf(html, '<!--[if')).toBe(countOf(html, '<![endif]-->'));
  });

  test('show what both begin with once', () => {
    const joined = joinMails(mailOf('before-next'), mailOf('before-next', 'other'))!;
    expect(joined).toBeUndefined();
    const shopLine = mailOf('before-next').html.split(PART)[1]!;
    const two = joinMails(mailOf('before-next'), mailOf('after-30'))!;
    expect(countOf(two.html, shopLine)).toBe(1);
  });

  test('stay two where a footer can’t be told from the rest, or one would get too long', () => {
    const { unsubscribeUrl, ...service } = mailOf('before-next');
    expect(joinMails(service, mailOf('after-30'))).toBeUndefined();
    const flat = { ...mailOf('after-30'), html: withoutParts(mailOf('after-30')).html };
    expect(joinMails(mailOf('before-next'), flat)).toBeUndefined();
    const long = mailOf('after-30');
    const mark = long.html.indexOf(PART) + PART.length;
    long.html = `${long.html.slice(0, mark)}<p>${'あ'.repeat(100_000)}</p>${PART}${long.html.slice(mark)}`;
    expect(joinMails(mailOf('before-next'), long)).toBeUndefined();
    expect(unsubscribeUrl).toBeDefined();
  });
});
