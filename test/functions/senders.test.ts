import { describe, expect, test } from '@jest/globals';
import type { Reported } from '#core/event/event.ts';
import { eventIdOf } from '#core/event/event-id.ts';
import { plus } from '#core/ids.ts';
import { PART } from '#core/message/join-mails.ts';
import type { Template } from '#core/programme.ts';
import { anOrder, aProgramme, aScenario, HANAKO, jst, orderChanged, reported, send } from '../support/builders.ts';
import { timedOut } from '../support/fakes/faults.ts';
import { testHashes } from '../support/hashes.ts';
import { Loop } from '../support/loop.ts';
import { PostOffice, templateOf } from '../support/post-office.ts';

const NOW = jst('2026-11-24 10:00');
const thanks = aScenario({ id: 'thanks', steps: [send('thanks', { expires: '3d' })] });
const WITH_LINE = { ...HANAKO, lineUserId: `U${'0'.repeat(32)}` };

async function stage(told: Reported = orderChanged(anOrder()), over: Parameters<typeof aProgramme>[1] = {}) {
  const loop = new Loop(aProgramme([thanks], over), NOW);
  loop.programmes.templates.push(templateOf('thanks'));
  const office = new PostOffice(loop);
  if (told.identities.lineUserId !== undefined)
    await loop.receive(reported('identity.linked', NOW, WITH_LINE, { how: 'line-login', isFriend: true }));
  await loop.receive(told);
  return { loop, office };
}
const reasons = (loop: Loop, type: Parameters<Loop['mailbox']['all']>[0]) =>
  loop.mailbox.all(type).map((event) => (event.data as { reason?: string }).reason);

