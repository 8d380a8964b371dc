import type { MarkdownPart, MarkdownWords } from '../ports/publication.ts';
import type { MailBlock } from './markdown-blocks.ts';
import type { SourceLine } from './source-lines.ts';

/** A mail.md's blocks as MJML between the shop's own header and footer; looks come from the shared block `style`. */
export function mjmlOf(
  blocks: readonly MailBlock[],
  frame: { header?: string; footer?: string; line: number },
): SourceLine[] {
  const { header, footer, line } = frame;
  const include = (name: string): string => `<mj-include path="../_blocks/${name}.mjml" />`;
  const at = (text: string): SourceLine => ({ text, line });
  return [
    at('<mjml lang="ja">'),
    at('<mj-head>'),
    at(include('style')),
    at('</mj-head>'),
    at('<mj-body>'),
    ...(header === undefined ? [] : [at(include(header))]),
    at('<mj-section mj-class="sheet">'),
    at('<mj-column>'),
    ...blocks.flatMap((block) => elements(block).map((text): SourceLine => ({ text, line: block.line }))),
    at('</mj-column>'),
    at('</mj-section>'),
    ...(footer === undefined ? [] : [at(include(footer))]),
    at('</mj-body>'),
    at('</mjml>'),
  ];
}

function elements(block: MailBlock): string[] {
  switch (block.kind) {
    case 'text':
      return ofText(block.part);
    case 'tag':
      return [`<mj-raw>${block.tag}</mj-raw>`];
    case 'image': {
      const link = block.link === undefined ? '' : ` href="${attribute(block.link)}"`;
      return [`<mj-image mj-class="picture" src="${attribute(block.url)}" alt="${attribute(block.alt)}"${link} />`];
    }
    case 'button':
      return [`<mj-button mj-class="button" href="${attribute(block.url)}">${html(block.label)}</mj-button>`];
    case 'product':
      return ['<mj-include path="../_blocks/product-card.mjml" />'];
    case 'products':
      return [
        `<mj-raw>{% for product in ${block.list}${block.count === undefined ? '' : ` limit: ${block.count}`} %}</mj-raw>`,
        '<mj-include path="../_blocks/product-card.mjml" />',
        '<mj-raw>{% endfor %}</mj-raw>',
      ];
    case 'items':
      return ofItems(block.list, block.title);
    case 'coupon':
      return [
        '<mj-table mj-class="coupon">',
        `<tr><td style="border: 1px solid #8a6d3b; border-radius: 6px; padding: 22px 20px; text-align: center">`,
        block.title === '' ? '' : `<div style="font-size: 14px; padding-bottom: 8px">${html(block.title)}</div>`,
        '<div style="font-size: 24px; font-weight: 600; letter-spacing: 3px">{{ coupon.code }}</div>',
        '{% if coupon.validUntil %}<div style="font-size: 13px; color: #6d6a63; padding-top: 8px">{{ coupon.validUntil | jdate: "long" }}まで</div>{% endif %}',
        '</td></tr>',
        '</mj-table>',
      ].filter((one) => one !== '');
  }
}

/** A list of an order's or a cart's items, five of them. */
const ofItems = (list: string, title: string): string[] => [
  `<mj-raw>{% if ${list}.size > 0 %}</mj-raw>`,
  ...(title === '' ? [] : [`<mj-text mj-class="label">${html(title)}</mj-text>`]),
  '<mj-table mj-class="items">',
  `{% for item in ${list} limit: 5 %}`,
  '<tr style="border-top: 1px solid #e9e4d8">',
  '<td style="padding: 11px 0">{{ item.name }}</td>',
  '<td style="padding: 11px 0 11px 16px; text-align: right; white-space: nowrap; color: #6d6a63">{{ item.quantity }}点</td>',
  '</tr>',
  '{% endfor %}',
  `{% if ${list}.size > 5 %}`,
  `<tr style="border-top: 1px solid #e9e4d8"><td style="padding: 11px 0; color: #6d6a63">ほか {{ ${list}.size | minus: 5 }}品</td><td></td></tr>`,
  '{% endif %}',
  '</mj-table>',
  '<mj-raw>{% endif %}</mj-raw>',
];

function ofText(part: Exclude<MarkdownPart, { kind: 'other' | 'image' }>): string[] {
  switch (part.kind) {
    case 'heading':
      return [
        `<mj-text mj-class="${part.level === 1 ? 'heading' : 'subheading'}" css-class="head">${inline(part.words)}</mj-text>`,
      ];
    case 'paragraph':
      return [`<mj-text>${inline(part.words)}</mj-text>`];
    case 'quote':
      return [
        `<mj-text mj-class="quote"><div style="border-left: 3px solid #cfc8b8; padding-left: 16px">${inline(part.words)}</div></mj-text>`,
      ];
    case 'list': {
      const tag = part.start === undefined ? 'ul' : 'ol';
      const start = part.start === undefined || part.start === 1 ? '' : ` start="${part.start}"`;
      const items = part.items.map((words) => `<li style="padding: 0 0 6px">${inline(words)}</li>`);
      return [`<mj-text><${tag}${start} style="margin: 0; padding: 0 0 0 22px">${items.join('')}</${tag}></mj-text>`];
    }
    case 'rule':
      return ['<mj-divider mj-class="rule" />'];
  }
}

const inline = (words: readonly MarkdownWords[]): string =>
  words
    .map(({ text, isBold, isItalic, isStruck, link }) => {
      let shown = html(text);
      if (isStruck) shown = `<s>${shown}</s>`;
      if (isItalic) shown = `<em>${shown}</em>`;
      if (isBold) shown = `<strong>${shown}</strong>`;
      return link === undefined ? shown : `<a href="${attribute(link)}">${shown}</a>`;
    })
    .join('');

const LIQUID = /(\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\})/;
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Words as HTML; Liquid is none of them. */
const html = (text: string): string =>
  text
    .split(LIQUID)
    .map((piece, i) =>
      i % 2 === 1 ? piece : piece.replace(/[&<>"]/g, (one) => ESCAPES[one] ?? one).replace(/\n/g, '<br />'),
    )
    .join('');

/** Liquid's own quotation marks would end the attribute: it takes the other kind. */
const attribute = (text: string): string =>
  text
    .split(LIQUID)
    .map((piece, i) =>
      i % 2 === 1 ? piece.replace(/"/g, "'") : piece.replace(/[&<>"]/g, (one) => ESCAPES[one] ?? one),
    )
    .join('');
