import { sha256 } from '#adapters/crypto/hashes.ts';
import { parseCsv } from '#adapters/csv/parse.ts';
import { japaneseHolidays } from '#adapters/holidays/japan.ts';
import { textOf } from '#adapters/html-to-text/text.ts';
import { decodeText } from '#adapters/jsonc/decode.ts';
import { parseSource } from '#adapters/jsonc/parse.ts';
import { createAnalyser } from '#adapters/liquid/analyse.ts';
import { markdownParts } from '#adapters/markdown/parse.ts';
import { compileMail } from '#adapters/mjml/compile.ts';
import { zoneTable } from '#adapters/zone/zone.ts';
import type { SourceTools } from '#core/ports/publication.ts';

/** The libraries that judge what marketers write: the publisher's, and those of whoever wants the same judgement. */
export const sourceTools: SourceTools = {
  parse: parseSource,
  decode: decodeText,
  compileMail,
  markdown: markdownParts,
  textOf,
  parseCsv,
  analyse: createAnalyser(),
  zone: zoneTable,
  holidays: japaneseHolidays,
  sha256,
};
