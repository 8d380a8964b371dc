/** Schemes that run what they carry, however they are spelt: browsers read over blanks and control characters. */
const RUNS = /^(?:javascript|vbscript|data):/i;
const REFERENCES: Record<string, string> = { amp: '&', colon: ':', Tab: '\t', NewLine: '\n' };

/** Whether a link runs something instead of leading somewhere. HTML's references may stand in it. */
export function runsScript(url: string): boolean {
  const plain = url.replace(/&(?:#(\d+)|#x([0-9a-f]+)|([A-Za-z]+));?/gi, (whole, decimal, hex, name) => {
    const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : undefined;
    if (code !== undefined) return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : '';
    return REFERENCES[name] ?? whole;
  });
  return RUNS.test([...plain].filter((one) => one > ' ' && one !== '\u007f').join(''));
}

/** Every address of a mail's HTML that a tap opens. */
export const linksOf = (html: string): string[] =>
  [...html.matchAll(/\s(?:href|action|formaction)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))/gi)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
