import { beforeAll, describe, expect, test } from '@jest/globals';
import { createRenderer, type RenderedMail } from '#adapters/liquid/render.ts';
import { type Joinable, joinMails, PART, withoutParts } from '#core/message/join-mails.ts';
import type { Template } from '#core/programme.ts';
import { SETTINGS } from '../../support/builders.ts';
import { publishShipped, SHIPPED_FILES } from '../../support/shipped.ts';

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

  const url = (id: string) => `https://api.example.jp/u/${id}`;
  const written = (id: string, ...parts: string[]): Joinable => ({
    html: ['<html>', ...parts.map((part) => `<div><p>${part}</p></div>`), '</html>'].join(PART),
    text: parts.join('\n\n'),
    unsubscribeUrl: url(id),
  });

  test('keep all that the second says, also below a way to stop that stands above its body', () => {
    const first = written('a', 'logo A', 'BODY A', `会社 ${url('a')}`);
    const second = written('b', 'logo B', `届かないようにするには ${url('b')}`, 'BODY B', `会社 ${url('b')}`);
    const joined = joinMails(first, second)!;
    for (const part of [joined.html, joined.text]) {
      expect(part).toMatch(/logo A.*BODY A.*logo B.*u\/b.*BODY B.*会社 https:\/\/api.example.jp\/u\/a/s);
      expect(countOf(part, '会社')).toBe(1);
    }
  });

  test('stay two where the second ends otherwise: what it says beside its way to stop would be lost', () => {
    const first = written('a', 'BODY A', `会社 ${url('a')}`);
    for (const parts of [
      ['logo B', `BODY B 停止は ${url('b')}`],
      [`停止は ${url('b')}`, 'BODY B', '会社'],
      ['BODY B', `会社 ${url('b')}`, 'P.S.'],
    ]) {
      expect(joinMails(first, written('b', ...parts))).toBeUndefined();
    }
  });

  test('know a footer by what it says, in whatever style', () => {
    const first = written('a', 'BODY A', `会社 <a href="${url('a')}">停止</a>`);
    const styled = `会社\n<a style="color:red" href="${url('b')}"> 停止 </a>`;
    const second = { ...written('b', 'BODY B', styled), text: `BODY B\n\n会社 <a href="${url('b')}">停止</a>` };
    expect(joinMails(first, second)!.html).toMatch(/BODY A.*BODY B.*停止/s);
    const other = { ...second, html: second.html.replace('停止', '<img src="https://example.jp/a.png">停止') };
    expect(joinMails(first, other)).toBeUndefined();
  });

  test('are any two of the starting set that both say how to stop, with every section of both', () => {
    const ids = [...SHIPPED_FILES.keys()].flatMap((key) => /^templates\/([^_][^/]*)\/mail\./.exec(key)?.[1] ?? []);
    const mails = ids.map((id) => mailOf(id)).filter(({ html, unsubscribeUrl }) => html.includes(unsubscribeUrl!));
    expect(mails.length).toBeGreaterThan(30);
    const failed = mails.flatMap((first) =>
      mails.flatMap((second) => {
        if (first === second) return [];
        const joined = joinMails(first, second);
        const bodies = [first, second].flatMap(({ html }) => html.split(PART).slice(1, -2));
        return joined && bodies.every((body) => joined.html.includes(body))
          ? []
          : [`${first.subject} ${second.subject}`];
      }),
    );
    expect(failed).toEqual([]);
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
    const [half, other] = ['a', 'b'].map((id) => written(id, `${id}${'あ'.repeat(20_000)}`, `会社 ${url(id)}`));
    expect(joinMails(half!, other!) === undefined).toBe(true);
    expect(unsubscribeUrl).toBeDefined();
  });
});