describe('a mail', () => {
  test('goes out once, filled in, with its tags and a one-click way to stop', async () => {
    const { loop, office } = await stage();
    await office.settle();
    expect(office.mailer.out).toHaveLength(1);
    const [mail] = office.mailer.out;
    expect(mail).toMatchObject({
      to: HANAKO.email,
      subject: '山田 花子さまへ',
      customerId: testHashes.address('member:hanako:7'),
    });
    expect(mail!.html).toContain('化粧水');
    expect(mail!.unsubscribeUrl).toMatch(/^https:\/\/api\.example\.jp\/u\/[\w-]+\.k1\.[\w-]+$/);
    expect(mail!.unsubscribeUrl).not.toContain('hanako');
    expect(Object.values(loop.stateOf('member:hanako:7').outcomes)).toMatchObject([{ type: 'sent', channel: 'email' }]);
  });

  test('comes twice from the queue and goes out once', async () => {
    const { loop, office } = await stage();
    await loop.advance(loop.mailbox.drain());
    const jobs = loop.sends.drain();
    expect(await office.deliver([...jobs, ...jobs])).toHaveLength(1);
    await office.settle();
    office.leaseIsOver();
    expect(await office.deliver(jobs)).toEqual([]);
    expect(office.mailer.out).toHaveLength(1);
  });

  test('whose sender dies between claim and send goes out once the lease is over', async () => {
    const { loop, office } = await stage();
    await loop.advance(loop.mailbox.drain());
    const jobs = loop.sends.drain();
    loop.faults.after('sends.claim', timedOut());
    const left = await office.deliver(jobs);
    expect([left.length, office.mailer.out.length]).toEqual([1, 0]);
    expect(await office.deliver(left)).toHaveLength(1);
    office.leaseIsOver();
    expect(await office.deliver(left)).toEqual([]);
    expect(office.mailer.out).toHaveLength(1);
  });

  test('whose answer was lost after success is settled by what SES tells', async () => {
    const { loop, office } = await stage();
    office.mailer.answers.lose(true);
    const left = await office.settle();
    expect(left).toHaveLength(1);
    const { messageId, customerId, at } = office.mailer.out[0]!;
    await loop.mailbox.put({
      type: 'message.sent',
      customerId,
      eventId: eventIdOf(testHashes, 'message.sent', at, messageId),
      occurredAt: at,
      receivedAt: at,
      source: 'ses',
      identities: {},
      hops: 0,
      data: { messageId, channel: 'email' },
    });
    office.leaseIsOver();
    expect(await office.deliver(left)).toEqual([]);
    expect(office.mailer.out).toHaveLength(1);
  });

  test('and SES’s own Send event of it are one event', async () => {
    const { loop, office } = await stage();
    await office.settle();
    const { messageId, customerId, at } = office.mailer.out[0]!;
    expect(loop.mailbox.all('message.sent')).toHaveLength(1);
    expect(
      loop.mailbox
        .of(customerId)
        .some((event) => event.eventId === eventIdOf(testHashes, 'message.sent', at, messageId)),
    ).toBe(true);
  });

  test('whose message.sent could not be put is found sent, not sent again', async () => {
    const { loop, office } = await stage();
    await loop.advance(loop.mailbox.drain());
    const jobs = loop.sends.drain();
    loop.faults.after('mailbox.put', timedOut());
    const left = await office.deliver(jobs);
    office.leaseIsOver();
    expect(await office.deliver(left)).toEqual([]);
    expect(office.mailer.out).toHaveLength(1);
  });

  test('sent long ago by a busy customer’s mailbox is found however much came after it', async () => {
    const { loop, office } = await stage();
    office.mailer.answers.lose(true);
    const left = await office.settle();
    const { messageId, customerId, at } = office.mailer.out[0]!;
    const row = (type: string, nonce: string, when: typeof at, data: object) =>
      loop.mailbox.put({
        type,
        customerId,
        eventId: eventIdOf(testHashes, type, when, nonce),
        occurredAt: when,
        receivedAt: when,
        source: 'test',
        identities: {},
        hops: 0,
        data,
      } as never);
    await row('message.sent', messageId, at, { messageId, channel: 'email' });
    for (let i = 1; i <= 180; i++) await row('page.viewed', String(i), plus(at, i * 1000), {});
    office.leaseIsOver();
    expect(await office.deliver(left)).toEqual([]);
    expect(office.mailer.out).toHaveLength(1);
  });

  test('that expired after an attempt whose answer was lost is not told as never sent', async () => {
    const { loop, office } = await stage();
    office.mailer.answers.lose(true);
    const left = await office.settle();
    loop.clock.turnTo(plus(NOW, 4 * 86_400_000));
    expect(await office.deliver(left)).toEqual([]);
    expect(reasons(loop, 'message.unknown')).toEqual(['unanswered']);
    expect(loop.mailbox.all('message.returned')).toEqual([]);
  });

  test('that SES refuses for now stays on the queue, and leaves no claim behind', async () => {
    const { office } = await stage();
    office.mailer.answers.refuse('ses-throttled', true);
    const left = await office.settle();
    expect(left).toHaveLength(1);
    expect(office.claims.rows.size).toBe(0);
    expect(await office.deliver(left)).toEqual([]);
    expect(office.mailer.out).toHaveLength(1);
  });

  test('that SES refuses for good ends as failed, with the reason', async () => {
    const { loop, office } = await stage();
    office.mailer.answers.refuse('ses-rejected');
    await office.settle();
    expect(reasons(loop, 'message.failed')).toEqual(['refused']);
    expect(loop.stateOf('member:hanako:7').pending).toEqual({});
  });

  test('whose template can’t be filled in sends nothing to that customer, says why, and leaves no claim', async () => {
    const { loop, office } = await stage();
    loop.programmes.templates[0]!.mail!.html = '{{ customer.name | no_such_filter }}';
    await office.settle();
    expect(office.mailer.out).toEqual([]);
    expect(office.claims.rows.size).toBe(0);
    expect(reasons(loop, 'message.failed')).toEqual(['render-failed']);
  });

  test('greets nobody with a link or a sermon that was typed as a name', async () => {
    for (const name of ['当選 https://evil.example', 'evil.com を見て', 'x'.repeat(41), 'a@b.jp']) {
      const { office } = await stage(orderChanged(anOrder({ buyer: { name, acceptsEmail: true } })));
      await office.settle();
      expect(office.mailer.out[0]!.subject).toBe('お客さまへ');
    }
  });

  test('shows what a customer typed as text, never as markup', async () => {
    const { loop, office } = await stage(
      orderChanged(anOrder({ buyer: { name: '<img src=x onerror=alert(1)>', acceptsEmail: true } })),
    );
    loop.programmes.templates[0]!.mail!.html = '<p>{{ customer.name }}</p>';
    await office.settle();
    expect(office.mailer.out[0]!.html).toBe('<p>&lt;img src=x onerror=alert(1)&gt;</p>');
  });
});

