import { beforeEach, describe, expect, test } from '@jest/globals';
import { asInstant } from '#core/ids.ts';
import type { Template } from '#core/programme.ts';
import { createHandler } from '#functions/publish-programme/handler.ts';
import { SETTINGS } from '../support/builders.ts';
import { FakeClock } from '../support/fakes/clock.ts';
import { FakeBucket, FakePublishedStore, theTools } from '../support/fakes/publication.ts';
import { SHIPPED_FILES } from '../support/shipped.ts';

const DUTIES = '{{ shop.sender.legalName }} {{ shop.sender.postalAddress }}';
const LINK = '<a href="{{ links.unsubscribe }}">配信を停止する</a>';
const mail = (words: string, link = LINK) => `---
件名: お知らせ
プリヘッダー: お知らせ
---
<mjml><mj-body><mj-section><mj-column><mj-text>${words}${DUTIES}</mj-text><mj-text>${link}</mj-text></mj-column></mj-section></mj-body></mjml>`;
const SEND = { id: '1', send: { template: 'thanks', channels: ['email'] } };
const COUPON = { id: 'gift', coupon: { pool: 'birthday' } };
const scenario = (id: string, more: object = {}) => ({
  id,
  name: `シナリオ${id}`,
  status: 'live',
  trigger: { event: 'order.placed' },
  again: 'restart',
  steps: [{ wait: '1d' }, SEND],
  ...more,
});

let bucket: FakeBucket;
let store: FakePublishedStore;
let publish: () => Promise<string[]>;

beforeEach(async () => {
  bucket = new FakeBucket();
  store = new FakePublishedStore();
  publish = createHandler({
    bucket,
    store,
    tools: theTools,
    clock: new FakeClock(asInstant('2026-11-24T03:00:00.000Z')),
    spread: { put: async () => undefined },
    effectDelaySeconds: 180,
    pause: async () => undefined,
  });
  bucket.upload('settings.json', { ...SETTINGS, coupons: { birthday: 'お誕生日' } });
  bucket.upload('templates/thanks/mail.mjml', mail('はじめの版'));
  bucket.upload('scenarios/after.json', scenario('after'));
  await publish();
});

const inForce = () => {
  const { scenarios, templates } = store.current!.editions.at(-1)!;
  return { ...scenarios, ...templates };
};
const told = (key: string) => {
  const { result, problems } = bucket.report(key);
  return [result, ...problems.filter(({ level }) => level === 'error').map(({ rule }) => rule)];
};
const wordsInForce = () => {
  const { thanks } = store.current!.editions.at(-1)!.templates;
  return (store.versions.get(`template thanks ${thanks}`) as Template).mail?.text;
};

