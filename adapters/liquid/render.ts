import { filters, Liquid, type Template as Parsed } from 'liquidjs';
import { CrmError } from '#core/error.ts';
import { type Instant, toInstant } from '#core/ids.ts';
import { isJson } from '#core/message/line-check.ts';
import { loopOf } from '#core/message/line-loops.ts';
import { forLine } from '#core/message/line-pictures.ts';
import { linksOf, runsScript } from '#core/message/link-scheme.ts';
import type { Template, ZoneTable } from '#core/programme.ts';
import { localDate, localTime, offsetMinutes } from '#core/time/zone.ts';

/** A mail ready to go. */
export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}

/** A template may not keep a function busy: liquidjs counts characters, milliseconds and items. */
const LIMITS = { parseLimit: 2_000_000, renderLimit: 2000, memoryLimit: 20_000_000 };
/** Parsed templates kept warm: re-parsing takes four times the rendering. */
const KEPT = 200;

export interface Renderer {
  /** Errors: bad-input when the template can't be filled in for this person; the text names the template, never the person. */
  mail(template: Template, variables: object): RenderedMail;
  line(template: Template, variables: object): unknown[];
  /** A letter's cells, each one line. */
  postal(template: Template, variables: object): string[];
}

/** Fills in Liquid; everything is escaped for HTML in a mail's HTML, and for nothing else anywhere else. */
export function createRenderer(options: { zone: () => ZoneTable; currency: () => string }): Renderer {
  const html = engineOf(options, true);
  const plain = engineOf(options, false);
  const parsed = new Map<string, Parsed[]>();

  const fill = (engine: Liquid, key: string, source: string, variables: object): string => {
    let template = parsed.get(key);
    if (template === undefined) {
      template = engine.parse(source);
      if (parsed.size >= KEPT) parsed.delete(parsed.keys().next().value ?? '');
    } else parsed.delete(key);
    parsed.set(key, template);
    return engine.renderSync(template, variables) as string;
  };

  return {
    mail(template, variables) {
      const { mail } = template;
      if (!mail) throw new CrmError('bad-input', `template ${template.id} has no mail`);
      const name = `${template.id}#${template.version}#`;
      return guarded(template, () => ({
        subject: fill(plain, `${name}subject`, mail.subject, variables).replace(/\s+/g, ' ').trim(),
        html: harmless(fill(html, `${name}html`, mail.html, variables)),
        text: tidied(fill(plain, `${name}text`, mail.text, variables)),
      }));
    },
    line(template, variables) {
      const { line } = template;
      if (!line) throw new CrmError('bad-input', `template ${template.id} has no LINE message`);
      const filled = (source: string, place: string, seen: object) =>
        fill(plain, `${template.id}#${template.version}#line${place}`, source, seen);
      const walk = (value: unknown, place: string, seen: object): unknown => {
        if (typeof value === 'string') return value.includes('{') ? filled(value, place, seen) : value;
        if (Array.isArray(value))
          return value.flatMap((one, i) => each(one, `${place}/${i}`, seen)).filter((one) => !isEmptyText(one));
        if (!isJson(value)) return value;
        const own = Object.entries(value).filter(([key]) => key !== 'for' && key !== 'if');
        return Object.fromEntries(
          own.flatMap(([key, inner]) => {
            const at = `${place}/${key}`;
            return isLeftOut(inner, at, seen) ? [] : [[key, walk(inner, at, seen)]];
          }),
        );
      };
      const isLeftOut = (value: unknown, place: string, seen: object): boolean =>
        isJson(value) &&
        typeof value.if === 'string' &&
        filled(`{% if ${value.if} %}1{% endif %}`, `${place}/if`, seen) === '';
      /** An entry of a list: once for each of what its `for` names, and only where its `if` holds. */
      const each = (value: unknown, place: string, seen: object): unknown[] => {
        const loop = isJson(value) ? loopOf(value.for) : undefined;
        if (!loop) return isLeftOut(value, place, seen) ? [] : [walk(value, place, seen)];
        const list: unknown = plain.evalValueSync(loop.list, seen);
        return (Array.isArray(list) ? list : [])
          .slice(0, loop.limit)
          .map((entry) => ({ ...seen, [loop.name]: entry }))
          .filter((inside) => !isLeftOut(value, place, inside))
          .map((inside) => walk(value, place, inside));
      };
      return guarded(template, () => walk(line.messages, '', forLine(variables)) as unknown[]);
    },
    postal(template, variables) {
      const { postal } = template;
      if (!postal) throw new CrmError('bad-input', `template ${template.id} has no letter`);
      const name = `${template.id}#${template.version}#postal`;
      return guarded(template, () =>
        postal.cells.map((cell, i) =>
          fill(plain, `${name}${i}`, cell, variables)
            .replace(/[\r\n\t]+/g, ' ')
            .trim(),
        ),
      );
    },
  };
}