describe('still wanted?', () => {
  test('a mail whose reader stopped between plan and send goes back with the reason', async () => {
    const { loop, office } = await stage();
    await loop.advance(loop.mailbox.drain());
    const jobs = loop.sends.drain();
    const row = loop.customers.rows.get(testHashes.address(`email:${HANAKO.email}`))!;
    if (row.kind === 'tombstone') row.stop = { unsubscribedAt: NOW };
    await office.deliver(jobs);
    await office.settle();
    expect(office.mailer.out).toEqual([]);
    expect(reasons(loop, 'message.returned')).toEqual(['unsubscribed']);
    expect(reasons(loop, 'message.suppressed')).toEqual(['unsubscribed']);
  });

  test('what the night overtook on the queue waits for the morning', async () => {
    const { loop, office } = await stage();
    await loop.advance(loop.mailbox.drain());
    const jobs = loop.sends.drain();
    loop.clock.turnTo(jst('2026-11-24 21:30'));
    await office.deliver(jobs);
    await office.settle();
    expect(office.mailer.out).toEqual([]);
    expect(Object.values(loop.stateOf('member:hanako:7').pending)).toMatchObject([
      { state: 'planned', releaseAt: jst('2026-11-25 09:00') },
    ]);
  });

  test('"sending": "stopped" stops what is already on the queue', async () => {
    const { loop, office } = await stage();
    await loop.advance(loop.mailbox.drain());
    const jobs = loop.sends.drain();
    loop.programmes.programme = aProgramme([thanks], { settings: { sending: 'stopped' } });
    await office.deliver(jobs);
    expect(office.mailer.out).toEqual([]);
    expect(reasons(loop, 'message.returned')).toEqual(['stopped']);
  });

  test('a job of a mailbox that was merged away finds the person it belongs to now', async () => {
    const { loop, office } = await stage(orderChanged(anOrder(), { email: HANAKO.email! }));
    await loop.advance(loop.mailbox.drain());
    const jobs = loop.sends.drain();
    await loop.receive(orderChanged(anOrder({ updatedAt: plus(NOW, 1000) }), HANAKO));
    for (let arrivals = loop.mailbox.drain(); arrivals.length > 0; arrivals = loop.mailbox.drain())
      await loop.advance(arrivals);
    await office.deliver(jobs);
    await office.settle();
    expect(office.mailer.out).toHaveLength(1);
    expect(office.mailer.out[0]!.customerId).toBe(testHashes.address('member:hanako:7'));
  });
});

test('a ceiling of one an hour lets one out and keeps the others for the hours after', async () => {
  const loop = new Loop(aProgramme([thanks], { controls: { thanks: { live: { perHour: 1 } } } }), NOW);
  loop.programmes.templates.push(templateOf('thanks'));
  const office = new PostOffice(loop);
  await loop.receive(
    ...['1', '2', '3'].map((id) => orderChanged(anOrder({ id }), { memberId: id, email: `${id}@example.com` })),
  );
  await office.settle();
  expect(office.mailer.out).toHaveLength(1);
  expect(reasons(loop, 'message.returned')).toEqual(['ceiling', 'ceiling']);
  const waiting = Object.values(loop.stateOf('member:hanako:3').pending);
  expect(waiting).toMatchObject([{ state: 'planned', releaseAt: jst('2026-11-24 11:00') }]);
});

describe('a LINE message', () => {
  test('whose answer was lost after success is asked for again with the same key and arrives once', async () => {
    const { loop, office } = await stage(orderChanged(anOrder(), WITH_LINE));
    office.line.answers.lose(true);
    const left = await office.settle();
    office.leaseIsOver();
    expect(await office.deliver(left)).toEqual([]);
    await office.settle();
    expect(office.line.out).toHaveLength(1);
    expect(office.line.out[0]).toMatchObject({ messages: [{ type: 'text', text: '山田 花子さま、化粧水' }] });
    expect(loop.mailbox.all('message.sent')).toHaveLength(1);
  });

  test('whose end is unknown after 23 hours is never tried again', async () => {
    const { loop, office } = await stage(orderChanged(anOrder(), WITH_LINE));
    office.line.answers.lose(false);
    const left = await office.settle();
    loop.clock.turnTo(plus(NOW, 24 * 3_600_000));
    expect(await office.deliver(left)).toEqual([]);
    expect(office.line.out).toEqual([]);
    expect(reasons(loop, 'message.unknown')).toEqual(['unanswered']);
  });

  test('that asks by buttons names itself in each of them, and is counted as asked', async () => {
    const { loop, office } = await stage(orderChanged(anOrder(), WITH_LINE));
    const data = 'action=survey.answer&survey=nps&question=score&value=9';
    const quickReply = { items: [{ type: 'action', action: { type: 'postback', label: '9', data } }] };
    loop.programmes.templates[0] = {
      ...templateOf('thanks'),
      line: { messages: [{ type: 'text', text: 'いかがでしたか?', quickReply }] },
    };
    await office.settle();
    const { messageId } = loop.mailbox.all('message.sent')[0]!.data as { messageId: string };
    expect(office.line.out[0]!.messages).toMatchObject([
      { quickReply: { items: [{ action: { data: `${data}&messageId=${messageId}` } }] } },
    ]);
    expect([...loop.surveys.surveys.get('nps')!.keys()]).toEqual([messageId]);
  });

  test('that LINE will not take becomes a mail', async () => {
    const { office } = await stage(orderChanged(anOrder(), WITH_LINE));
    office.line.answers.refuse('line-monthly-limit');
    await office.settle();
    expect([office.line.out.length, office.mailer.out.length]).toEqual([0, 1]);
  });
});