describe('a new version of a template that a scenario in force could not send', () => {
  test.each([
    ['has no unsubscribe link', mail('新しい版', 'さようなら'), '配信停止のリンクがありません'],
    ['shows a coupon that no step gives', mail('{{ coupon.code }}'), 'coupon のステップがありません'],
    ['speaks of what its event does not have', mail('{{ trigger.cart.itemCount }}'), 'trigger.cart.itemCount'],
    ['speaks of a param that is not there', mail('{{ params.nope }}'), 'params.nope'],
  ])('is refused, and the report names the scenario and the fault: it %s', async (_name, text, fault) => {
    bucket.upload('templates/thanks/mail.mjml', text);
    await publish();
    const report = bucket.report('templates/thanks/mail.mjml');
    expect(report).toMatchObject({
      result: 'refused',
      summary: expect.stringContaining('第1版がそのまま動いています'),
    });
    expect(report.problems.map(({ rule }) => rule)).toEqual(['unfit-for-scenario']);
    expect(report.problems[0]?.message).toContain('「シナリオafter」(after)');
    expect(report.problems[0]?.message).toContain(fault);
    expect(told('scenarios/after.json')).toEqual(['published']);
    expect(inForce()).toEqual({ after: 1, thanks: 1 });
    const running = structuredClone(store.current);
    await publish();
    expect(store.current).toEqual(running);
  });
  test('comes into force with the version of the scenario that can, be they uploaded together or one by one', async () => {
    bucket.upload('templates/thanks/mail.mjml', mail('{{ coupon.code }}'));
    await publish();
    expect(inForce()).toEqual({ after: 1, thanks: 1 });
    bucket.upload('scenarios/after.json', scenario('after', { steps: [{ wait: '1d' }, COUPON, SEND] }));
    await publish();
    expect(inForce()).toEqual({ after: 2, thanks: 2 });
    bucket.upload('templates/thanks/mail.mjml', mail('{{ params.gift }}'));
    bucket.upload('scenarios/after.json', scenario('after', { params: { gift: { value: '石けん' } } }));
    await publish();
    expect(inForce()).toEqual({ after: 3, thanks: 3 });
    expect(told('templates/thanks/mail.mjml')).toEqual(['published']);
  });
  test('is judged beside the version in force where the new one of the scenario is refused', async () => {
    bucket.upload('templates/thanks/mail.mjml', mail('{{ coupon.code }}'));
    bucket.upload('scenarios/after.json', scenario('after', { steps: [{ wait: '-1d' }, COUPON, SEND] }));
    await publish();
    expect(told('scenarios/after.json')).toEqual(['refused', 'duration']);
    expect(told('templates/thanks/mail.mjml')).toEqual(['refused', 'unfit-for-scenario']);
    expect(inForce()).toEqual({ after: 1, thanks: 1 });
    bucket.upload('templates/thanks/mail.mjml', mail('よい版'));
    await publish();
    expect(inForce()).toEqual({ after: 1, thanks: 2 });
  });
  test('waits for all who share it, and whoever relied on it waits along', async () => {
    bucket.upload('scenarios/second.json', scenario('second', { trigger: { event: 'customer.registered' } }));
    await publish();
    const withGift = { params: { gift: { value: '石けん' } } };
    bucket.upload('templates/thanks/mail.mjml', mail('{{ params.gift }}'));
    bucket.upload('scenarios/after.json', scenario('after', withGift));
    await publish();
    // The param does no harm beside the earlier template: only the template waits.
    expect(inForce()).toEqual({ after: 2, second: 1, thanks: 1 });
    expect(bucket.report('templates/thanks/mail.mjml').problems[0]?.message).toContain('「シナリオsecond」(second)が');
    bucket.upload(
      'scenarios/second.json',
      scenario('second', { trigger: { event: 'customer.registered' }, ...withGift }),
    );
    await publish();
    expect(inForce()).toEqual({ after: 2, second: 2, thanks: 2 });
    bucket.upload('templates/thanks/mail.mjml', mail('贈りものはありません'));
    bucket.upload('templates/thanks/line.json', { messages: [{ type: 'text', text: '{{ params.other }}' }] });
    bucket.upload('scenarios/after.json', scenario('after', { steps: [{ wait: '1d' }, SEND] }));
    bucket.upload(
      'scenarios/second.json',
      scenario('second', {
        trigger: { event: 'customer.registered' },
        ...withGift,
        steps: [{ id: '1', send: { template: 'thanks' } }],
      }),
    );
    await publish();
    // Nobody in force sends it by LINE: what stands there in vain keeps nothing back.
    expect(told('scenarios/second.json')).toEqual(['refused', 'unknown-value']);
    expect(inForce()).toEqual({ after: 3, second: 2, thanks: 3 });
  });
  test('takes back with it a scenario that could do without the earlier one only', async () => {
    const withGift = { params: { gift: { value: '石けん' } } };
    bucket.upload('scenarios/after.json', scenario('after', withGift));
    bucket.upload(
      'scenarios/second.json',
      scenario('second', { trigger: { event: 'customer.registered' }, ...withGift }),
    );
    bucket.upload('templates/thanks/mail.mjml', mail('{{ params.gift }}'));
    await publish();
    expect(inForce()).toEqual({ after: 2, second: 1, thanks: 2 });
    // The one needs the new version, the other can't send it.
    bucket.upload('templates/thanks/mail.mjml', mail('{{ trigger.order.number | default: "" }}'));
    bucket.upload('scenarios/after.json', scenario('after'));
    await publish();
    expect(inForce()).toEqual({ after: 2, second: 1, thanks: 2 });
    expect(told('templates/thanks/mail.mjml')).toEqual(['refused', 'unfit-for-scenario']);
    expect(told('scenarios/after.json')).toEqual(['refused', 'unknown-value']);
    expect(bucket.report('scenarios/after.json').problems.map(({ rule }) => rule)).toContain('earlier-template');
  });
  test('is refused as well where a shared block takes the link away', async () => {
    bucket.upload('templates/_blocks/end.mjml', `<mj-text>${LINK}</mj-text>`);
    bucket.upload(
      'templates/thanks/mail.mjml',
      mail('', '').replace('<mj-text></mj-text>', '<mj-include path="../_blocks/end.mjml" />'),
    );
    await publish();
    expect(inForce()).toEqual({ after: 1, thanks: 2 });
    bucket.upload('templates/_blocks/end.mjml', '<mj-text>さようなら</mj-text>');
    await publish();
    expect(told('templates/thanks/mail.mjml')).toEqual(['refused', 'unfit-for-scenario']);
    expect(inForce()).toEqual({ after: 1, thanks: 2 });
    expect(wordsInForce()).toContain('links.unsubscribe');
  });
  test('goes through where no scenario sends it, or where the earlier had the same fault', async () => {
    bucket.files.delete('scenarios/after.json');
    await publish();
    bucket.upload('templates/thanks/mail.mjml', mail('', 'さようなら'));
    await publish();
    expect(inForce()).toEqual({ thanks: 2 });
    bucket.upload('templates/thanks/mail.mjml', mail('よい版'));
    bucket.upload('scenarios/after.json', scenario('after'));
    await publish();
    // As an earlier release let it pass.
    const { mail: published } = store.versions.get('template thanks 3') as Template;
    published!.html = published!.html.replace('{{ links.unsubscribe }}', 'https://example.jp');
    bucket.upload('templates/thanks/mail.mjml', mail('まだない版', 'さようなら'));
    await publish();
    expect(inForce()).toEqual({ after: 1, thanks: 4 });
    expect(told('scenarios/after.json')).toEqual(['refused', 'no-unsubscribe']);
  });
});

