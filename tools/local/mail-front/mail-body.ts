import type { Mail } from './mail-store.ts';

const FAMILY = 'Noto Sans JP Variable';

/**
 * A mail's HTML as the inbox shows it: links go by way of the front, so that a click is told as SES tells it; a pixel tells the opening;
 * Noto Sans JP goes before the mail's own fonts, so that Japanese is drawn on a machine without fonts.
 */
export function shownBody(mail: Mail, base: string): string {
  const html = mail.html || `<pre style="white-space: pre-wrap">${escaped(mail.text)}</pre>`;
  const links = linksOf(mail);
  const body = html
    .replaceAll(/<a\b[^>]*>/gi, (tag) => (isTracked(tag) ? throughFront(tag, links, base, mail.sesId) : outside(tag)))
    .replaceAll(/<style\b[^>]*>[\s\S]*?<\/style>|\bstyle\s*=\s*("[^"]*"|'[^']*')/gi, withOurFont);
  const head = `<link rel="stylesheet" href="${base}/font/wght.css"><style>html{font-family:${FAMILY},sans-serif}</style>`;
  const pixel = `<img src="${base}/front/messages/${mail.sesId}/open.gif" alt="" width="1" height="1">`;
  return /<head\b[^>]*>/i.test(body)
    ? `${body.replace(/<head\b[^>]*>/i, (tag) => tag + head)}${pixel}`
    : `<!doctype html><html lang="ja"><head><meta charset="utf-8">${head}</head><body>${body}${pixel}</body></html>`;
}

/** Our font first in each list: behind another family Chromium leaves some runs of Japanese as boxes, even when the font is there. */
const withOurFont = (styles: string): string =>
  styles
    .replaceAll(/\b(font-family\s*:\s*)(?!\s|inherit|initial|unset|revert)/gi, `$1${FAMILY}, `)
    // The shorthand names families after the size.
    .replaceAll(/\b(font\s*:[^;}"'<]*?\d(?:px|pt|em|rem|%)(?:\s*\/\s*[\d.]+(?:px|em|%)?)?\s+)/gi, `$1${FAMILY}, `);

/** The addresses a mail's links lead to, in order, each once. */
export function linksOf(mail: Mail): string[] {
  const found = [...mail.html.matchAll(/<a\b[^>]*>/gi)].map(([tag]) => hrefOf(tag));
  return [...new Set(found.filter((href) => /^https?:/i.test(href)))];
}

/** SES follows every http link but those marked `ses:no-track`. */
const isTracked = (tag: string): boolean => !/\bses:no-track\b/i.test(tag) && /^https?:/i.test(hrefOf(tag));

const hrefOf = (tag: string): string => {
  const [, double, single, bare] = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(tag) ?? [];
  return unescaped((double ?? single ?? bare ?? '').trim());
};

const outside = (tag: string): string =>
  tag
    .replace(/^<a\b/i, '<a target="_blank" rel="noopener noreferrer"')
    .replaceAll(/\starget\s*=\s*"(?!_blank)[^"]*"/gi, '');

function throughFront(tag: string, links: string[], base: string, sesId: string): string {
  const target = `${base}/front/messages/${sesId}/click?link=${links.indexOf(hrefOf(tag))}`;
  return outside(tag.replace(/\bhref\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/i, `href="${target}"`));
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const unescaped = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
