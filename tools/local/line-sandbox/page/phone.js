import { chatView, dayOf, minuteOf, previewOf, quickReplies } from './chat.js';
import { h } from './element.js';

const at = (id) => document.getElementById(id);
const STATES = { stranger: '未追加', friend: '友だち', blocked: 'ブロック中' };
const RELATIONS = {
  stranger: ['follow', '友だち追加'],
  friend: ['block', 'ブロック'],
  blocked: ['unblock', 'ブロック解除'],
};

let state = { people: [], accountName: '', now: new Date().toISOString() };
let chosen = location.hash.slice(1);
let entries = [];
let offset = 0;

async function ask(method, path, body) {
  const answer = await fetch(`/sandbox/${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.message);
  return json;
}

let toastTimer;
function tell(text, again) {
  const toast = at('toast');
  toast.replaceChildren(text, ...(again ? [h('button', { on: { click: again } }, 'もう一度届ける')] : []));
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(
    () => {
      toast.hidden = true;
    },
    again ? 12_000 : 4000,
  );
}

/** Does something as the chosen person and says when the shop did not take the webhook. */
async function doAs(verb, body) {
  try {
    report(await ask('POST', `people/${chosen}/${verb}`, body ?? {}));
  } catch (error) {
    tell(`できませんでした: ${error.message}`);
  }
}

function report({ isReceived, status, milliseconds, webhookEventId }) {
  if (isReceived) return;
  const why =
    status === 'unreachable'
      ? 'お店のサーバーにつながりません'
      : status === 'timeout'
        ? 'お店のサーバーが答えません'
        : status >= 200 && status < 300
          ? `お店の返事に${(milliseconds / 1000).toFixed(1)}秒かかりました(LINEは2秒までしか待ちません)`
          : `お店の返事は${status}でした`;
  tell(why, async () => report(await ask('POST', `webhooks/${webhookEventId}/redeliver`)));
}

/** What a tap on a button, picture or card does. */
async function act(action) {
  switch (action.type) {
    case 'uri':
      if (/^(https?|tel):/.test(action.uri)) window.open(action.uri, '_blank', 'noopener,noreferrer');
      else tell(`アプリで開くリンクです: ${action.uri}`);
      return;
    case 'message':
      return doAs('text', { text: action.text });
    case 'postback':
      if (action.fillInText) at('write').elements.text.value = action.fillInText;
      return doAs('postback', {
        data: action.data,
        ...((action.displayText ?? action.text) && { displayText: action.displayText ?? action.text }),
      });
    case 'clipboard':
      await navigator.clipboard?.writeText(action.clipboardText);
      return tell('コピーしました');
    case 'datetimepicker': {
      const value = await pick(action);
      return value && doAs('postback', { data: action.data, params: { [action.mode]: value } });
    }
    default:
      return tell('この画面では動かないボタンです');
  }
}

function pick(action) {
  const dialog = at('picker');
  const input = at('picker-value');
  const lower = (text) => text?.replace('t', 'T') ?? '';
  input.type = { date: 'date', time: 'time', datetime: 'datetime-local' }[action.mode];
  Object.assign(input, {
    value: lower(action.initial),
    min: lower(action.min),
    max: lower(action.max),
    required: true,
  });
  at('picker-label').textContent = action.label ?? '日時を選んでください';
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'ok' ? input.value : ''), { once: true });
  });
}

const colourOf = (id) => {
  const sum = [...id].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 9973, 7);
  return `hsl(${(sum * 137) % 360} 38% 42%)`;
};

function drawList() {
  at('list').replaceChildren(
    ...state.people.map((person) =>
      h(
        'a',
        {
          href: `#${person.userId}`,
          class: person.userId === chosen ? 'chosen' : '',
          'aria-current': person.userId === chosen,
        },
        h(
          'span',
          { class: 'face', style: { backgroundColor: colourOf(person.userId) }, 'aria-hidden': 'true' },
          person.displayName.slice(0, 1),
        ),
        h(
          'span',
          { class: 'who' },
          h('strong', {}, person.displayName),
          h('span', { class: `badge ${person.state}` }, STATES[person.state]),
          h('span', { class: 'preview' }, previewOf(person.last)),
        ),
        person.last
          ? h(
              'time',
              {},
              dayOf(person.last.at) === dayOf(nowOf())
                ? minuteOf(person.last.at)
                : dayOf(person.last.at).replace(/^\d+年/, ''),
            )
          : null,
      ),
    ),
    ...(state.people.length === 0
      ? [h('p', { class: 'empty' }, 'まだだれもいません。下から人を追加してください。')]
      : []),
  );
  at('quota').textContent =
    state.quota === null || state.quota === undefined
      ? `今月の通数: ${state.usage ?? 0}`
      : `今月の通数: ${state.usage} / ${state.quota}`;
}