describe('the way to stop', () => {
  const open = async (office: PostOffice, url: string, method: 'GET' | 'POST', body = '') =>
    office.unsubscribe({
      method,
      path: '/u/x',
      pathParameters: { token: url.slice(url.lastIndexOf('/') + 1) },
      query: {},
      headers: {},
      rawBody: Buffer.from(body),
    });

  test('is shown by GET, which stops nothing, and taken by POST, once for good', async () => {
    const { loop, office } = await stage();
    await office.settle();
    const url = office.mailer.out[0]!.unsubscribeUrl!;
    const shown = await open(office, url, 'GET');
    expect([shown.status, String(shown.body).includes('配信を停止する')]).toEqual([200, true]);
    await office.settle();
    expect(loop.stateOf('member:hanako:7').consents.email?.value).toBe('yes');

    expect((await open(office, url, 'POST', 'List-Unsubscribe=One-Click')).status).toBe(200);
    await office.settle();
    expect(loop.stateOf('member:hanako:7').consents.email).toMatchObject({ value: 'no', basis: 'one-click' });
    await loop.receive(orderChanged(anOrder({ id: '2', placedAt: plus(NOW, 60_000) })));
    await office.settle();
    expect(office.mailer.out).toHaveLength(1);
  });

  test('can be undone on the same page', async () => {
    const { loop, office } = await stage();
    await office.settle();
    const url = office.mailer.out[0]!.unsubscribeUrl!;
    await open(office, url, 'POST', 'action=unsubscribe');
    loop.clock.turnTo(plus(NOW, 60_000));
    await open(office, url, 'POST', 'action=resubscribe');
    await office.settle();
    await loop.receive(orderChanged(anOrder({ id: '2', placedAt: loop.clock.at })));
    await loop.turnTo(plus(NOW, 25 * 3_600_000));
    expect(loop.stateOf('member:hanako:7').consents.email?.value).toBe('yes');
    expect(reasons(loop, 'message.suppressed')).toEqual([]);
  });

  test('does not open for a token that was changed by a letter', async () => {
    const { office } = await stage();
    await office.settle();
    const url = office.mailer.out[0]!.unsubscribeUrl!;
    for (const bad of [`${url}x`, url.replace('.k1.', '.k2.'), 'https://x/u/', `https://x/u/${'a'.repeat(500)}`]) {
      expect((await open(office, bad, 'POST')).status).toBe(404);
    }
  });
});

test('a service message carries no way to stop and needs no consent', async () => {
  const service = { ...thanks, kind: 'service' as const };
  const loop = new Loop(aProgramme([service]), NOW);
  loop.programmes.templates.push(templateOf('thanks'));
  const office = new PostOffice(loop);
  await loop.receive(
    orderChanged(anOrder({ buyer: {} })),
    reported('contact.opened', NOW, HANAKO, { case: { id: 'k' } }),
  );
  await office.settle();
  expect(office.mailer.out).toHaveLength(1);
  expect(office.mailer.out[0]!.unsubscribeUrl).toBeUndefined();
});

