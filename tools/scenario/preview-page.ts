import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fontFaces } from '#tools/simulate/report/fonts.ts';
import { Html, html } from '#tools/simulate/report/html.ts';
import type { ShownMessage } from './messages.ts';
import { SAMPLE_PICTURE } from './sample.ts';

const ROOM = join(import.meta.dirname, '../local');
/** Nobody's picture: a soft square. */
const PICTURE = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200"><rect width="200" height="200" fill="#e9e4d8"/><circle cx="100" cy="90" r="42" fill="#cfc8b8"/><rect x="52" y="140" width="96" height="12" rx="6" fill="#cfc8b8"/></svg>',
)}`;

export interface PreviewOf {
  name: string;
  shop: string;
  /** Whom it is filled in for, in words. */
  who: string;
  messages: readonly ShownMessage[];
}

/** One page that needs nothing else: every mail at two widths, every LINE message on a phone. Scripts in mails don't run. */
export async function previewPage(preview: PreviewOf): Promise<string> {
  const { name, shop, who, messages } = preview;
  const css = await Promise.all(
    ['page/base.css', 'line-sandbox/page/phone.css', 'line-sandbox/page/chat.css'].map((file) =>
      readFile(join(ROOM, file), 'utf8'),
    ),
  );
  const line = Object.fromEntries(messages.flatMap((one, i) => (one.line ? [[`line-${i}`, one.line.messages]] : [])));
  const faces = await fontFaces(JSON.stringify(preview) + LETTERS);
  const body = html`<!doctype html>
<html lang="ja"><head><meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" />
<title>${name}: 見本</title>
<style id="faces">${new Html(faces)}</style>
<style>${new Html(css.join('\n'))}${new Html(STYLE)}</style></head>
<body><main><header class="top"><h1>${name}</h1><p>${who}</p></header>
${messages.map((one, i) => section(one, i, shop))}
${messages.length === 0 ? html`<p>このシナリオに、配信のステップはありません。</p>` : ''}
</main>
<script type="application/json" id="data">${new Html(inScript({ shop, line }))}</script>
<script>${new Html(await script())}</script></body></html>`;
  return body.text.replaceAll(SAMPLE_PICTURE, PICTURE);
}

const LETTERS =
  '見本パソコンスマートフォンテキスト版件名プリヘッダー郵送このメッセージは作れません確認してください画像なし';
const CHANNELS: Record<string, string> = { email: 'メール', line: 'LINE', postal: '郵送', sms: 'SMS' };

function section(message: ShownMessage, i: number, shop: string): Html {
  const { step, template, channel, mail, line, postal, fault } = message;
  return html`<section class="message" id="message-${i}"><h2>${step} <small>${CHANNELS[channel] ?? channel} ・ ${template}</small></h2>
