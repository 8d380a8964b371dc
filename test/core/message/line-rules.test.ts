import { describe, expect, test } from '@jest/globals';
import { checkLineMessages } from '#core/message/line-rules.ts';

const places = (...messages: unknown[]): string[] => checkLineMessages(messages).map((finding) => finding.property);
const aText = (text: string) => ({ type: 'text', text });
const aFlex = (contents: unknown, altText = 'お知らせ') => ({ type: 'flex', altText, contents });
const aBubble = (...contents: unknown[]) => ({ type: 'bubble', body: { type: 'box', layout: 'vertical', contents } });
const aLink = (label: string, uri = 'https://example.jp/') => ({ type: 'uri', label, uri });
const aCard = (more: object = {}) => ({ text: '本文', actions: [aLink('見る')], ...more });
const aTemplate = (template: unknown) => ({ type: 'template', altText: 'お知らせ', template });

describe('messages as a whole', () => {
  test('one to five messages may go out at once', () => {
    expect(places()).toEqual(['messages']);
    expect(places(...Array.from({ length: 5 }, () => aText('a')))).toEqual([]);
    expect(places(...Array.from({ length: 6 }, () => aText('a')))).toEqual(['messages']);
    expect(checkLineMessages('text')).toHaveLength(1);
  });
  test('an unknown kind of message is named with what there is instead', () => {
    const [finding] = checkLineMessages([{ type: 'txt', text: 'a' }]);
    expect(finding).toMatchObject({ property: 'messages[0].type', message: expect.stringContaining('text, textV2') });
    expect(finding?.messageJa).toContain('次のどれか');
  });
  test('something that is no object is a finding, not a crash', () => {
    expect(places(null, 'a', [])).toEqual(['messages[0]', 'messages[1]', 'messages[2]']);
  });
});

describe('text', () => {
  test('holds 5,000 UTF-16 units and no more, an emoji counting as two', () => {
    expect(places(aText('あ'.repeat(5000)))).toEqual([]);
    expect(places(aText('あ'.repeat(5001)))).toEqual(['messages[0].text']);
    expect(places(aText('😀'.repeat(2500)))).toEqual([]);
    expect(places(aText('😀'.repeat(2501)))).toEqual(['messages[0].text']);
  });
  test('may not be empty, missing or a number', () => {
    expect(places(aText(''), { type: 'text' }, { type: 'text', text: 5 })).toEqual([
      'messages[0].text',
      'messages[1].text',
      'messages[2].text',
    ]);
  });
  test('a LINE emoji has to stand where a $ stands', () => {
    const emoji = (index: number) => ({ index, productId: '5ac1bfd5040ab15980c9b435', emojiId: '001' });
    expect(places({ ...aText('$ ようこそ'), emojis: [emoji(0)] })).toEqual([]);
    expect(places({ ...aText('$ ようこそ'), emojis: [emoji(1)] })).toEqual(['messages[0].emojis[0].index']);
  });
});

describe('pictures and links', () => {
  test('a picture comes over https only', () => {
    const image = (originalContentUrl: string) => ({
      type: 'image',
      originalContentUrl,
      previewImageUrl: 'https://example.jp/p.jpg',
    });
    expect(places(image('https://example.jp/a.jpg'))).toEqual([]);
    expect(places(image('http://example.jp/a.jpg'))).toEqual(['messages[0].originalContentUrl']);
    expect(places(image(`https://example.jp/${'a'.repeat(2000)}`))).toEqual(['messages[0].originalContentUrl']);
  });
  test('a tap opens http, https, line or tel, at most 1,000 characters, percent-encoded', () => {
    const button = (uri: string) => aFlex(aBubble({ type: 'button', action: aLink('開く', uri) }));
    const at = ['messages[0].contents.body.contents[0].action.uri'];
    for (const uri of ['https://example.jp/?a=%E3%81%82', 'http://127.0.0.1:8401/u/a', 'tel:0312345678', 'line://nv']) {
      expect(places(button(uri))).toEqual([]);
    }
    for (const uri of ['javascript:alert(1)', 'example.jp', 'https://example.jp/あ', 'https://', 'https://a b']) {
      expect(places(button(uri))).toEqual(at);
    }
    expect(places(button(`https://example.jp/${'a'.repeat(1000)}`))).toEqual(at);
  });
});