describe('two mails in one', () => {
  const offer = aScenario({
    id: 'offer',
    steps: [send('offer', { expires: '2h', channels: ['email'], priority: 10 })],
  });
  const sectioned = (id: string, words: string): Template => ({
    ...templateOf(id),
    mail: {
      subject: `件名 ${words}`,
      preheader: '',
      html: `<html><body>${PART}<p>${words}</p>${PART}<a href="{{ links.unsubscribe }}">停止</a>${PART}</body></html>`,
      text: `${words}\n\n停止 {{ links.unsubscribe }}`,
    },
  });
  async function both(controls: Record<string, object> = {}) {
    const loop = new Loop(aProgramme([thanks, offer], { controls }), NOW);
    loop.programmes.templates.push(sectioned('thanks', 'お礼'), sectioned('offer', 'ご案内'));
    const office = new PostOffice(loop);
    await loop.receive(orderChanged(anOrder()));
    return { loop, office };
  }
  const ends = (loop: Loop) =>
    Object.values(loop.stateOf('member:hanako:7').outcomes)
      .map(({ step, type }) => `${step} ${type}`)
      .sort();

  test('go out as one, with one subject, one footer and a tag that names the second', async () => {
    const { loop, office } = await both();
    await office.settle();
    expect(office.mailer.out).toHaveLength(1);
    const [mail] = office.mailer.out;
    expect([mail!.subject, mail!.with?.length]).toEqual(['件名 お礼', 1]);
    expect(mail!.html).toContain('<p>お礼</p><p>ご案内</p><a href=');
    expect(mail!.html.split('停止')).toHaveLength(2);
    expect(mail!.text.split('\n\n').slice(0, 3)).toEqual(['お礼', '――――――――――', 'ご案内']);
    expect(ends(loop)).toEqual(['offer merged', 'thanks sent']);
  });

  test('are two again when the second’s template has no sections, or is gone', async () => {
    for (const spoil of [
      (loop: Loop) => void loop.programmes.templates.splice(1, 1, templateOf('offer')),
      (loop: Loop) => void loop.programmes.templates.splice(1, 1),
    ]) {
      const { loop, office } = await both();
      spoil(loop);
      await office.settle();
      expect(office.mailer.out.map((mail) => mail.with)).toEqual([undefined]);
      expect(ends(loop)).toEqual(['thanks sent']);
      await loop.turnTo(plus(NOW, 26 * 3_600_000));
      expect(ends(loop)).toEqual(['offer expired', 'thanks sent']);
    }
  });

  test('are two again when the second’s letter speaks of a product, as the catalogue has it', async () => {
    const onView = (id: string, priority: number) =>
      aScenario({
        id,
        trigger: { event: 'product.viewed' },
        steps: [send(id, { expires: '2h', channels: ['email'], priority })],
      });
    const sentWith = async (words: string) => {
      const loop = new Loop(aProgramme([onView('thanks', 50), onView('looked', 10)]), NOW);
      loop.programmes.templates.push(sectioned('thanks', 'お礼'), sectioned('looked', words));
      const office = new PostOffice(loop);
      const product = { id: 'p1', variantId: 'v1' };
      await loop.receive(orderChanged(anOrder()), reported('product.viewed', NOW, HANAKO, { product }));
      await office.settle();
      return office.mailer.out.map((mail) => mail.with?.length);
    };
    expect(await sentWith('ご覧の{{ product.name | default: "商品" }}')).toEqual([undefined]);
    expect(await sentWith('ご覧の商品 {{ trigger.product.id }}')).toEqual([1]);
  });

  test('are two again when the second’s own scenario has no room in this hour, and each takes its place in its own', async () => {
    const full = await both({ offer: { live: { perHour: 0 } } });
    await full.office.settle();
    expect(full.office.mailer.out.map((mail) => mail.with)).toEqual([undefined]);
    expect(ends(full.loop)).toEqual(['thanks sent']);
    const { loop, office } = await both({ offer: { live: { perHour: 1 } } });
    await office.settle();
    expect(ends(loop)).toEqual(['offer merged', 'thanks sent']);
    await loop.receive(orderChanged(anOrder({ id: '2' }), { memberId: '2', email: '2@example.com' }));
    await office.settle();
    expect(office.mailer.out.map((mail) => mail.with?.length)).toEqual([1, undefined]);
  });

  test('refused for good, neither is claimed any longer, and each is decided anew', async () => {
    const { loop, office } = await both();
    office.mailer.answers.refuse('ses-rejected');
    await office.settle();
    expect(office.mailer.out.map(({ subject, with: carried }) => [subject, carried])).toEqual([
      ['件名 ご案内', undefined],
    ]);
    expect(ends(loop)).toEqual(['offer sent', 'thanks failed']);
  });

  test('whose answer was lost are settled together by what SES tells, and neither goes out twice', async () => {
    const { loop, office } = await both();
    office.mailer.answers.lose(true);
    const left = await office.settle();
    const { messageId, customerId, at, with: carried } = office.mailer.out[0]!;
    await loop.mailbox.put({
      type: 'message.sent',
      customerId,
      eventId: eventIdOf(testHashes, 'message.sent', at, messageId),
      occurredAt: at,
      receivedAt: at,
      source: 'ses',
      identities: {},
      hops: 0,
      data: { messageId, channel: 'email', with: carried! },
    });
    office.leaseIsOver();
    await office.deliver(left);
    await office.settle();
    expect([office.mailer.out.length, ends(loop)]).toEqual([1, ['offer merged', 'thanks sent']]);
  });
});
