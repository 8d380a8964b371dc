import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { asInstant } from '#core/ids.ts';
import { editionAt } from '#core/programme.ts';
import type { Report } from '#core/publication/report.ts';
import { createHandler } from '#functions/publish-programme/handler.ts';
import { FakeClock } from '../support/fakes/clock.ts';
import { FakeBucket, FakePublishedStore, theTools } from '../support/fakes/publication.ts';

const NOON = asInstant('2026-11-24T03:00:00.000Z');
const SENDER = {
  legalName: '縁屋株式会社',
  postalAddress: '京都市中京区1-2-3',
  contact: 'help@example.jp',
  optOutAddress: 'stop@example.jp',
  from: '縁屋 <news@example.jp>',
};
const mail = (body = 'こんにちは', more = '') => `---
件名: {{ shop.name }}より
プリヘッダー: お届けまで & そのあと
---
<mjml><mj-body><mj-section><mj-column>
<mj-text>${body}</mj-text>${more}
<mj-text><a href="{{ links.unsubscribe }}">配信を停止する</a> {{ shop.sender.legalName }} {{ shop.sender.postalAddress }}</mj-text>
</mj-column></mj-section></mj-body></mjml>`;
const scenario = (more: object = {}) => ({
  id: 'after',
  name: '購入後',
  trigger: { event: 'order.placed' },
  again: 'restart',
  steps: [{ wait: '2h' }, { id: '1', send: { template: 'thanks', channels: ['email'] } }],
  ...more,
});

let bucket: FakeBucket;
let store: FakePublishedStore;
let clock: FakeClock;
let publish: () => Promise<string[]>;
/** The walks over customers that were asked for. */
let walks: string[];

beforeEach(() => {
  walks = [];
  bucket = new FakeBucket();
  store = new FakePublishedStore();
  clock = new FakeClock(NOON);
  publish = createHandler({
    bucket,
    store,
    tools: theTools,
    clock,
    spread: { put: async ({ number, effectiveAt }) => void walks.push(`${number} ${effectiveAt}`) },
    effectDelaySeconds: 180,
    pause: async () => undefined,
  });
  bucket.upload('settings.json', { shopName: '縁屋', sender: SENDER });
  bucket.upload('templates/thanks/mail.mjml', mail());
  bucket.upload('scenarios/after.json', scenario());
});

const inForce = () => store.current?.editions.at(-1);
const rules = (report: Report) => report.problems.map((one) => one.rule);

describe('a good upload', () => {
  test('is in force three minutes later, with what it does told back', async () => {
    await publish();
    expect(inForce()).toMatchObject({
      number: 1,
      effectiveAt: '2026-11-24T03:03:00.000Z',
      scenarios: { after: 1 },
      templates: { thanks: 1 },
    });
    expect(editionAt(store.current!, asInstant('2026-11-24T03:02:59.999Z'))).toBeUndefined();
    expect(store.current?.controls).toEqual({ after: { version: 1, status: 'rehearsal', priority: 50 } });
    const report = bucket.report('scenarios/after.json');
    expect(report).toMatchObject({ result: 'published', version: 1, status: 'rehearsal', problems: [] });
    expect(report.summary).toBe('第1版を公開しました(2026-11-24 12:03 から有効)。');
    expect(report.readBack?.at(-1)).toBe('  注文の2時間後、メールで「thanks」を送ります');
  });
  test('compiles its mail, with a text part, a hidden preheader and Liquid left to fill in', async () => {
    bucket.upload(
      'templates/thanks/mail.mjml',
      mail(
        '{{ customer.name | default: "お客" }}さま',
        '<mj-table>{% for item in trigger.order.items %}<tr><td>{{ item.name }}</td><td>{{ item.quantity }}点</td></tr>{% endfor %}</mj-table>',
      ),
    );
    await publish();
    const { mail: compiled } = (await store.newest('template', 'thanks'))!;
    expect(compiled?.subject).toBe('{{ shop.name }}より');
    expect(compiled?.html).toContain('お届けまで &amp; そのあと&#847;');
    expect(compiled?.html).toContain('lang="ja"');
    expect(compiled?.html).not.toContain('fonts.googleapis');
    expect(compiled?.text.split('\n')).toEqual([
      '{{ customer.name | default: "お客" }}さま',
      '',
      '{% for item in trigger.order.items %}{{ item.name }} {{ item.quantity }}点',
      '{% endfor %}',
      '配信を停止する {{ links.unsubscribe }} {{ shop.sender.legalName }} {{ shop.sender.postalAddress }}',
      '',
    ]);
  });
  test('uploaded again is the same version, and nothing is written', async () => {
    await publish();
    const before = { puts: bucket.puts, versions: store.versions.size, manifest: structuredClone(store.current) };
    clock.turnTo(asInstant('2026-11-25T03:00:00.000Z'));
    await publish();
    expect({ puts: bucket.puts, versions: store.versions.size, manifest: store.current }).toEqual(before);
  });
  test('sends word to customers of new versions, and of days off that move what was planned; of no other setting', async () => {
    await publish();
    const settings = { shopName: '縁屋', sender: SENDER, closedDays: ['2026-12-03'] };
    bucket.upload('settings.json', settings);
    await publish();
    bucket.upload('settings.json', { ...settings, shopName: '縁屋本店' });
    await publish();
    expect(store.current?.number).toBe(3);
    expect(walks).toEqual(['1 2026-11-24T03:03:00.000Z', '2 2026-11-24T03:01:00.000Z']);
  });
  test('changed is the next version; those before stay for who is inside', async () => {
    await publish();
    bucket.upload('scenarios/after.json', scenario({ name: '購入後2' }));
    await publish();
    expect(inForce()).toMatchObject({ number: 2, scenarios: { after: 2 }, templates: { thanks: 1 } });
    expect([...store.versions.keys()]).toEqual(['template thanks 1', 'scenario after 1', 'scenario after 2']);
    expect(store.current?.editions).toHaveLength(2);
  });
  test('moved to another file stays the version it is', async () => {
    await publish();
    bucket.files.delete('scenarios/after.json');
    bucket.upload('scenarios/購入後.jsonc', scenario());
    await publish();
    expect(inForce()?.scenarios).toEqual({ after: 1 });
    expect([...bucket.files.keys()]).not.toContain('reports/scenarios/after.json.json');
  });
  test('of status, priority or settings acts without a new version or edition', async () => {
    await publish();
    bucket.upload('scenarios/after.json', scenario({ status: 'live', priority: 80, live: { share: 10 } }));
    bucket.upload('settings.json', { sender: SENDER, sending: 'stopped' });
    await publish();
    expect(store.current?.number).toBe(2);
    expect(store.current?.editions).toHaveLength(1);
    expect(store.current?.controls.after).toEqual({ version: 1, status: 'live', priority: 80, live: { share: 10 } });
    expect(store.current?.settings.sending).toBe('stopped');
    expect(walks).toEqual(['1 2026-11-24T03:03:00.000Z']);
    bucket.upload('settings.json', { sender: SENDER, sending: 'live' });
    await publish();
    expect(walks.slice(1)).toEqual(['3 2026-11-24T03:01:00.000Z']);
  });
  test("has the shop's zone to 2050 and the holidays around in the manifest", async () => {
    bucket.upload('settings.json', { timeZone: 'Europe/London', sender: SENDER });
    await publish();
    expect(store.current?.zone.length).toBeGreaterThan(90);
    expect(store.current?.holidays).toContain('2026-11-23');
  });
  test('drops editions nobody can need: two days old, and not the one in effect', async () => {
    await publish();
    for (const day of ['2026-11-25', '2026-11-27', '2026-11-30']) {
      clock.turnTo(asInstant(`${day}T03:00:00.000Z`));
      bucket.upload('scenarios/after.json', scenario({ name: day }));
      await publish();
    }
    expect(store.current?.editions.map((one) => one.publishedAt.slice(8, 10))).toEqual(['27', '30']);
  });
});

