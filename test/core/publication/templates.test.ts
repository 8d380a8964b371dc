import { describe, expect, test } from '@jest/globals';
import { createRenderer } from '#adapters/liquid/render.ts';
import { checkLineMessages } from '#core/message/line-rules.ts';
import type { Template } from '#core/programme.ts';
import { type Judgement, judgeBucket } from '#core/publication/judge-bucket.ts';
import type { Before } from '#core/publication/verdict.ts';
import { theTools } from '../../support/fakes/publication.ts';
import { SHIPPED_FILES } from '../../support/shipped.ts';

const NOTHING: Before = { manifest: undefined, templates: new Map() };
const BLOCKS = Object.fromEntries([...SHIPPED_FILES].filter(([key]) => key.startsWith('templates/_blocks/')));
const HEAD = '---\n件名: 春のお知らせ\nプリヘッダー: 新作が届きました\n---\n';

function judged(files: Record<string, string>, before = NOTHING): Promise<Judgement> {
  const all = Object.entries({ ...BLOCKS, ...files }).sort(([a], [b]) => (a < b ? -1 : 1));
  const bucket = all.map(([key, text]) => ({ key, bytes: text.length, content: Buffer.from(text) }));
  return judgeBucket(bucket, before, theTools);
}
const without = (...names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [`templates/_blocks/${name}`, undefined as unknown as string]));
async function judgedWithout(name: string, files: Record<string, string>, before = NOTHING): Promise<Judgement> {
  const all = Object.entries({ ...BLOCKS, ...files, ...without(name) }).filter(([, text]) => text !== undefined);
  return judgeBucket(
    all.map(([key, text]) => ({ key, bytes: text.length, content: Buffer.from(text) })),
    before,
    theTools,
  );
}
const templateIn = ({ templates }: Judgement, id = 'a'): Template => {
  const found = templates.find(({ content }) => content.id === id);
  if (!found) throw new Error(`template ${id} is refused`);
  return { ...found.content, version: 1 };
};
const problemsIn = ({ verdicts }: Judgement, file: string): string[] =>
  verdicts
    .filter((one) => one.file === file)
    .flatMap(({ problems }) => problems.map(({ line, rule, path }) => `${line ?? path} ${rule}`));

/** Never one for two tests: a renderer keeps what it parsed by id and version. */
const fresh = () => createRenderer({ zone: () => [], currency: () => 'JPY' });
const VALUES = {
  customer: { name: '山田 花子' },
  shop: { name: 'えにし商店', sender: { legalName: '株式会社縁', postalAddress: '京都市', contact: '075' } },
  links: { unsubscribe: 'https://api.example.jp/u/TOKEN' },
  coupon: { code: 'SPRING-7', pool: 'spring' },
  product: { name: '石けん', price: 1200, currency: 'JPY', url: 'https://shop.example.jp/soap' },
  recommended: [1, 2, 3].map((n) => ({
    name: `茶 ${n}`,
    price: n * 500,
    currency: 'JPY',
    url: `https://shop.example.jp/tea/${n}`,
    imageUrl: `https://shop.example.jp/tea/${n}.jpg`,
  })),
  trigger: { order: { items: [{ name: '<急須>', quantity: 2 }] } },
};
const EVERYTHING = `${HEAD}# 春の新作が、届きました

{{ customer.name | default: "お客" }}さま
**「香り」**と*味*を、~~一度に~~[たのしむ](https://shop.example.jp/?a=1&b=2)季節です。

- 煎茶
- ほうじ茶

> 急がず、ゆっくり。

---

![茶畑の朝](https://shop.example.jp/field.jpg)

:::items trigger.order.items お買い上げの品 :::

{% if coupon %}
:::クーポン
お礼の500円
:::
{% endif %}

:::products recommended 2 :::

:::商品 :::

:::button https://shop.example.jp/new?x={{ customer.name | default: "なし" | url_encode }}
新作を見る
:::
<!-- この行は、メールには出ません。 -->
`;