${fault === undefined ? '' : html`<p class="fault">このメッセージは作れません: ${fault}</p>`}
${
  mail
    ? html`<div class="inbox"><b>${shop}</b><div><b>${mail.subject}</b><span>${mail.preheader}</span></div></div>
<div class="screens"><figure class="desktop"><figcaption>パソコン</figcaption><iframe sandbox="allow-same-origin" title="パソコン" srcdoc="${mail.html}"></iframe></figure>
<figure class="mobile"><figcaption>スマートフォン</figcaption><iframe sandbox="allow-same-origin" title="スマートフォン" srcdoc="${mail.html}"></iframe></figure></div>
<details><summary>テキスト版</summary><pre>${mail.text}</pre></details>`
    : ''
}
${
  line
    ? html`<figure class="line-phone"><figcaption>LINE</figcaption><div class="screen" id="line-${i}"></div></figure>
${line.problems.map((one) => html`<p class="fault">確認してください: ${one.property} ${one.messageJa}</p>`)}`
    : ''
}
${postal ? html`<table>${postal.columns.map((column, k) => html`<tr><th>${column}</th><td>${postal.cells[k] ?? ''}</td></tr>`)}</table>` : ''}
</section>`;
}

/** Nothing in it may end the script. */
const inScript = (value: unknown): string => JSON.stringify(value).replace(/</g, '\\u003c');

/** The sandbox's own drawing of LINE messages, as one script: a file on disk may load no modules. */
async function script(): Promise<string> {
  const files = ['page/element.js', 'line-sandbox/page/flex.js', 'line-sandbox/page/chat.js'];
  const parts = await Promise.all(files.map((file) => readFile(join(ROOM, file), 'utf8')));
  const plain = parts.map((text) => text.replace(/^import [^;]*;\n/gm, '').replace(/^export (?=const|function)/gm, ''));
  return `${plain.join('\n').replaceAll("loading: 'lazy', ", '')}\n${DRAW}`;
}

const DRAW = `
const data = JSON.parse(document.getElementById('data').textContent);
for (const [id, messages] of Object.entries(data.line)) {
  const entries = [{ kind: 'delivery', isDelivered: true, at: new Date().toISOString(), messages }];
  const screen = document.getElementById(id);
  screen.append(h('div', { class: 'chat' }, ...chatView(entries, data.shop, () => {}).slice(1)));
  const replies = quickReplies(entries, () => {});
  if (replies.length > 0) screen.append(h('div', { class: 'quick' }, ...replies));
}
const fit = (frame) => {
  const page = frame.contentDocument;
  const faces = page.createElement('style');
  faces.textContent = document.getElementById('faces').textContent.replaceAll('Noto Sans JP Variable', 'Noto Sans JP');
  page.head.append(faces);
  page.documentElement.style.overflow = 'hidden';
  frame.style.height = page.documentElement.scrollHeight + 'px';
};
const frames = [...document.querySelectorAll('iframe')];
for (const frame of frames) {
  if (frame.contentDocument?.readyState === 'complete' && frame.contentDocument.body?.childElementCount) fit(frame);
  frame.addEventListener('load', () => fit(frame));
}
addEventListener('resize', () => frames.forEach(fit));
const only = () => {
  const id = location.hash.slice(1);
  for (const one of document.querySelectorAll('.message')) one.hidden = id !== '' && one.id !== id;
  document.querySelector('.top').hidden = id !== '';
};
only();
addEventListener('hashchange', only);
addEventListener('load', () => setTimeout(() => {
  frames.forEach((frame) => { if (frame.contentDocument) frame.style.height = frame.contentDocument.documentElement.scrollHeight + 'px'; });
  document.documentElement.dataset.height = String(Math.ceil(document.querySelector('main').getBoundingClientRect().height));
}, 500));
`;

const STYLE = `
body { height: auto; display: block; overflow: auto; background: #f3f5f8; }
main { width: 100%; max-width: 1240px; margin: 0 auto; padding: 20px; display: block; place-items: normal; height: auto; }
.top h1 { margin: 0; font-size: 22px; }
.top p { margin: 4px 0 20px; color: var(--soft); }
.message { background: #fff; border: 1px solid var(--edge); border-radius: 12px; padding: 20px; margin: 0 0 28px; }
.message[hidden], .top[hidden] { display: none; }
.message h2 { margin: 0 0 14px; font-size: 18px; }
.message h2 small { font-weight: 400; color: var(--soft); font-size: 13px; margin-left: 6px; }
.inbox { display: flex; gap: 16px; border: 1px solid var(--edge); border-radius: 8px; padding: 10px 14px; margin: 0 0 16px; font-size: 14px; }
.inbox > b { flex: none; }
.inbox > div { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.inbox b, .inbox span { color: var(--ink); }
.inbox span { color: var(--soft); margin-left: 10px; }
.screens { display: flex; gap: 24px; align-items: flex-start; }
figure { margin: 0; }
figcaption { font-size: 13px; color: var(--soft); margin: 0 0 6px; }
.desktop { flex: 1; min-width: 0; }
.mobile { width: 377px; flex: none; }
iframe { width: 100%; border: 1px solid var(--edge); border-radius: 8px; display: block; min-height: 200px; background: #fff; }
details { margin: 14px 0 0; font-size: 14px; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; background: #f7f8fa; border-radius: 8px; padding: 14px; }
.line-phone { width: 390px; max-width: 100%; }
.line-phone .screen { background: #8cabd9; border-radius: 12px; padding: 16px 10px; overflow: hidden; }
.line-phone .chat { display: flex; flex-direction: column; gap: 8px; }
.quick { display: flex; gap: 8px; overflow-x: auto; padding: 12px 4px 4px; }
.quick button { flex: none; border: 1px solid #fff; background: #fff; border-radius: 999px; padding: 6px 14px; color: #2b5fb4; font-size: 14px; }
.fault { color: #a12622; background: #fdeeee; border-radius: 8px; padding: 10px 14px; }
table { border-collapse: collapse; font-size: 14px; }
th, td { border: 1px solid var(--edge); padding: 6px 10px; text-align: left; }
@media (max-width: 860px) {
  main { padding: 0; }
  .top { padding: 16px; }
  .message { border-radius: 0; border-width: 1px 0; padding: 16px 6px; margin-bottom: 12px; }
  .message h2 { padding: 0 8px; }
  .inbox { display: block; }
  .desktop { display: none; }
  .mobile { width: 100%; }
}
`;