describe('a bad file changes nothing that runs', () => {
  const refusals: [string, string | Uint8Array, Partial<Report['problems'][number]>][] = [
    ['a missing comma', '{ "id": "after"\n  "name": "x" }', { rule: 'syntax', line: 2, column: 3 }],
    [
      'an unknown key',
      JSON.stringify(scenario({ trigerr: {} }), null, 1),
      { rule: 'unknown-key', suggestion: '「trigger」ではありませんか?' },
    ],
    [
      'a wait of minus one day',
      JSON.stringify(scenario({ steps: [{ wait: '-1d' }] })),
      { rule: 'duration', path: 'steps[0].wait' },
    ],
    [
      'a split of nothing',
      JSON.stringify(
        scenario({
          steps: [
            {
              id: 's',
              split: [
                { name: 'A', weight: 0, steps: [] },
                { name: 'B', weight: 0, steps: [] },
              ],
            },
          ],
        }),
      ),
      { rule: 'weights' },
    ],
    ['5 MB', `{ "id": "after", "name": "${'x'.repeat(5_000_000)}" }`, { rule: 'too-large' }],
    ['5,000 nested ifs', `${'{"if":{},"then":['.repeat(5000)}${']}'.repeat(5000)}`, { rule: 'too-deep' }],
    ['Shift_JIS', new Uint8Array([0x7b, 0x22, 0x96, 0xbc, 0x91, 0x4f, 0x22, 0x3a, 0x31, 0x7d]), { rule: 'encoding' }],
    [
      'a template that is not there',
      JSON.stringify(scenario({ steps: [{ id: '1', send: { template: 'thank' } }] })),
      { rule: 'no-template', suggestion: '"thanks" ではありませんか?' },
    ],
    [
      'a trigger that comes later',
      JSON.stringify(scenario({ trigger: { event: 'goal.reached' } })),
      { rule: 'not-yet' },
    ],
    ['an array', '[]', { rule: 'kind' }],
    ['nothing', '', { rule: 'syntax' }],
  ];
  test.each(refusals)('%s', async (_name, body, problem) => {
    await publish();
    const running = structuredClone(store.current);
    bucket.upload('scenarios/after.json', body);
    await publish();
    expect(store.current).toEqual(running);
    const report = bucket.report('scenarios/after.json');
    expect(report.problems[0]).toMatchObject(problem);
    expect(report.problems[0]?.message).toMatch(/[ぁ-んァ-ン一-龥]/);
    expect(report.summary).toContain('第1版がそのまま動いています');
    expect(report.problems[0]?.messageEn).toMatch(/[a-z]/);
  });
  test('and the good ones beside it are published all the same', async () => {
    bucket.upload('scenarios/bad.json', '{');
    await publish();
    expect(inForce()?.scenarios).toEqual({ after: 1 });
    expect(bucket.report('scenarios/bad.json')).toMatchObject({
      result: 'refused',
      summary: expect.not.stringContaining('そのまま'),
    });
  });
  test('a template that stands there and is refused itself is named as such, and no other is offered', async () => {
    bucket.upload('templates/thank/mail.mjml', mail('{% if x %}'));
    bucket.upload('scenarios/new.json', scenario({ id: 'new', steps: [{ id: '1', send: { template: 'thank' } }] }));
    await publish();
    expect(bucket.report('scenarios/new.json').problems[0]).toMatchObject({
      rule: 'no-template',
      suggestion: 'templates/thank/ のファイルの誤りを先に直してください。',
    });
  });
  test('mended, it is judged again at the next upload, whichever file that is', async () => {
    bucket.files.delete('templates/thanks/mail.mjml');
    await publish();
    expect(rules(bucket.report('scenarios/after.json'))).toEqual(['no-template']);
    expect(inForce()?.scenarios).toEqual({});
    bucket.upload('templates/thanks/mail.mjml', mail());
    await publish();
    expect(bucket.report('scenarios/after.json')).toMatchObject({ result: 'published', version: 1 });
  });
  test('two files with one id are both refused, and what ran goes on', async () => {
    await publish();
    bucket.upload('scenarios/copy.json', scenario({ name: 'コピー' }));
    await publish();
    expect(rules(bucket.report('scenarios/after.json'))).toEqual(['same-id']);
    expect(bucket.report('scenarios/copy.json').problems[0]?.message).toContain('scenarios/after.json');
    expect(inForce()?.scenarios).toEqual({ after: 1 });
    bucket.files.delete('scenarios/copy.json');
    await publish();
    expect(bucket.report('scenarios/after.json').result).toBe('published');
  });
  test('bad settings leave the earlier ones', async () => {
    await publish();
    bucket.upload('settings.json', { shopName: '縁屋', sender: SENDER, sending: 'on' });
    await publish();
    expect(store.current?.settings.sending).toBe('rehearsal');
    expect(store.current?.settings.sender.legalName).toBe(SENDER.legalName);
    expect(bucket.report('settings.json').summary).toContain('これまでの設定のまま');
    bucket.upload('settings.json', { timeZone: 'Asia/Tokio' });
    await publish();
    expect(rules(bucket.report('settings.json'))).toContain('time-zone');
  });
  test('settings that are deleted stay in force, and the report says so until the file is back', async () => {
    bucket.upload('settings.json', { shopName: '縁屋', sender: SENDER, sending: 'live' });
    bucket.upload('scenarios/after.json', scenario({ status: 'live' }));
    await publish();
    const running = structuredClone(store.current);
    bucket.files.delete('settings.json');
    await publish();
    expect(store.current).toEqual(running);
    expect(rules(bucket.report('settings.json'))).toEqual(['settings-gone']);
    expect(bucket.report('settings.json').summary).toContain('これまでの設定のまま');
    expect(bucket.report('scenarios/after.json').result).toBe('published');
    bucket.upload('settings.json', { sender: SENDER });
    await publish();
    expect(store.current?.settings).toMatchObject({ shopName: '当店', sending: 'rehearsal' });
    expect(bucket.report('settings.json').result).toBe('published');
  });
  test('who never had a settings file lives by the shipped ones, without a word', async () => {
    bucket.files.delete('settings.json');
    await publish();
    await publish();
    expect([...bucket.files.keys()]).not.toContain('reports/settings.json.json');
  });
  test("the sender can't be taken away while a scenario is live", async () => {
    bucket.upload('scenarios/after.json', scenario({ status: 'live' }));
    await publish();
    bucket.upload('settings.json', { shopName: '縁屋' });
    await publish();
    expect(rules(bucket.report('settings.json'))).toContain('sender-of-live');
    expect(store.current?.settings.sender.legalName).toBe(SENDER.legalName);
  });
  test('live without a sender is refused', async () => {
    bucket.upload('settings.json', {});
    bucket.upload('scenarios/after.json', scenario({ status: 'live' }));
    await publish();
    expect(rules(bucket.report('scenarios/after.json'))).toEqual(['sender-incomplete']);
  });
});