/** A text in a list that came out empty: LINE would refuse the whole message for it. */
const isEmptyText = (value: unknown): boolean =>
  isJson(value) && (value.type === 'text' || value.type === 'span') && value.text === '';

/** An address that an event brought may not run anything. */
function harmless(html: string): string {
  if (linksOf(html).some(runsScript)) throw new TypeError('a link would run a script');
  return html;
}

/** Without the empty lines that conditions leave behind. */
const tidied = (text: string): string => text.replace(/[^\S\n]+$/gm, '').replace(/\n{3,}/g, '\n\n');

function guarded<T>(template: Template, render: () => T): T {
  try {
    return render();
  } catch (cause) {
    throw new CrmError('bad-input', `template ${template.id} could not be filled in`, { cause });
  }
}

/** The Liquid that templates may use: standard tags and filters but `raw`, `date` by the shop's clock, `money` and `jdate`; no files. */
export function engineOf(options: { zone: () => ZoneTable; currency: () => string }, isHtml: boolean): Liquid {
  const engine = new Liquid({
    ...LIMITS,
    ...(isHtml ? { outputEscape: 'escape' as const } : {}),
    strictFilters: true,
    ownPropertyOnly: true,
    relativeReference: false,
    templates: {},
    locale: 'ja',
  });
  // What customers wrote of themselves would be markup of the mail.
  delete engine.filters.raw;
  const plainDate = filters.date;
  if (typeof plainDate !== 'function') throw new TypeError('liquidjs has no date filter');
  engine.registerFilter('date', function (value: unknown, format?: string) {
    // A function's own clock is UTC, not the shop's. A plain day belongs to no zone.
    const at = typeof value === 'string' ? toInstant(value) : undefined;
    const minutes = at === undefined ? 0 : offsetMinutes(options.zone(), at);
    return plainDate.call(this, value, format ?? '%Y年%-m月%-d日', -minutes);
  });
  engine.registerFilter('money', (minor: unknown, currency?: string) => money(minor, currency ?? options.currency()));
  engine.registerFilter('jdate', (value: unknown, form?: string) => japaneseDate(value, options.zone(), form));
  return engine;
}

/** Minor units in the shop's words: `3980` JPY is `3,980円`, others by their ISO code (`1,234.50 GBP`). */
export function money(minor: unknown, currency: string): string {
  const amount = typeof minor === 'number' ? minor : Number.NaN;
  if (!Number.isFinite(amount)) return '';
  if (currency === 'JPY') return `${new Intl.NumberFormat('ja-JP').format(amount)}円`;
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const value = new Intl.NumberFormat('en', { minimumFractionDigits: digits }).format(amount / 10 ** digits);
  return `${value} ${currency}`;
}

/** `11月24日(火)`; with `long` the year too, with `time` the hour. Empty when it is no date. */
export function japaneseDate(value: unknown, zone: ZoneTable, form = 'short'): string {
  if (typeof value !== 'string') return '';
  const at: Instant | undefined = toInstant(value);
  const day = at ? localDate(zone, at) : /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined;
  if (day === undefined) return '';
  const [year, month, date] = day.split('-').map(Number);
  const weekday = '日月火水木金土'[new Date(`${day}T00:00:00.000Z`).getUTCDay()];
  const plain = `${month}月${date}日(${weekday})`;
  if (form === 'long') return `${year}年${plain}`;
  return form === 'time' && at ? `${plain} ${localTime(zone, at)}` : plain;
}
