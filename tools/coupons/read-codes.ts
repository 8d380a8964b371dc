import { parseCsv } from '#adapters/csv/parse.ts';
import { decodeText } from '#adapters/jsonc/decode.ts';
import { CrmError } from '#core/error.ts';

const LONGEST = 100;
const MOST = 1_000_000;
/** Faults told; whoever mends five sees the pattern. */
const TOLD = 5;
const HEADS = /^(code|codes|coupon|coupon ?code|コード|クーポン|クーポンコード|番号)$/i;

/**
 * The codes of a file, one a line or in the first column of a CSV, in order. `known`: those the pool has; `others`: those of other pools.
 * Errors: bad-input, all faults at once.
 */
export function readCodes(
  bytes: Uint8Array,
  known: Iterable<string> = [],
  others: Iterable<[pool: string, codes: string[]]> = [],
): string[] {
  const decoded = decodeText(bytes);
  if ('finding' in decoded) {
    const { message, suggestion } = decoded.finding;
    throw new CrmError(
      'bad-input',
      `${message}${suggestion ?? ''}Excelでは「CSV UTF-8(コンマ区切り)」で保存できます。`,
    );
  }
  const rows = rowsOf(decoded.text);
  const first = rows[0] && HEADS.test(rows[0].code) ? 1 : 0;
  const taken = new Map<string, string>();
  for (const [pool, theirs] of others)
    for (const code of theirs)
      taken.set(nameOf(code), `「${pool}」に登録されています。1つのコードを2人に渡すことになります`);
  for (const code of known) taken.set(nameOf(code), 'すでに登録されています');
  const codes: string[] = [];
  const faults: string[] = [];
  for (const { code, line } of rows.slice(first)) {
    const fault = taken.get(nameOf(code)) ?? faultOf(code);
    if (fault === undefined) {
      taken.set(nameOf(code), `${line}行目と同じコードです`);
      codes.push(code);
    } else faults.push(`${line}行目: ${fault}`);
  }
  if (faults.length > 0) {
    const more = faults.length > TOLD ? `\n…ほか${faults.length - TOLD}件` : '';
    throw new CrmError(
      'bad-input',
      `何も登録していません。次の行を直してください。\n${faults.slice(0, TOLD).join('\n')}${more}`,
    );
  }
  if (codes.length === 0) throw new CrmError('bad-input', 'コードが1つもありません。1行に1つずつ書いてください。');
  if (codes.length > MOST)
    throw new CrmError('bad-input', `一度に登録できるのは${MOST.toLocaleString('ja-JP')}件までです。`);
  return codes;
}

function rowsOf(text: string): { code: string; line: number }[] {
  const read = parseCsv(text);
  if ('rows' in read)
    return read.rows.map(({ cells, line }) => ({ code: cells[0] ?? '', line })).filter(({ code }) => code !== '');
  throw new CrmError(
    'bad-input',
    `${read.fault.line}行目がCSVとして読めません。引用符(")が閉じているか確かめてください。`,
  );
}

function faultOf(code: string): string | undefined {
  if (code.length > LONGEST) return `コードが長すぎます(${LONGEST}文字まで)`;
  if (/\s|\p{Cc}/u.test(code)) return 'コードの途中に空白があります';
  return /\uFFFD/.test(code) ? '文字化けしています' : undefined;
}

/** Carts take small letters for capitals: two codes that differ in nothing else are one. */
const nameOf = (code: string): string => code.normalize('NFKC').toUpperCase();