describe('what goes', () => {
  test('a scenario whose file is deleted is withdrawn', async () => {
    await publish();
    bucket.files.delete('scenarios/after.json');
    await publish();
    expect(store.current?.controls).toEqual({});
    expect(inForce()?.scenarios).toEqual({});
    expect(bucket.files.has('reports/scenarios/after.json.json')).toBe(false);
  });
  test("but not while a file whose id can't be read might be it", async () => {
    await publish();
    bucket.files.delete('scenarios/after.json');
    bucket.upload('scenarios/renamed.json', '{ "id": "after" "name"');
    await publish();
    expect(inForce()?.scenarios).toEqual({ after: 1 });
  });
  test('a template that is still used stays in its last version, and the report says so', async () => {
    await publish();
    bucket.files.delete('templates/thanks/mail.mjml');
    await publish();
    expect(inForce()?.templates).toEqual({ thanks: 1 });
    expect(bucket.report('scenarios/after.json')).toMatchObject({
      result: 'published',
      problems: [{ rule: 'template-gone' }],
    });
  });
  test('a broken template stays in its last version', async () => {
    await publish();
    bucket.upload('templates/thanks/mail.mjml', mail('{% if x %}'));
    await publish();
    expect(inForce()?.templates).toEqual({ thanks: 1 });
    expect(rules(bucket.report('templates/thanks/mail.mjml'))).toEqual(['liquid-syntax']);
    expect(bucket.report('scenarios/after.json').result).toBe('published');
  });
});

