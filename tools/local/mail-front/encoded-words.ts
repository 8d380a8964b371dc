/** A header's RFC 2047 words as people read them: `=?UTF-8?B?5bqX?= <a@b.jp>` is `店 <a@b.jp>`. UTF-8 only, others stay as they are. */
export function decodeWords(header: string): string {
  return header
    .replaceAll(/(=\?utf-8\?[bq]\?[^?]*\?=)\s+(?==\?utf-8\?[bq]\?)/gi, '$1')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, text: string) => {
      if (kind.toLowerCase() === 'b') return Buffer.from(text, 'base64').toString('utf8');
      const bytes = text.replaceAll('_', ' ').replaceAll(/=([0-9a-f]{2})/gi, (__, hex: string) => `%${hex}`);
      return safeDecode(bytes.replaceAll(/%(?![0-9a-f]{2})/gi, '%25')) ?? text;
    });
}

function safeDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
