import { domainToASCII } from 'node:url';

/** Bytes of text in one encoded word: RFC 2047 allows 75 characters with its frame, so 45 bytes before base64. */
const WORD_BYTES = 45;

/**
 * A mailbox as SES takes it: `店 <a@例え.jp>` becomes `=?UTF-8?B?5bqX?= <a@xn--r8jz45g.jp>`.
 * SES has no SMTPUTF8: names need RFC 2047 words, domains punycode, and a local part must be ASCII.
 * Undefined when it is no address that SES could take.
 */
export function encodeMailbox(text: string): string | undefined {
  const written = withoutControls(text).trim();
  const named = /^(.*?)\s*<([^<>]+)>$/.exec(written);
  const address = encodeAddress(named?.[2] ?? written);
  if (address === undefined) return undefined;
  const name = unquoted(named?.[1] ?? '');
  if (name === '') return address;
  return `${encodeName(name)} <${address}>`;
}

/** A bare address as SES takes it; undefined when it can't be one. */
export function encodeAddress(text: string): string | undefined {
  const [, local, domain] = /^([^\s@<>]+)@([^\s@<>]+)$/.exec(text.trim()) ?? [];
  if (local === undefined || domain === undefined || !/^[!-~]+$/.test(local)) return undefined;
  const ascii = domainToASCII(domain);
  return ascii === '' ? undefined : `${local}@${ascii}`;
}

/** Header text without anything that could begin a new header. */
export const withoutControls = (text: string): string => text.replace(/\p{Cc}+/gu, ' ');

const unquoted = (name: string): string =>
  /^".*"$/.test(name) ? name.slice(1, -1).replace(/\\(.)/g, '$1').trim() : name.trim();

function encodeName(name: string): string {
  if (/^[ -~]*$/.test(name)) return `"${name.replace(/["\\]/g, '\\$&')}"`;
  const words: string[] = [];
  let word = '';
  for (const character of name) {
    if (Buffer.byteLength(word + character) > WORD_BYTES) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join(' ');
}