describe('templates', () => {
  const problemsOf = async (text: string) => {
    bucket.upload('templates/thanks/mail.mjml', text);
    await publish();
    return bucket.report('templates/thanks/mail.mjml').problems;
  };
  test('Liquid that mjml would drop without a word is refused with the remedy', async () => {
    const text = mail()
      .replace('<mj-section>', '<mj-section>{% if customer.name %}')
      .replace('</mj-column>', '</mj-column>{% endif %}');
    expect((await problemsOf(text))[0]).toMatchObject({
      rule: 'liquid-lost',
      line: 5,
      column: 28,
      suggestion: expect.stringContaining('<mj-raw>'),
    });
    const wrapped = text
      .replace('{% if customer.name %}', '<mj-raw>{% if customer.name %}</mj-raw>')
      .replace('{% endif %}', '<mj-raw>{% endif %}</mj-raw>');
    expect(await problemsOf(wrapped)).toEqual([]);
  });
  test.each([
    ['an element that does not exist', mail().replace('mj-column>', 'mj-colum>'), 'mjml', 5],
    ['an element left open', mail().replace('</mj-text>', ''), 'mjml-unclosed', 6],
    ['a column left open', mail().replace('</mj-column>', ''), 'mjml-unclosed', 5],
    ['an element closed twice', mail().replace('</mj-text>', '</mj-text></mj-text>'), 'mjml-unclosed', 6],
    ['a mail left open', mail().replace('</mj-body></mjml>', ''), 'mjml-unclosed', 5],
    ['Liquid in a colour', mail('', '<mj-divider border-color="{{ shop.name }}" />'), 'mjml', 6],
    ['no subject', mail().replace('件名', '題名'), 'mail-head', 2],
    ['no head', '<mjml></mjml>', 'mail-head', 1],
    ['another file', mail('', '<mj-include path="/etc/passwd" />'), 'mjml-include', undefined],
    ['a filter nobody knows', mail('{{ customer.name | defalt: "" }}'), 'liquid-filter', 6],
    ['what would not be escaped', mail('{{ customer.name | default: "" | raw }}'), 'liquid-filter', 6],
    ['a value nobody knows', mail('{{ custmer.name }}'), 'unknown-value', 6],
    ['a field nobody knows', mail('{{ customer.nmae | default: "" }}'), 'unknown-value', 6],
    ['a value that may be missing', mail('{{ customer.name }}'), 'needs-default', 6],
    ['what comes later', mail('{{ links.view }}'), 'not-yet', 6],
    ['reading other templates', mail('{% render "x" %}'), 'liquid-tag', 6],
  ])('%s is refused with its line', async (_name, text, rule, line) => {
    const [problem] = await problemsOf(text);
    expect(problem).toMatchObject({ rule, ...(line === undefined ? {} : { line }) });
  });
  test('an element may close itself, and a comment may hold half of one', async () => {
    const more = '<mj-spacer height="2px" /><!-- <mj-text> --><mj-image alt="a > b" src="https://example.jp/a.png" />';
    expect(await problemsOf(mail('', more))).toEqual([]);
  });
  test('inside an if that asks for it, a value needs no default', async () => {
    expect(await problemsOf(mail('{% if customer.name %}{{ customer.name }}{% endif %}'))).toEqual([]);
  });
  test('marketing mail without an unsubscribe link is refused where it is sent', async () => {
    bucket.upload('templates/thanks/mail.mjml', mail().replace('{{ links.unsubscribe }}', 'https://example.jp'));
    await publish();
    expect(rules(bucket.report('scenarios/after.json'))).toEqual(['no-unsubscribe']);
    bucket.upload('scenarios/after.json', scenario({ kind: 'service' }));
    await publish();
    expect(bucket.report('scenarios/after.json').result).toBe('published');
  });
  test('a value of another trigger is refused where it is sent', async () => {
    bucket.upload('templates/thanks/mail.mjml', mail('{{ trigger.cart.url | default: "" }}{{ params.gift }}'));
    await publish();
    expect(bucket.report('templates/thanks/mail.mjml').result).toBe('published');
    expect(bucket.report('scenarios/after.json').problems.map(({ rule, path }) => [rule, path])).toEqual([
      ['unknown-value', 'steps[1].send.template'],
      ['unknown-value', 'steps[1].send.template'],
    ]);
  });
  describe('a letter', () => {
    const CARD = [
      '郵便番号,住所,氏名',
      '{{ customer.postalCode }},"{{ customer.address1 }}, {{ customer.city | default: """" }}",{{ customer.name }} 様',
    ].join('\n');
    const problemsIn = async (text: string) => {
      bucket.upload('templates/card/postal.csv', text);
      await publish();
      return bucket.report('templates/card/postal.csv').problems.map(({ rule, line }) => `${rule} ${line}`);
    };
    const sends = (template: string) => scenario({ steps: [{ id: '1', send: { template, channels: ['postal'] } }] });
    test('is a CSV of two rows, whose cells are filled in', async () => {
      expect(await problemsIn(CARD)).toEqual([]);
      bucket.upload('scenarios/after.json', sends('card'));
      await publish();
      expect(bucket.report('scenarios/after.json').readBack?.at(-1)).toContain('郵便で「card」を送ります');
      expect(store.versions.get('template card 1')).toMatchObject({
        postal: {
          columns: ['郵便番号', '住所', '氏名'],
          cells: [
            '{{ customer.postalCode }}',
            '{{ customer.address1 }}, {{ customer.city | default: "" }}',
            '{{ customer.name }} 様',
          ],
        },
      });
    });
    test.each([
      ['one row', '氏名\n', ['postal-rows 1']],
      ['three rows', '氏名\n{{ customer.name }}\n{{ customer.name }}\n', ['postal-rows 3']],
      ['a comma too many', '氏名\n{{ customer.name }},様\n', ['postal-columns 2']],
      ['a column twice', '氏名,氏名\na,b\n', ['postal-columns 1']],
      ['a quotation mark left open', '氏名\n"a\n', ['csv 2']],
      ['a value nobody knows', '氏名\n{{ customer.nmae }}\n', ['unknown-value 2']],
      ['a value that may be missing', '会員ランク\n{{ customer.rank }}\n', ['needs-default 2']],
      ['a link', '氏名\n{{ links.unsubscribe }}\n', ['links-in-letter 2']],
    ])('with %s is refused with its line', async (_, text, found) => {
      expect(await problemsIn(text)).toEqual(found);
    });
    test('is told what can be typed as it stands, quotation marks and all', async () => {
      expect(await problemsIn('会員ランク\n{{ customer.rank }}\n')).toEqual(['needs-default 2']);
      const [, hint = ''] =
        /^(.+?) のように/.exec(bucket.report('templates/card/postal.csv').problems[0]!.suggestion!) ?? [];
      expect(await problemsIn(`会員ランク\n${hint}\n`)).toEqual([]);
      expect(await problemsIn(`会員ランク\n{{ customer.rank | default: "一般" }}\n`)).toEqual(['csv 2']);
      expect(bucket.report('templates/card/postal.csv').problems[0]?.suggestion).toContain("default: 'お客'");
    });
    test('in Shift_JIS is refused with the way out', async () => {
      bucket.upload('templates/card/postal.csv', new Uint8Array([0x8e, 0x81, 0x96, 0xbc, 0x0a, 0x61, 0x0a]));
      await publish();
      expect(bucket.report('templates/card/postal.csv').problems[0]).toMatchObject({
        rule: 'encoding',
        message: expect.stringContaining('Shift_JIS'),
      });
    });
    test('needs its file where the channel is written', async () => {
      bucket.upload('scenarios/after.json', sends('thanks'));
      await publish();
      expect(rules(bucket.report('scenarios/after.json'))).toEqual(['no-template-for-channel']);
    });
  });
  describe('a coupon', () => {
    const gift = { id: 'gift', coupon: { pool: 'birthday' } };
    const one = { id: '1', send: { template: 'thanks', channels: ['email'] } };
    const rulesFor = async (more: object, text = mail('{{ coupon.code }}')) => {
      bucket.upload('settings.json', { shopName: '縁屋', sender: SENDER, coupons: { birthday: 'お誕生日クーポン' } });
      bucket.upload('templates/thanks/mail.mjml', text);
      bucket.upload('scenarios/after.json', scenario(more));
      await publish();
      return rules(bucket.report('scenarios/after.json'));
    };
    test('is there after its step, and a template that speaks of one before it is refused', async () => {
      expect(await rulesFor({ steps: [gift, one] })).toEqual([]);
      expect(bucket.report('scenarios/after.json').readBack).toContainEqual(
        expect.stringContaining('クーポン「お誕生日クーポン」'),
      );
      expect(await rulesFor({ steps: [one, gift] })).toEqual(['coupon-unsent', 'no-coupon-step']);
    });
    test('that only some have passed is asked for first', async () => {
      const branched = { if: { 'trigger.order.total': { '>=': 5000 } }, then: [gift] };
      expect(await rulesFor({ steps: [branched, one] })).toEqual(['needs-default']);
      const asked = mail('{% if coupon %}{{ coupon.code }}{% endif %}');
      expect(await rulesFor({ steps: [branched, one] }, asked)).toEqual([]);
    });
    test('has a last day that may be missing, and no field that nobody knows', async () => {
      bucket.upload('templates/thanks/mail.mjml', mail('{{ coupon.validUntil | jdate }}{{ coupon.cod }}'));
      await publish();
      expect(rules(bucket.report('templates/thanks/mail.mjml'))).toEqual(['needs-default', 'unknown-value']);
    });
    test('is shown in no service message', async () => {
      const service = { id: '1', send: { template: 'thanks', channels: ['email'], kind: 'service' } };
      expect(await rulesFor({ steps: [gift, service] })).toEqual(['coupon-in-service']);
    });
  });
  describe('a recommendation', () => {
    const some = { recommend: { list: 'for-you', count: 4, min: 2 } };
    const one = { id: '1', send: { template: 'thanks', channels: ['email'] } };
    const other = { id: '2', send: { template: 'thanks', channels: ['email'] } };
    const list = mail('{% for one in recommended %}{{ one.name }} {{ one.price | money }}{% endfor %}');
    const rulesFor = async (more: object, text = list) => {
      bucket.upload('templates/thanks/mail.mjml', text);
      bucket.upload('scenarios/after.json', scenario(more));
      await publish();
      return rules(bucket.report('scenarios/after.json'));
    };
    test('stands in the next message, and in no later one', async () => {
      expect(await rulesFor({ steps: [some, one] })).toEqual([]);
      expect(bucket.report('scenarios/after.json').readBack).toContainEqual(
        expect.stringContaining('その人へのおすすめ商品を4点まで選びます'),
      );
      expect(await rulesFor({ steps: [some, one, { wait: '7d' }, other] })).toEqual(['no-recommend-step']);
      expect(await rulesFor({ steps: [one, some] })).toEqual(['recommend-unsent', 'no-recommend-step']);
    });
    test('that only some have passed is asked for first', async () => {
      const branched = { if: { 'trigger.order.total': { '>=': 5000 } }, then: [some] };
      expect(await rulesFor({ steps: [branched, one] })).toEqual(['needs-default']);
      const asked = mail('{% if recommended %}{{ recommended[0].name }}{% endif %}');
      expect(await rulesFor({ steps: [branched, one] }, asked)).toEqual([]);
    });
    test('has a picture and a page that may be missing, and no field that nobody knows', async () => {
      const loop = (text: string) => mail(`{% for one in recommended %}${text}{% endfor %}`);
      bucket.upload('templates/thanks/mail.mjml', loop('{{ one.url }}{{ one.prise }}'));
      await publish();
      expect(rules(bucket.report('templates/thanks/mail.mjml'))).toEqual(['needs-default', 'unknown-value']);
      bucket.upload('templates/thanks/mail.mjml', loop('{% if one.url %}{{ one.url }}{% endif %}'));
      await publish();
      expect(bucket.report('templates/thanks/mail.mjml').problems).toEqual([]);
    });
    test('is shown in no service message', async () => {
      const service = { id: '1', send: { template: 'thanks', channels: ['email'], kind: 'service' } };
      expect(await rulesFor({ steps: [some, service] })).toEqual(['recommend-in-service']);
    });
    describe('as cards of LINE', () => {
      const bubble = {
        for: 'one in recommended',
        type: 'bubble',
        hero: { if: 'one.imageUrl', type: 'image', url: '{{ one.imageUrl }}' },
        body: { type: 'box', layout: 'vertical', contents: [{ type: 'text', text: '{{ one.name }}' }] },
      };
      const problems = async (contents: unknown) => {
        const flex = { type: 'flex', altText: 'おすすめ', contents: { type: 'carousel', contents } };
        bucket.upload('templates/thanks/line.json', { messages: [flex] });
        await publish();
        return bucket
          .report('templates/thanks/line.json')
          .problems.map(({ rule, path }) => `${rule} ${path}`.replace('messages[0].contents.contents', ''));
      };
      test('there is one for each, with a picture where there is one', async () => {
        expect(await problems([bubble])).toEqual([]);
        const text = { ...bubble, hero: { type: 'image', url: '{{ one.imageUrl }}' } };
        expect(await problems([text])).toEqual(['needs-default [0].hero.url']);
      });
      test('a loop or a condition that can not be read is refused', async () => {
        expect(await problems([{ ...bubble, for: 'recommended' }])).toContain('line-loop [0].for');
        expect(await problems([{ ...bubble, if: '{% one %}' }])).toEqual(['line-loop [0].if']);
        expect(await problems([{ ...bubble, for: 'one in recommmended' }])).toEqual(['unknown-value [0].for']);
      });
    });
  });
  test("LINE messages are held to LINE's rules, and have no links of a mail", async () => {
    bucket.upload('templates/thanks/line.json', { messages: [{ type: 'text', text: '' }] });
    await publish();
    expect(bucket.report('templates/thanks/line.json').problems[0]).toMatchObject({
      rule: 'line',
      path: 'messages[0].text',
      line: 5,
    });
    bucket.upload('templates/thanks/line.json', { messages: [{ type: 'text', text: '{{ links.unsubscribe }}' }] });
    await publish();
    expect(rules(bucket.report('templates/thanks/line.json'))).toEqual(['links-in-line']);
  });
  test('one bad half keeps the whole template back', async () => {
    bucket.upload('templates/thanks/line.json', { messages: 'hello' });
    await publish();
    expect(bucket.report('templates/thanks/mail.mjml')).toMatchObject({
      result: 'refused',
      summary: expect.stringContaining('別のファイル'),
    });
    expect(rules(bucket.report('scenarios/after.json'))).toEqual(['no-template']);
  });
  test('a half that was deleted stays as it was', async () => {
    bucket.upload('templates/thanks/line.json', { messages: [{ type: 'text', text: 'こんにちは' }] });
    await publish();
    bucket.files.delete('templates/thanks/line.json');
    await publish();
    expect(inForce()?.templates).toEqual({ thanks: 1 });
    expect(rules(bucket.report('templates/thanks/line.json'))).toEqual(['template-part-gone']);
  });
});