test('a mail is too long by its bytes: half as many Japanese characters are', async () => {
  const long = (characters: number) => judged({ 'templates/a/mail.md': `${HEAD}${'あ'.repeat(characters)}\n` });
  expect(problemsIn(await long(40_000), 'templates/a/mail.md')).toContain(' mail-too-long');
  expect(problemsIn(await long(10_000), 'templates/a/mail.md').join()).not.toContain('mail-too-long');
});

describe('a mail.md', () => {
  test("becomes a mail in the shop's own frame, with every block in it", async () => {
    const judgement = await judged({ 'templates/a/mail.md': EVERYTHING });
    expect(problemsIn(judgement, 'templates/a/mail.md')).toEqual([]);
    const { subject, html, text } = fresh().mail(templateIn(judgement), VALUES);
    expect(subject).toBe('春のお知らせ');
    for (const part of [
      '<strong>「香り」</strong>と<em>味</em>',
      'href="https://shop.example.jp/?a=1&amp;b=2"',
      '<li',
      'src="https://shop.example.jp/field.jpg"',
      '&lt;急須&gt;',
      'SPRING-7',
      'お礼の500円',
      '茶 2',
      '1,200円',
      `https://shop.example.jp/new?x=${encodeURIComponent('山田 花子').replaceAll('%20', '+')}`,
      'https://api.example.jp/u/TOKEN',
      '株式会社縁',
    ])
      expect(html).toContain(part);
    for (const part of ['茶 3', 'この行は', '{%', '{{', ':::', 'undefined']) expect(html).not.toContain(part);
    expect(text).toContain('新作を見る');
  });

  test('becomes a LINE message that LINE takes and that says the same', async () => {
    const template = templateIn(await judged({ 'templates/a/mail.md': EVERYTHING }));
    for (const values of [VALUES, { ...VALUES, coupon: undefined, product: {}, trigger: { order: { items: [] } } }]) {
      const messages = fresh().line(template, values);
      expect(checkLineMessages(messages)).toEqual([]);
      const said = JSON.stringify(messages);
      for (const part of ['春の新作が、届きました', '「香り」', '茶 2', '新作を見る']) expect(said).toContain(part);
      expect(said).not.toMatch(/\{\{|\{%|茶 3|この行は/);
      expect(said.includes('SPRING-7')).toBe(values.coupon !== undefined);
    }
  });

  test('leaves LINE to a line.json beside it, or makes none when its head says so', async () => {
    const line = '{ "messages": [{ "type": "text", "text": "LINEのことば" }] }';
    const beside = await judged({ 'templates/a/mail.md': `${HEAD}こんにちは`, 'templates/a/line.json': line });
    expect(templateIn(beside).line).toEqual({ messages: [{ type: 'text', text: 'LINEのことば' }] });
    const none = await judged({ 'templates/a/mail.md': `${HEAD.replace('---\n', '---\nLINE: なし\n')}こんにちは` });
    expect(templateIn(none).line).toBeUndefined();
    expect(templateIn(none).mail).toBeDefined();
  });

  test('takes another footer, or none', async () => {
    const head = (words: string) => HEAD.replace('---\n', `---\nフッター: ${words}\n`);
    const other = templateIn(await judged({ 'templates/a/mail.md': `${head('footer-subscription')}こんにちは` }));
    expect(other.mail?.html).toContain('定期便をご利用の方');
    const none = templateIn(await judged({ 'templates/a/mail.md': `${head('なし')}こんにちは` }));
    expect(none.mail?.html).not.toContain('legalName');
  });

  test('asks for a LINE branch that a condition has, in either direction', async () => {
    const text = `${HEAD}はじめに\n\n{% if trigger.order.items.size > 1 %}\nたくさん\n{% else %}\nひとつ\n{% endif %}`;
    const template = templateIn(await judged({ 'templates/a/mail.md': text }));
    const items = (n: number) => ({ ...VALUES, trigger: { order: { items: Array(n).fill({ name: '茶' }) } } });
    expect(JSON.stringify(fresh().line(template, items(2)))).toMatch(/たくさん/);
    expect(JSON.stringify(fresh().line(template, items(2)))).not.toMatch(/ひとつ/);
    expect(JSON.stringify(fresh().line(template, items(1)))).toMatch(/ひとつ/);
  });

  test.each<[string, string, string]>([
    ['a block that nobody knows', '本文\n\n:::buton https://a.example/ 見る :::', '7 unknown-block'],
    ['a block that does not end', ':::button https://a.example/ 見る\n\n本文', '5 block-open'],
    ['an end without a beginning', '本文\n:::', '6 block-close'],
    ['a button that leads nowhere', ':::button 見る :::', '5 block-button'],
    ['HTML', '一行目<br>二行目', '5 html-in-markdown'],
    ['a list in a list', '- a\n  - b', '5 nested-list'],
    ['a value that may be missing', '本文\n\n{{ customer.name }}さま', '7 needs-default'],
    ['a value that is none', '{{ custmer.name }}', '5 unknown-value'],
    ['Liquid that does not close', '一行目\n\n{% if customer.name %}\nはい', '7 liquid-syntax'],
    ['a link that runs something', '[見る](javascript:alert(1))', '5 link-scheme'],
    ['a LINE message with a link to stop mails', '[停止]({{ links.unsubscribe }})', '5 links-in-line'],
    ["a picture that LINE can't load", '本文\n\n![絵](http://a.example/a.jpg)', '7 line'],
    ['a word in its head that is none', 'x', '2 mail-head'],
  ])('with %s is refused where it stands', async (name, body, expected) => {
    const head = name.includes('its head') ? HEAD.replace('---\n', '---\n件目: x\n') : HEAD;
    const judgement = await judged({ 'templates/a/mail.md': head + body });
    expect(problemsIn(judgement, 'templates/a/mail.md')).toContain(expected);
    expect(judgement.templates).toEqual([]);
    for (const problem of judgement.verdicts.flatMap(({ problems }) => problems)) {
      expect(problem.messageEn).not.toBe('');
      if (problem.level === 'error' && problem.rule !== 'line') expect(problem.suggestion).toBeTruthy();
    }
  });

  test('may not stand beside a mail.mjml', async () => {
    const judgement = await judged({
      'templates/a/mail.md': `${HEAD}x`,
      'templates/a/mail.mjml': `${HEAD}<mjml><mj-body></mj-body></mjml>`,
    });
    expect(problemsIn(judgement, 'templates/a/mail.md')).toContain('1 two-mails');
    expect(judgement.templates).toEqual([]);
  });

  test('without a preheader is published, and its writer told', async () => {
    const judgement = await judged({ 'templates/a/mail.md': '---\n件名: あ\n---\n本文' });
    expect(problemsIn(judgement, 'templates/a/mail.md')).toEqual(['1 no-preheader']);
    expect(judgement.templates).toHaveLength(1);
  });
});

const MJML = (body: string, head = '') =>
  `${HEAD}<mjml>\n<mj-head>${head}</mj-head>\n<mj-body>\n${body}\n</mj-body>\n</mjml>`;
const SECTION = (words: string) => `<mj-section><mj-column>${words}</mj-column></mj-section>`;

describe('shared blocks', () => {
  test('say who uses them, and a change of one changes the templates that do, and no other', async () => {
    const files = {
      'templates/a/mail.mjml': MJML('<mj-include path="../_blocks/footer.mjml" />'),
      'templates/b/mail.mjml': MJML(SECTION('<mj-text>b</mj-text>')),
    };
    const first = await judged(files);
    const footer = first.verdicts.find(({ file }) => file === 'templates/_blocks/footer.mjml');
    expect(footer?.readBack).toEqual(['1個のテンプレートが使っています: a。']);
    const changed = BLOCKS['templates/_blocks/footer.mjml']!.replace('お問い合わせ', 'ご連絡先');
    const second = await judged({ ...files, 'templates/_blocks/footer.mjml': changed });
    expect(templateIn(second).mail?.html).toContain('ご連絡先');
    expect(templateIn(second)).not.toEqual(templateIn(first));
    expect(templateIn(second, 'b')).toEqual(templateIn(first, 'b'));
  });

  test("still used can't go: the templates stay as they are, and both sides are told", async () => {
    const files = { 'templates/a/mail.mjml': MJML('<mj-include path="../_blocks/footer.mjml" />') };
    const before: Before = { manifest: undefined, templates: new Map([['a', templateIn(await judged(files))]]) };
    const gone = await judgedWithout('footer.mjml', files, before);
    expect(problemsIn(gone, 'templates/_blocks/footer.mjml')).toEqual([' block-gone']);
    expect(problemsIn(gone, 'templates/a/mail.mjml')).toEqual(['8 no-block']);
    expect(gone.verdicts.find(({ file }) => file === 'templates/a/mail.mjml')).toMatchObject({ keepsEarlier: true });
  });

  test('with errors are refused with their own lines, and what uses them stays', async () => {
    const judgement = await judged({
      'templates/_blocks/footer.mjml': '<mj-section>\n<mj-column>\n<mj-txt>x</mj-txt>\n</mj-column>\n</mj-section>',
      'templates/a/mail.md': `${HEAD}本文`,
    });
    expect(problemsIn(judgement, 'templates/_blocks/footer.mjml')).toEqual(['3 mjml']);
    expect(problemsIn(judgement, 'templates/a/mail.md')).toEqual(['1 block-refused']);
  });

  test('that speak of what may be missing are told in the template, with the line of both', async () => {
    const judgement = await judged({
      'templates/_blocks/hello.mjml': '<mj-text>\n{{ customer.name }}さま\n</mj-text>',
      'templates/a/mail.mjml': MJML(SECTION('\n<mj-include path="../_blocks/hello.mjml" />\n')),
    });
    expect(problemsIn(judgement, 'templates/a/mail.mjml')).toEqual(['9 needs-default']);
    const [problem] = judgement.verdicts.flatMap(({ problems }) => problems);
    expect(problem?.message).toContain('共通ブロック「hello」の2行目');
  });

  test('may use no other, be no whole mail, and be misspelt nowhere', async () => {
    const judgement = await judged({
      'templates/_blocks/x.mjml': '<mj-include path="../_blocks/footer.mjml" />',
      'templates/_blocks/y.mjml': '<mjml><mj-body></mj-body></mjml>',
      'templates/a/mail.mjml': MJML('<mj-include path="../_blocks/foter.mjml" />'),
      'templates/b/mail.mjml': MJML('<mj-include path="../a/mail.mjml" />'),
    });
    expect(problemsIn(judgement, 'templates/_blocks/x.mjml')).toEqual(['1 block-in-block']);
    expect(problemsIn(judgement, 'templates/_blocks/y.mjml')).toEqual(['1 block-is-a-piece']);
    expect(problemsIn(judgement, 'templates/a/mail.mjml')).toEqual(['8 no-block']);
    expect(problemsIn(judgement, 'templates/b/mail.mjml')).toEqual(['8 mjml-include']);
  });

  test('make the cards of a LINE carousel, one for each product', async () => {
    const line = `{ "messages": [{ "type": "flex", "altText": "おすすめ", "contents": { "type": "carousel", "contents": [
      { "for": "product in recommended limit: 2", "block": "product-card", "size": "micro" }
    ] } }] }`;
    const [message] = fresh().line(templateIn(await judged({ 'templates/a/line.json': line })), VALUES);
    expect(checkLineMessages([message])).toEqual([]);
    expect(message).toMatchObject({ contents: { contents: [{ size: 'micro' }, { size: 'micro' }] } });
    expect(JSON.stringify(message)).toContain('茶 2');
    const wrong = await judged({ 'templates/a/line.json': line.replace('product-card', 'product-crad') });
    expect(problemsIn(wrong, 'templates/a/line.json')).toEqual(['2 no-block']);
  });
});

describe('Liquid that mjml would drop without a word', () => {
  const IF = '{% if customer.name %}';
  test.each<[string, string, string]>([
    ['between sections', `${IF}\n${SECTION('<mj-text>x</mj-text>')}\n{% endif %}`, ''],
    ['between columns', `<mj-section>${IF}<mj-column><mj-text>x</mj-text></mj-column>{% endif %}</mj-section>`, ''],
    ['between elements', SECTION(`{% for i in trigger.order.items %}<mj-text>x</mj-text>{% endfor %}`), ''],
    ['bare in the head', SECTION('<mj-text>x</mj-text>'), `${IF}<mj-style>a { color: red }</mj-style>{% endif %}`],
  ])('is refused %s, with the remedy', async (_, body, head) => {
    const judgement = await judged({ 'templates/a/mail.mjml': MJML(body, head) });
    const [problem] = judgement.verdicts.flatMap(({ problems }) => problems);
    expect(problem).toMatchObject({ rule: 'liquid-lost' });
    expect(problem?.suggestion).toContain('<mj-raw>{%');
  });

  test.each<[string, string]>([
    ['in mj-raw', `<mj-raw>${IF}</mj-raw>${SECTION('<mj-text>x</mj-text>')}<mj-raw>{% endif %}</mj-raw>`],
    ['in words', SECTION(`<mj-text>${IF}x{% endif %}</mj-text>`)],
    [
      'in an address',
      SECTION('<mj-button href="https://a.example/?n={{ customer.name | default: \'x\' }}">x</mj-button>'),
    ],
    ['in a table', SECTION(`<mj-table>${IF}<tr><td>x</td></tr>{% endif %}</mj-table>`)],
  ])('stays %s', async (_, body) => {
    expect(problemsIn(await judged({ 'templates/a/mail.mjml': MJML(body) }), 'templates/a/mail.mjml')).toEqual([]);
  });
});

describe('a link', () => {
  test.each(['javascript:alert(1)', ' JaVa&Tab;script:alert(1)', 'data:text/html,x', '&#106;avascript:alert(1)'])(
    'that runs something is refused in a mail.mjml: %s',
    async (url) => {
      const body = SECTION(`<mj-text>\n<a href="${url}">x</a></mj-text>`);
      const judgement = await judged({ 'templates/a/mail.mjml': MJML(body) });
      expect(judgement.verdicts.flatMap(({ problems }) => problems.map(({ rule }) => rule))).toContain('link-scheme');
    },
  );

  test('that an event brings, and that runs something, keeps the mail from going out; an honest one does not', async () => {
    const body = `{% if trigger.cart.url %}<a href="{{ trigger.cart.url }}">x</a>{% endif %}`;
    const template = templateIn(await judged({ 'templates/a/mail.mjml': MJML(SECTION(`<mj-text>${body}</mj-text>`)) }));
    const mailTo = (url: string) => fresh().mail(template, { ...VALUES, trigger: { cart: { url } } });
    expect(() => mailTo('javascript:alert(1)')).toThrow('template a');
    expect(() => mailTo('java\nscript:alert(1)')).toThrow('template a');
    expect(mailTo('https://a.example/?a=1&b="').html).toContain('href="https://a.example/?a=1&amp;b=&#34;"');
  });
});

test('a LINE text that comes out empty is left out: LINE would refuse the whole message', async () => {
  const line = `{ "messages": [
    { "type": "text", "text": "{% if customer.name %}{{ customer.name }}さま{% endif %}" }, { "type": "text", "text": "こんにちは" }
  ] }`;
  const template = templateIn(await judged({ 'templates/a/line.json': line }));
  expect(fresh().line(template, { ...VALUES, customer: {} })).toEqual([{ type: 'text', text: 'こんにちは' }]);
  expect(fresh().line(template, VALUES)).toHaveLength(2);
});

test('a misspelt field of a LINE message is told, for LINE would say nothing; the message is published', async () => {
  const line = `{ "messages": [
    { "type": "text", "text": "a", "quickReplies": { "items": [] } }
  ] }`;
  const judgement = await judged({ 'templates/a/line.json': line });
  expect(problemsIn(judgement, 'templates/a/line.json')).toEqual(['2 line-ignored']);
  expect(judgement.verdicts.flatMap(({ problems }) => problems)[0]?.suggestion).toContain('quickReply');
  expect(judgement.templates).toHaveLength(1);
});
