import type { HttpAnswer } from './http.ts';

/** A page for customers: no script, no picture from elsewhere, nothing about the person. `body` is HTML. */
export const pageOf = (title: string, body: string): string => `<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${escaped(title)}</title>
<style>
:root { color-scheme: light; }
body { margin: 0; background: #f6f5f2; color: #2b2a27; font: 16px/1.9 "Hiragino Sans", "Noto Sans JP", "Noto Sans JP Variable", "Yu Gothic", Meiryo, sans-serif; }
main { max-width: 30rem; margin: 12vh auto 4rem; padding: 2.5rem 1.75rem; background: #fff; border-radius: 14px; box-shadow: 0 1px 2px rgb(0 0 0 / .05), 0 12px 32px rgb(0 0 0 / .06); }
h1 { margin: 0 0 1rem; font-size: 1.3rem; line-height: 1.5; word-break: auto-phrase; text-wrap: balance; }
p { margin: 0 0 1.25rem; }
button { display: block; width: 100%; padding: .95rem 1rem; border: 0; border-radius: 10px; background: #2f5d50; color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
button:focus-visible { outline: 3px solid #9cc4b6; outline-offset: 2px; }
button.quiet { background: none; color: #2f5d50; text-decoration: underline; font-weight: 400; }
small { display: block; margin-top: 1.5rem; color: #6d6a63; font-size: .85rem; line-height: 1.8; }
@media (max-width: 32rem) { main { margin: 0; min-height: 100vh; border-radius: 0; box-shadow: none; box-sizing: border-box; padding-top: 3.5rem; } }
fieldset { margin: 0 0 1.75rem; padding: 0; border: 0; }
legend { padding: 0; margin: 0 0 .75rem; font-weight: 600; line-height: 1.7; }
legend i { margin-left: .5rem; padding: .1rem .5rem; border-radius: 999px; background: #f0ece2; color: #7a5c28; font-size: .75rem; font-style: normal; font-weight: 600; white-space: nowrap; }
.scale { display: grid; grid-template-columns: repeat(var(--steps), 1fr); gap: .3rem; }
.scale label, .choices label { position: relative; display: block; cursor: pointer; }
.scale input, .choices input { position: absolute; opacity: 0; inset: 0; width: 100%; height: 100%; margin: 0; cursor: pointer; }
.scale span { display: block; padding: .6rem 0; border: 1px solid #d9d4c8; border-radius: 8px; text-align: center; line-height: 1.4; font-variant-numeric: tabular-nums; }
.choices label { margin-bottom: .5rem; }
.choices span { display: block; padding: .75rem 1rem; border: 1px solid #d9d4c8; border-radius: 10px; line-height: 1.6; }
:checked + span { border-color: #2f5d50; background: #2f5d50; color: #fff; font-weight: 600; }
:focus-visible + span { outline: 3px solid #9cc4b6; outline-offset: 2px; }
.ends { display: flex; justify-content: space-between; gap: 1rem; margin: .4rem 0 0; color: #6d6a63; font-size: .8rem; line-height: 1.5; }
.ends span:last-child { text-align: right; }
textarea { display: block; box-sizing: border-box; width: 100%; min-height: 7.5rem; padding: .8rem 1rem; border: 1px solid #d9d4c8; border-radius: 10px; background: #fff; color: inherit; font: inherit; line-height: 1.7; resize: vertical; }
textarea:focus-visible { outline: 3px solid #9cc4b6; outline-offset: 1px; }
.note { margin: 0 0 1.5rem; padding: .8rem 1rem; border-radius: 10px; background: #fbeee8; color: #8a3a1c; }
@media (max-width: 26rem) { .scale[style*="11"] { grid-template-columns: repeat(6, 1fr); } }
</style>
</head>
<body><main>${body}</main></body>
</html>`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as HTML shows it, in attributes too. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

/** A page as an answer: stored nowhere, framed by nobody, telling nobody where it was. */
export const shown = (html: string): Omit<HttpAnswer, 'status'> => ({
  body: html,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex, nofollow',
    'referrer-policy': 'no-referrer',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  },
});