const nowOf = () => new Date(Date.now() + offset);

function drawClock() {
  const now = nowOf();
  at('clock').textContent = `${dayOf(now)} ${minuteOf(now)}`;
}

function drawPhone() {
  const person = state.people.find(({ userId }) => userId === chosen);
  document.body.classList.toggle('in-chat', Boolean(person));
  at('phone').classList.toggle('nobody', !person);
  at('owner').textContent = person ? `${person.displayName}さんの電話` : '';
  at('account').textContent = state.accountName;
  if (!person) {
    at('chat').replaceChildren(h('p', { class: 'empty' }, '左の一覧から人を選ぶと、その人の電話の画面が出ます。'));
    at('replies').replaceChildren();
    return;
  }
  const [verb, words] = RELATIONS[person.state];
  at('relation').textContent = words;
  at('relation').dataset.verb = verb;
  at('relation').className = person.state;
  const isFriend = person.state === 'friend';
  for (const field of at('write').elements) field.disabled = !isFriend;
  at('write').elements.text.placeholder = isFriend ? 'メッセージを書く' : '友だちになると書けます';
  const chat = at('chat');
  const wasAtEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 80;
  chat.replaceChildren(...chatView(entries, state.accountName, act));
  if (entries.length === 0) {
    chat.append(h('p', { class: 'empty' }, `「友だち追加」を押すと、${state.accountName}とのトークが始まります。`));
  }
  at('replies').replaceChildren(...(isFriend ? quickReplies(entries, act) : []));
  if (wasAtEnd) chat.scrollTop = chat.scrollHeight;
}

let isLoading = false;
let isStale = false;
/** Reads everything anew; calls that come meanwhile become one more reading. */
async function load() {
  isStale = true;
  if (isLoading) return;
  isLoading = true;
  while (isStale) {
    isStale = false;
    try {
      state = await ask('GET', 'state');
      offset = Date.parse(state.now) - Date.now();
      const isKnown = state.people.some(({ userId }) => userId === chosen);
      entries = isKnown ? await ask('GET', `people/${chosen}/chat`) : [];
    } catch {
      tell('サンドボックスが止まっています');
    }
  }
  isLoading = false;
  drawClock();
  drawList();
  drawPhone();
}

addEventListener('hashchange', async () => {
  chosen = location.hash.slice(1);
  await load();
  at('chat').scrollTop = at('chat').scrollHeight;
});
at('back').addEventListener('click', () => {
  location.hash = '';
});
at('relation').addEventListener('click', () => doAs(at('relation').dataset.verb));
at('add').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  const person = await ask('POST', 'people', { displayName: form.elements.displayName.value });
  form.reset();
  location.hash = person.userId;
});
const write = at('write');
write.addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = write.elements.text.value.trim();
  if (!text) return;
  write.reset();
  await doAs('text', { text });
});
write.elements.text.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  write.requestSubmit();
});

new EventSource('/sandbox/stream').addEventListener('message', load);
setInterval(drawClock, 1000);
// The stage's clock may be turned without anything arriving here.
setInterval(load, 5000);
await load();
at('chat').scrollTop = at('chat').scrollHeight;