describe('templates', () => {
  test('a button needs a label of 20 characters at most, in a template', () => {
    const buttons = (label: string) => aTemplate({ type: 'buttons', text: '本文', actions: [aLink(label)] });
    expect(places(buttons('あ'.repeat(20)))).toEqual([]);
    expect(places(buttons('あ'.repeat(21)))).toEqual(['messages[0].template.actions[0].label']);
    expect(places(buttons(''))).toEqual(['messages[0].template.actions[0].label']);
  });
  test('text shrinks from 160 to 60 characters beside a title', () => {
    const text = 'あ'.repeat(100);
    expect(places(aTemplate({ type: 'buttons', text, actions: [aLink('見る')] }))).toEqual([]);
    expect(places(aTemplate({ type: 'buttons', title: '題', text, actions: [aLink('見る')] }))).toEqual([
      'messages[0].template.text',
    ]);
  });
  test('a confirmation has two buttons, no fewer and no more', () => {
    const confirm = (count: number) =>
      aTemplate({
        type: 'confirm',
        text: 'よろしいですか',
        actions: Array.from({ length: count }, () => aLink('はい')),
      });
    expect([1, 2, 3].map((count) => places(confirm(count)).length)).toEqual([1, 0, 1]);
  });
  test('a carousel has ten columns at most, all of one shape', () => {
    const carousel = (...columns: unknown[]) => aTemplate({ type: 'carousel', columns });
    expect(places(carousel(...Array.from({ length: 10 }, () => aCard())))).toEqual([]);
    expect(places(carousel(...Array.from({ length: 11 }, () => aCard())))).toEqual(['messages[0].template.columns']);
    expect(places(carousel(aCard(), aCard({ title: '題' })))).toEqual(['messages[0].template.columns']);
  });
  test('altText is asked for and holds 1,500 characters', () => {
    const confirm = { type: 'confirm', text: 'a', actions: [aLink('はい'), aLink('いいえ')] };
    expect(places({ ...aTemplate(confirm), altText: 'あ'.repeat(1500) })).toEqual([]);
    expect(places({ ...aTemplate(confirm), altText: 'あ'.repeat(1501) })).toEqual(['messages[0].altText']);
    expect(places({ type: 'template', template: confirm })).toEqual(['messages[0].altText']);
  });
  test('a postback carries 300 characters', () => {
    const message = (data: string) =>
      aTemplate({ type: 'buttons', text: 'a', actions: [{ type: 'postback', label: '回答', data }] });
    expect(places(message('a'.repeat(300)))).toEqual([]);
    expect(places(message('a'.repeat(301)))).toEqual(['messages[0].template.actions[0].data']);
  });
});

describe('quick replies', () => {
  const withReplies = (count: number, action: unknown = { type: 'message', label: 'はい', text: 'はい' }) => ({
    ...aText('いかがですか'),
    quickReply: { items: Array.from({ length: count }, () => ({ type: 'action', action })) },
  });
  test('there are 13 at most', () => {
    expect(places(withReplies(13))).toEqual([]);
    expect(places(withReplies(14))).toEqual(['messages[0].quickReply.items']);
  });
  test('the camera opens from a quick reply and from nowhere else', () => {
    const camera = { type: 'camera', label: '撮る' };
    expect(places(withReplies(1, camera))).toEqual([]);
    expect(places(aTemplate({ type: 'buttons', text: 'a', actions: [camera] }))).toHaveLength(1);
  });
});