describe('segments', () => {
  const segment = (id: string, when: object, more: object = {}) => ({ id, name: id, when, ...more });
  const OFTEN = { 'customer.orders.count': { '>=': 3 } };
  const problems = (id: string) => rules(bucket.report(`segments/${id}.json`));

  test('are published in versions, and scenarios may name them', async () => {
    bucket.upload('segments/often.json', segment('often', OFTEN));
    bucket.upload('scenarios/after.json', scenario({ audience: { segment: 'often' } }));
    await publish();
    expect(inForce()).toMatchObject({ segments: { often: 1 }, segmentsSince: { often: 1 }, scenarios: { after: 1 } });
    expect(bucket.report('segments/often.json')).toMatchObject({
      result: 'published',
      version: 1,
      problems: [],
      readBack: [
        'このセグメントに入るのは: これまでの注文回数が3以上の人',
        '条件に合った瞬間に入り、合わなくなった瞬間に出ます(日数の条件も、その分まで正確です)',
      ],
    });
    // Another file's edition leaves it as it was; its own makes the next version.
    bucket.upload('segments/rare.json', segment('rare', { not: { segment: 'often' } }));
    await publish();
    expect(inForce()).toMatchObject({ segments: { often: 1, rare: 1 }, segmentsSince: { often: 1, rare: 2 } });
    bucket.upload('segments/often.json', segment('often', { 'customer.orders.count': { '>=': 4 } }));
    await publish();
    expect(inForce()).toMatchObject({ segments: { often: 2, rare: 1 }, segmentsSince: { often: 3, rare: 2 } });
  });

  test('are refused with a report where they have no meaning or no answer, and nothing that runs is touched', async () => {
    const views = { count: 'page.viewed', '>=': 3 };
    const wrong: Record<string, [object, string[]]> = {
      event: [{ 'event.order.total': 3 }, ['alone']],
      trigger: [{ 'trigger.order.total': { '>': 3 } }, ['alone']],
      listed: [{ 'customer.segments': { contains: 'vip' } }, ['alone']],
      step: [{ step: '1', was: 'sent' }, ['unknown-step']],
      unknown: [{ 'customer.order.count': 3 }, ['unknown-field']],
      ever: [views, ['not-answerable']],
      long: [{ ...views, within: '120d' }, ['not-answerable']],
      often: [{ count: 'review.posted', '>=': 61 }, ['not-answerable']],
      same: [{ count: 'review.posted', same: 'product.id' }, ['alone']],
      nobody: [{ segment: 'nobody-knows' }, ['no-segment']],
    };
    for (const [id, [when]] of Object.entries(wrong)) bucket.upload(`segments/${id}.json`, segment(id, when));
    bucket.upload('segments/keys.json', segment('keys', OFTEN, { wehn: {} }));
    bucket.upload('segments/broken.json', '{ "id": "broken", ');
    bucket.upload('segments/fine.json', segment('fine', { ...views, within: '90d' }));
    bucket.upload(
      'segments/bought.json',
      segment('bought', { sum: 'order.placed', of: 'order.total', within: '365d', '>': 1 }),
    );
    await publish();
    for (const [id, [, expected]] of Object.entries(wrong)) expect([id, problems(id)]).toEqual([id, expected]);
    expect(problems('keys')).toEqual(['unknown-key']);
    expect(bucket.report('segments/broken.json').result).toBe('refused');
    expect(inForce()?.segments).toEqual({ bought: 1, fine: 1 });
    expect(inForce()?.scenarios).toEqual({ after: 1 });
  });

  test('that ask for each other in a circle are refused, all of the circle and what leans on it', async () => {
    bucket.upload('segments/a.json', segment('a', { segment: 'b' }));
    bucket.upload('segments/b.json', segment('b', { any: [{ segment: 'c' }, OFTEN] }));
    bucket.upload('segments/c.json', segment('c', { not: { segment: 'a' } }));
    bucket.upload('segments/d.json', segment('d', { segment: 'a' }));
    bucket.upload('segments/self.json', segment('self', { segment: 'self' }));
    bucket.upload('segments/fine.json', segment('fine', OFTEN));
    await publish();
    for (const id of ['a', 'b', 'c', 'self']) expect([id, problems(id)]).toEqual([id, ['segment-circle']]);
    expect(bucket.report('segments/self.json').problems[0]?.message).toContain('self → self');
    expect(problems('d')).toEqual(['no-segment']);
    expect(inForce()?.segments).toEqual({ fine: 1 });
  });

  test('a circle that a new version would close leaves the earlier one in force', async () => {
    bucket.upload('segments/a.json', segment('a', { segment: 'b' }));
    bucket.upload('segments/b.json', segment('b', OFTEN));
    await publish();
    bucket.upload('segments/b.json', segment('b', { segment: 'a' }));
    await publish();
    expect(problems('b')).toEqual(['segment-circle']);
    expect(inForce()?.segments).toEqual({ a: 1, b: 1 });
  });

  test('that are still named can not vanish; others go with their file', async () => {
    bucket.upload('segments/often.json', segment('often', OFTEN));
    bucket.upload('segments/base.json', segment('base', OFTEN));
    bucket.upload('segments/lean.json', segment('lean', { segment: 'base' }));
    bucket.upload('segments/idle.json', segment('idle', OFTEN));
    bucket.upload('scenarios/after.json', scenario({ trigger: { segment: 'often', on: 'enter' } }));
    await publish();
    for (const id of ['often', 'base', 'idle']) bucket.files.delete(`segments/${id}.json`);
    await publish();
    expect(inForce()?.segments).toEqual({ base: 1, lean: 1, often: 1 });
    expect(rules(bucket.report('scenarios/after.json'))).toEqual(['segment-gone']);
    expect(problems('lean')).toEqual(['segment-gone']);
    // A refused scenario may name anything: nothing goes while nobody can tell.
    bucket.upload('scenarios/after.json', '{');
    bucket.files.delete('segments/lean.json');
    await publish();
    expect(inForce()?.segments).toEqual({ base: 1, lean: 1, often: 1 });
    bucket.files.delete('scenarios/after.json');
    await publish();
    expect(inForce()?.segments).toEqual({});
  });

  test('two files of one id are both refused', async () => {
    bucket.upload('segments/a.json', segment('a', OFTEN));
    bucket.upload('segments/b.jsonc', segment('a', OFTEN));
    await publish();
    expect(rules(bucket.report('segments/a.json'))).toEqual(['same-id']);
    expect(rules(bucket.report('segments/b.jsonc'))).toEqual(['same-id']);
    expect(inForce()?.segments).toEqual({});
  });
});

