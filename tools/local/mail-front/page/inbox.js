import { h } from './element.js';

const at = (id) => document.getElementById(id);
const ZONE = 'Asia/Tokyo';
const full = new Intl.DateTimeFormat('ja-JP', {
  timeZone: ZONE,
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const short = new Intl.DateTimeFormat('ja-JP', { timeZone: ZONE, year: 'numeric', month: 'numeric', day: 'numeric' });
const minute = new Intl.DateTimeFormat('ja-JP', {
  timeZone: ZONE,
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

const EVENTS = {
  Send: '送信',
  Delivery: '配達',
  Open: '開封',
  Click: 'クリック',
  Bounce: '不達',
  Complaint: '迷惑メール報告',
  Reject: '拒否',
};
const nameOf = (mailbox) => mailbox.replace(/\s*<[^>]*>$/, '').replaceAll('"', '') || mailbox;

let state = { mails: [], now: new Date().toISOString() };
let chosen = location.hash.slice(1);
let shown = '';
let offset = 0;

async function ask(method, path, body) {
  const answer = await fetch(`/front/${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

let toastTimer;
function tell(text) {
  at('toast').textContent = text;
  at('toast').hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    at('toast').hidden = true;
  }, 5000);
}

const nowOf = () => new Date(Date.now() + offset);
const dayOrTime = (when) =>
  short.format(new Date(when)) === short.format(nowOf()) ? minute.format(new Date(when)) : short.format(new Date(when));

function drawClock() {
  at('clock').textContent = full.format(nowOf());
}

function drawList() {
  const wish = at('search').value.trim().toLowerCase();
  const has = (mail) => [...mail.to, mail.from, mail.subject].some((text) => text.toLowerCase().includes(wish));
  const mails = state.mails.filter(has).reverse();
  at('list').replaceChildren(
    ...mails.map((mail) => {
      const isOpened = mail.events.some(({ type }) => type === 'Open');
      const trouble = mail.events.find(({ type }) => ['Bounce', 'Complaint', 'Reject'].includes(type));
      return h(
        'a',
        {
          href: `#${mail.sesId}`,
          class: `${mail.sesId === chosen ? 'chosen' : ''} ${isOpened ? 'read' : ''}`,
          'aria-current': mail.sesId === chosen,
        },
        h('span', { class: 'to' }, mail.to.join(', ')),
        h('time', { datetime: mail.at }, dayOrTime(mail.at)),
        h(
          'span',
          { class: 'subject' },
          trouble ? h('b', { class: 'trouble' }, EVENTS[trouble.type]) : null,
          mail.subject,
        ),
        h('span', { class: 'preview' }, `${nameOf(mail.from)} — ${mail.preview}`),
      );
    }),
  );
  if (mails.length === 0) {
    at('list').append(h('p', { class: 'empty' }, wish ? '見つかりません。' : 'まだメールは届いていません。'));
  }
}

const row = (name, value) => [h('dt', {}, name), h('dd', {}, value)];

/** What happened, in order; the same thing again (a second opening) only counts up. */
function eventViews(events) {
  const groups = new Map();
  for (const event of events) {
    const key = `${event.type} ${event.link ?? ''} ${event.state === 'failed'}`;
    groups.set(key, { ...event, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  return [...groups.values()].map((event) =>
    h(
      'li',
      { class: event.state, title: event.link ?? '' },
      `${EVENTS[event.type] ?? event.type}${event.count > 1 ? ` ${event.count}回` : ''} `,
      h('time', { datetime: event.at }, dayOrTime(event.at)),
      event.state === 'failed' ? ' (伝えられませんでした)' : null,
    ),
  );
}

function drawMail(mail) {
  document.body.classList.toggle('in-mail', Boolean(mail));
  at('open').hidden = !mail;
  at('nothing').hidden = Boolean(mail);
  if (!mail) {
    shown = '';
    return;
  }
  at('subject').textContent = mail.subject;
  at('facts').replaceChildren(
    ...row('差出人', mail.from),
    ...row('宛先', mail.to.join(', ')),
    ...(mail.replyTo.length > 0 ? row('返信先', mail.replyTo.join(', ')) : []),
    ...row('日時', full.format(new Date(mail.at))),
  );
  const canStop = mail.headers.some(({ name }) => name.toLowerCase() === 'list-unsubscribe-post');
  at('acts').querySelector('[data-act=unsubscribe]').disabled = !canStop;
  at('events').replaceChildren(...eventViews(mail.events));
  at('headers').replaceChildren(
    ...mail.headers.flatMap(({ name, value }) => row(name, value)),
    ...row('Configuration set', mail.configurationSet),
    ...Object.entries(mail.tags).flatMap(([name, value]) => row(`Tag ${name}`, value)),
    ...row('SES message id', mail.sesId),
  );
  if (shown === mail.sesId) return;
  shown = mail.sesId;
  at('more').open = false;
  // Reading the page opens the mail: its pixel tells the shop, as a mail program would.
  at('html').src = `/front/messages/${mail.sesId}/body`;
  at('text').textContent = mail.text;
  show(mail.html ? 'html' : 'text');
  at('mail').scrollTop = 0;
}

function show(view) {
  for (const tab of at('tabs').children) tab.setAttribute('aria-selected', String(tab.dataset.view === view));
  at('html').hidden = view !== 'html';
  at('text').hidden = view !== 'text';
}

let isLoading = false;
let isStale = false;
/** Reads everything anew; calls that come meanwhile become one more reading. */
async function load() {
  isStale = true;
  if (isLoading) return;
  isLoading = true;
  let mail;
  while (isStale) {
    isStale = false;
    try {
      state = await ask('GET', 'state');
      offset = Date.parse(state.now) - Date.now();
      const isKnown = state.mails.some(({ sesId }) => sesId === chosen);
      mail = isKnown ? await ask('GET', `messages/${chosen}`) : undefined;
    } catch {
      tell('受信箱が止まっています');
    }
  }
  isLoading = false;
  drawClock();
  drawList();
  drawMail(mail);
}

async function act(what) {
  if (what !== 'unsubscribe') {
    const { state: told } = await ask('POST', `messages/${chosen}/happen`, { type: what });
    tell(told === 'told' ? `お店に「${EVENTS[what]}」が伝わりました` : 'お店に伝えられませんでした');
    return;
  }
  const { status } = await ask('POST', `messages/${chosen}/unsubscribe`);
  if (status === 'unreachable') tell('配信停止のアドレスにつながりません');
  else tell(status >= 200 && status < 300 ? '配信停止を申し込みました' : `配信停止に失敗しました(応答 ${status})`);
}

addEventListener('hashchange', () => {
  chosen = location.hash.slice(1);
  load();
});
at('back').addEventListener('click', () => {
  location.hash = '';
});
at('search').addEventListener('input', drawList);
at('acts').addEventListener('click', (event) => {
  const what = event.target.dataset?.act;
  if (what) act(what).catch(() => tell('できませんでした'));
});
at('tabs').addEventListener('click', (event) => {
  if (event.target.dataset?.view) show(event.target.dataset.view);
});

new EventSource('/front/stream').addEventListener('message', load);
setInterval(drawClock, 1000);
// The stage's clock may be turned without anything arriving here.
setInterval(load, 5000);
load();
