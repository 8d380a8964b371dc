import type { Finding } from '#core/scenario/finding.ts';

/** UTF-8 text without its byte order mark, or a finding that names the encoding it seems to be in. */
export function decodeText(bytes: Uint8Array): { text: string } | { finding: Finding } {
  try {
    // A byte order mark is left out by the decoder.
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { finding: encoding(guess(bytes)) };
  }
}

function guess(bytes: Uint8Array): string | undefined {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return 'UTF-16';
  for (const [label, name] of [
    ['shift_jis', 'Shift_JIS'],
    ['euc-jp', 'EUC-JP'],
  ] as const) {
    try {
      new TextDecoder(label, { fatal: true }).decode(bytes);
      return name;
    } catch {
      // The next one is tried.
    }
  }
  return undefined;
}

const encoding = (name: string | undefined): Finding => ({
  level: 'error',
  rule: 'encoding',
  path: [],
  message: `文字コードが UTF-8 ではありません${name === undefined ? '' : `(${name} のようです)`}。`,
  messageEn: `The file is not UTF-8${name === undefined ? '' : ` (it looks like ${name})`}.`,
  suggestion: 'エディタで「UTF-8」を選んで保存し直してください。',
  suggestionEn: 'Save it again as UTF-8.',
});