describe('other files', () => {
  test('of what comes later, or in the wrong place, get a report that says so', async () => {
    bucket.upload('campaigns/spring.json', {});
    bucket.upload('templates/thanks/letter.md', '# hello');
    bucket.upload('after.json', scenario());
    bucket.upload('templates/lost.mjml', mail());
    await publish();
    expect(rules(bucket.report('campaigns/spring.json'))).toEqual(['not-yet']);
    expect(rules(bucket.report('templates/thanks/letter.md'))).toEqual(['misplaced']);
    expect(bucket.report('after.json').problems[0]).toMatchObject({
      rule: 'misplaced',
      suggestion: 'scenarios/名前.json に置いてください。',
    });
    expect(bucket.report('templates/lost.mjml').problems[0]?.suggestion).toContain('templates/名前/mail.mjml');
  });
  test.each([
    ['scenarios/Cart.JSON', 'scenarios/Cart.json'],
    ['scenarios/x.json.txt', 'scenarios/x.json'],
    ['scenarios/x.txt', 'scenarios/名前.json'],
    ['scenarios/春/x.json', 'scenarios/x.json'],
    ['Segments/top.json', 'segments/top.json'],
    ['Settings.json', 'settings.json'],
    ['templates/Welcome/MAIL.MD', 'templates/Welcome/mail.md'],
    ['templates/a/b/mail.md', 'templates/b/mail.md'],
    ['templates/a/letter.csv', 'templates/a/postal.csv'],
    ['templates/a/mail.html', 'templates/a/mail.md か mail.mjml か line.json'],
    ['templates/_blocks/footer.md', 'templates/_blocks/名前.mjml か 名前.json'],
  ])('of a name that nobody reads, %s, are told where they would be', async (key, where) => {
    bucket.upload(key, 'x');
    await publish();
    expect(bucket.report(key).problems).toMatchObject([
      { rule: 'misplaced', suggestion: `${where} に置いてください。` },
    ]);
  });
  test("pictures and notes are nobody's business", async () => {
    bucket.upload('README.txt', 'x');
    bucket.upload('scenarios/README.md', 'x');
    bucket.upload('scenarios/.DS_Store', 'x');
    bucket.upload('scenarios/', '');
    bucket.upload('templates/thanks/photo.jpg', 'x');
    await publish();
    expect([...bucket.files.keys()].filter((key) => key.startsWith('reports/'))).toHaveLength(3);
  });
});