describe('the unsubscribe link of marketing', () => {
  const hidden: [string, string][] = [
    ['in a condition', `{% if customer.rank %}${LINK}{% endif %}`],
    ['in the other half of one', `{% if customer.rank %}x{% else %}${LINK}{% endif %}`],
    ['in a loop', `{% for item in trigger.order.items %}${LINK}{% endfor %}`],
    ['in a case', `{% case customer.rank %}{% when "a" %}${LINK}{% endcase %}`],
    ['in a comment', `<!-- ${LINK} -->`],
    ['in what is not displayed', `<span style="display: none">${LINK}</span>`],
    ['with nothing to click on', '<a href="{{ links.unsubscribe }}"></a>'],
    ['as a part of another address', '<a href="https://example.jp/?u={{ links.unsubscribe }}">x</a>'],
    ['that is only thought of', '{% assign u = links.unsubscribe %}<a href="{{ u }}">x</a>'],
  ];
  test.each(hidden)('%s is not seen by everybody: the scenario is refused', async (_name, link) => {
    bucket.upload('templates/new/mail.mjml', mail('', link));
    bucket.upload('scenarios/new.json', scenario('new', { steps: [{ id: '1', send: { template: 'new' } }] }));
    await publish();
    expect(told('scenarios/new.json')).toEqual(['refused', 'unsubscribe-unsure']);
  });
  const shown: [string, string][] = [
    ['in words', '<p>停止は<a style="color: #000" href="{{ links.unsubscribe }}"><b>こちら</b></a></p>'],
    ['as it is', '停止: {{ links.unsubscribe }}'],
    ['beside a comment and a condition', `<!-- {{ shop.name }} -->{% if customer.rank %}x{% endif %}${LINK}`],
    [
      'behind a picture',
      '<a href="{{ links.unsubscribe }}"><img src="https://example.jp/stop.png" alt="配信を停止する" /></a>',
    ],
    ['in a button', '</mj-text><mj-button href="{{ links.unsubscribe }}">停止</mj-button><mj-text>'],
    ['in some words once more', `{% if customer.rank %}${LINK}{% endif %}${LINK}`],
  ];
  test.each(shown)('%s is seen by everybody', async (_name, link) => {
    bucket.upload('templates/new/mail.mjml', mail('', link));
    bucket.upload('scenarios/new.json', scenario('new', { steps: [{ id: '1', send: { template: 'new' } }] }));
    await publish();
    expect(told('scenarios/new.json')).toEqual(['published']);
  });
  test('of a mail.md is seen, too', async () => {
    const text = (words: string) =>
      `---\n件名: お知らせ\nプリヘッダー: x\nフッター: なし\nヘッダー: なし\nLINE: なし\n---\n${DUTIES}\n\n${words}\n`;
    bucket.upload('templates/new/mail.md', text('[配信を停止する]({{ links.unsubscribe }})'));
    bucket.upload(
      'templates/hid/mail.md',
      text('{% if customer.rank %}\n\n[停止]({{ links.unsubscribe }})\n\n{% endif %}'),
    );
    const sends = (template: string) => ({ steps: [{ id: '1', send: { template, channels: ['email'] } }] });
    bucket.upload('scenarios/new.json', scenario('new', sends('new')));
    bucket.upload('scenarios/hid.json', scenario('hid', sends('hid')));
    bucket.upload('templates/_blocks/style.mjml', SHIPPED_FILES.get('templates/_blocks/style.mjml')!);
    await publish();
    expect([told('scenarios/new.json'), told('scenarios/hid.json')]).toEqual([
      ['published'],
      ['refused', 'unsubscribe-unsure'],
    ]);
  });
});