describe('flex', () => {
  test('an ordinary card with picture, text and button passes', () => {
    const card = {
      ...aBubble(
        { type: 'text', text: 'ご購入ありがとうございます', weight: 'bold', wrap: true, size: 'lg' },
        { type: 'separator', margin: 'md', color: '#DDDDDD' },
        {
          type: 'box',
          layout: 'baseline',
          spacing: 'sm',
          contents: [{ type: 'text', text: '合計', flex: 1, color: '#888888' }, { type: 'filler' }],
        },
      ),
      hero: { type: 'image', url: 'https://example.jp/h.jpg', size: 'full', aspectRatio: '20:13', aspectMode: 'cover' },
      footer: {
        type: 'box',
        layout: 'vertical',
        contents: [{ type: 'button', style: 'primary', color: '#5B7F3A', height: 'sm', action: aLink('商品を見る') }],
      },
      styles: { footer: { separator: true } },
    };
    expect(checkLineMessages([aFlex(card)])).toEqual([]);
  });
  test('a mistyped key is named at its place', () => {
    const findings = checkLineMessages([aFlex(aBubble({ type: 'text', text: 'a', colour: '#000000' }))]);
    expect(findings).toEqual([
      {
        property: 'messages[0].contents.body.contents[0].colour',
        message: 'unknown field',
        messageJa: expect.stringContaining('「colour」'),
      },
    ]);
  });
  test('empty text, a bare number as a size and a colour by name are refused', () => {
    expect(places(aFlex(aBubble({ type: 'text', text: '' })))).toEqual(['messages[0].contents.body.contents[0].text']);
    expect(places(aFlex(aBubble({ type: 'text', text: 'a', margin: '12' })))).toHaveLength(1);
    expect(places(aFlex(aBubble({ type: 'text', text: 'a', color: 'red' })))).toHaveLength(1);
  });
  test('spacer is gone at LINE, and the finding says what to use', () => {
    const [finding] = checkLineMessages([aFlex(aBubble({ type: 'spacer', size: 'sm' }))]);
    expect(finding?.messageJa).toContain('padding');
  });
  test('a baseline box holds no button, an ordinary one no icon', () => {
    const box = (layout: string, part: unknown) => aFlex(aBubble({ type: 'box', layout, contents: [part] }));
    const icon = { type: 'icon', url: 'https://example.jp/i.png' };
    expect(places(box('baseline', icon))).toEqual([]);
    expect(places(box('vertical', icon))).toHaveLength(1);
    expect(places(box('baseline', { type: 'button', action: aLink('a') }))).toHaveLength(1);
  });
  test('a bubble holds 30 KB, a carousel 50 KB and twelve bubbles of one size', () => {
    const big = (characters: number) => aBubble({ type: 'text', text: 'a'.repeat(5000) }, ...filling(characters));
    const filling = (characters: number) =>
      Array.from({ length: Math.ceil(characters / 4000) }, () => ({ type: 'text', text: 'a'.repeat(4000) }));
    expect(places(aFlex(big(20_000)))).toEqual([]);
    expect(places(aFlex(big(28_000)))).toEqual(['messages[0].contents']);
    const carousel = (...contents: unknown[]) => aFlex({ type: 'carousel', contents });
    const small = aBubble({ type: 'text', text: 'a' });
    expect(places(carousel(...Array.from({ length: 12 }, () => small)))).toEqual([]);
    expect(places(carousel(...Array.from({ length: 13 }, () => small)))).toEqual(['messages[0].contents.contents']);
    expect(places(carousel(big(20_000), big(20_000)))).toEqual(['messages[0].contents']);
    expect(places(carousel(small, { ...small, size: 'kilo' }))).toEqual(['messages[0].contents.contents']);
  });
  test('boxes in boxes without end are refused, not followed', () => {
    let box: Record<string, unknown> = { type: 'box', layout: 'vertical', contents: [] };
    for (let depth = 0; depth < 200; depth++) box = { type: 'box', layout: 'vertical', contents: [box] };
    expect(places(aFlex({ type: 'bubble', body: box }))).toHaveLength(1);
  });
});

describe('a template that is not rendered yet', () => {
  test('Liquid is not measured, everything around it is', () => {
    const messages = [
      aText(`{{ customer.name }}${'あ'.repeat(5000)}`),
      aFlex(aBubble({ type: 'button', action: aLink('見る', '{{ shop.url }}') }, { type: 'text', text: '' })),
    ];
    expect(checkLineMessages(messages, { mayHoldLiquid: true }).map((finding) => finding.property)).toEqual([
      'messages[1].contents.body.contents[1].text',
    ]);
    expect(checkLineMessages(messages)).toHaveLength(3);
  });
});