describe('two publishers', () => {
  test('the slower one judges again, and nothing of the faster is lost', async () => {
    await publish();
    let isFirst = true;
    store.beforeSwap = () => {
      if (!isFirst) return;
      isFirst = false;
      store.current = { ...store.current!, number: 7 };
    };
    bucket.upload('scenarios/after.json', scenario({ name: '新しい' }));
    await publish();
    expect(store.current?.number).toBe(8);
    expect(inForce()?.scenarios).toEqual({ after: 2 });
  });
  test('a version written by one that died before the swap is found again', async () => {
    await publish();
    bucket.upload('scenarios/after.json', scenario({ name: '新しい' }));
    store.beforeSwap = () => {
      throw new Error('killed');
    };
    await expect(publish()).rejects.toThrow('killed');
    store.beforeSwap = () => undefined;
    await publish();
    expect(inForce()?.scenarios).toEqual({ after: 2 });
    expect([...store.versions.keys()]).toHaveLength(3);
  });
  test('an upload while it publishes is published too', async () => {
    store.beforeSwap = () => {
      store.beforeSwap = () => undefined;
      bucket.upload('scenarios/second.json', scenario({ id: 'second' }));
    };
    await publish();
    expect(inForce()?.scenarios).toEqual({ after: 1, second: 1 });
  });
});