describe('a new version of a survey whose answers the letters of a scenario in force still offer', () => {
  const survey = (choices: string[]) => ({
    id: 'taste',
    name: 'お好み',
    questions: [{ id: 'tea', kind: 'choice', title: 'どちらが好きですか?', choices }],
    thanks: 'ありがとうございました。',
  });
  const ask = (value: string) => {
    const data = new URLSearchParams({ action: 'survey.answer', survey: 'taste', question: 'tea', value });
    const items = [{ type: 'action', action: { type: 'postback', label: value, data: String(data) } }];
    return { messages: [{ type: 'text', text: 'どちらが好きですか?', quickReply: { items } }] };
  };
  const surveysInForce = () => store.current!.editions.at(-1)!.surveys;
  beforeEach(async () => {
    bucket.upload('surveys/taste.json', survey(['煎茶', 'ほうじ茶']));
    bucket.upload('templates/ask/line.json', ask('煎茶'));
    const steps = [{ wait: '1d' }, { id: '1', send: { template: 'ask', channels: ['line'] } }];
    bucket.upload('scenarios/asks.json', scenario('asks', { steps }));
    await publish();
    expect(surveysInForce()).toEqual({ taste: 1 });
  });

  test('is refused, and the report names the scenario and the answer; what runs stays', async () => {
    bucket.upload('surveys/taste.json', survey(['玉露', 'ほうじ茶']));
    await publish();
    expect(told('surveys/taste.json')).toEqual(['refused', 'unfit-for-scenario']);
    const { problems, summary } = bucket.report('surveys/taste.json');
    expect([problems[0]?.message, summary]).toEqual([
      expect.stringMatching(/「シナリオasks」\(asks\).*「煎茶」/),
      expect.stringContaining('第1版がそのまま動いています'),
    ]);
    expect(told('scenarios/asks.json')).toEqual(['published']);
    expect(surveysInForce()).toEqual({ taste: 1 });
  });

  test('comes with the letters that offer what it asks; and a new question keeps nothing back', async () => {
    bucket.upload('surveys/taste.json', survey(['玉露', 'ほうじ茶']));
    bucket.upload('templates/ask/line.json', ask('玉露'));
    await publish();
    expect(told('surveys/taste.json')).toEqual(['published']);
    expect(surveysInForce()).toEqual({ taste: 2 });
    bucket.upload('surveys/taste.json', survey(['玉露', 'ほうじ茶', '番茶']));
    await publish();
    expect(surveysInForce()).toEqual({ taste: 3 });
  });
});