test('the starting set is published without a word to say but that the sender is still empty', async () => {
  bucket = new FakeBucket();
  const root = join(import.meta.dirname, '../../scenarios');
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    bucket.upload(path.slice(root.length + 1), new Uint8Array(readFileSync(path)));
  }
  publish = createHandler({
    bucket,
    store,
    tools: theTools,
    clock,
    spread: { put: async () => undefined },
    effectDelaySeconds: 0,
    pause: async () => undefined,
  });
  await publish();
  const problems = [...bucket.files.keys()]
    .filter((key) => key.startsWith('reports/'))
    .flatMap((key) => bucket.report(key.slice('reports/'.length, -'.json'.length)).problems);
  expect(problems.map((one) => one.rule)).toEqual(['sender-incomplete']);
  // Who begins with those who match already is told first how to count them.
  expect(bucket.report('scenarios/winback.json').readBack?.join('\n')).toContain('scenario -- members dormant)');
  const statuses = Object.values(store.current?.controls ?? {}).map((control) => control.status);
  expect([...new Set(statuses)]).toEqual(['rehearsal']);
});

describe('surveys', () => {
  const survey = (title = 'すすめたいですか?') => ({
    id: 'nps',
    name: 'アンケート',
    questions: [
      { id: 'score', kind: 'nps', title },
      { id: 'people', kind: 'choice', title: '何人で?', choices: ['1', '2'] },
    ],
  });
  const asking = (id: string) =>
    mail().replace(
      '</mj-body>',
      `<mj-section><mj-column><mj-text><a href="{{ links.survey.${id} }}9">9</a></mj-text></mj-column></mj-section></mj-body>`,
    );

  test('are published in versions with a report, and a letter may link to them', async () => {
    bucket.upload('surveys/nps.json', survey());
    bucket.upload('templates/thanks/mail.mjml', asking('nps'));
    await publish();
    expect(bucket.report('surveys/nps.json')).toMatchObject({ result: 'published', version: 1 });
    expect(bucket.report('scenarios/after.json').result).toBe('published');
    expect(store.current?.editions.at(-1)?.surveys).toEqual({ nps: 1 });
    expect(store.current?.editions.at(-1)?.wordQuestions).toEqual({ nps: ['people'] });
    bucket.upload('surveys/nps.json', survey('ご友人にすすめたいですか?'));
    await publish();
    expect(store.current?.editions.at(-1)?.surveys).toEqual({ nps: 2 });
  });

  test('that are refused or gone stay as they were: letters that ask are out there', async () => {
    bucket.upload('surveys/nps.json', survey());
    bucket.upload('templates/thanks/mail.mjml', asking('nps'));
    await publish();
    bucket.upload('surveys/nps.json', { ...survey(), questions: [] });
    await publish();
    expect(bucket.report('surveys/nps.json').summary).toContain('第1版がそのまま動いています');
    await bucket.remove('surveys/nps.json');
    await publish();
    expect(store.current?.editions.at(-1)?.surveys).toEqual({ nps: 1 });
    expect(bucket.report('scenarios/after.json').result).toBe('published');
  });

  test('are answered by a tap only with what their first question takes', async () => {
    bucket.upload('surveys/nps.json', survey());
    bucket.upload('templates/thanks/mail.mjml', asking('nps').replace('}}9"', '}}11"'));
    await publish();
    expect(bucket.report('scenarios/after.json').problems).toMatchObject([
      { level: 'error', rule: 'survey-answer', message: expect.stringContaining('「11」') },
    ]);
  });

  test('that a condition names, and that are not there, are pointed out where it stands', async () => {
    bucket.upload('surveys/nps.json', survey());
    const count = (where: object) => ({ count: 'survey.answered', where, within: '90d', '>=': 1 });
    bucket.upload('segments/sad.json', {
      id: 'sad',
      name: 'ご不満の方',
      when: {
        all: [
          count({ 'event.survey': 'npss', 'event.question': 'score' }),
          count({ 'event.survey': 'nps', 'event.question': { in: ['score', 'skore'] } }),
          count({ 'event.survey': 'nps', 'event.question': 'score', 'event.value': { '<=': 6 } }),
        ],
      },
    });
    await publish();
    const { result, problems } = bucket.report('segments/sad.json');
    expect(result).toBe('published');
    expect(problems).toMatchObject([
      {
        level: 'warning',
        rule: 'no-survey',
        path: 'when.all[0].where["event.survey"]',
        suggestion: '"nps" ではありませんか?',
      },
      { level: 'warning', rule: 'no-question', path: 'when.all[1].where["event.question"]' },
    ]);
  });

  test('that are not there are refused where a scenario sends a link to them', async () => {
    bucket.upload('surveys/nps.json', survey());
    bucket.upload('templates/thanks/mail.mjml', asking('npss'));
    await publish();
    expect(bucket.report('scenarios/after.json').problems[0]).toMatchObject({
      rule: 'no-survey',
      suggestion: '"links.survey.nps" ではありませんか?',
    });
  });
});
