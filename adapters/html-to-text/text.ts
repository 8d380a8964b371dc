import { type FormatCallback, htmlToText } from 'html-to-text';

/** A row of a table is a line, its cells stand beside each other. */
const row: FormatCallback = (element, walk, builder) => {
  builder.openBlock({ leadingLineBreaks: 1 });
  walk(element.children, builder);
  builder.closeBlock({ trailingLineBreaks: 1 });
};
const cell: FormatCallback = (element, walk, builder) => {
  walk(element.children, builder);
  builder.addInline('  ', { noWordTransform: true });
};

/** The text part of a mail, from its HTML: links with their address, no pictures, lines not broken. Liquid in it stays as it is. */
export function textOf(html: string): string {
  const text = htmlToText(html, {
    wordwrap: false,
    formatters: { row, cell },
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['\n', ''] } },
      { selector: 'div', options: { leadingLineBreaks: 2, trailingLineBreaks: 2 } },
      { selector: 'tr', format: 'row' },
      { selector: 'td', format: 'cell' },
      ...['h1', 'h2', 'h3'].map((selector) => ({ selector, options: { uppercase: false } })),
    ],
  });
  return `${joinTags(text)
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

/** A line that holds nothing but a tag would leave an empty line behind: the tag goes to the beginning of the next. */
const joinTags = (text: string): string => text.replace(/[^\S\n]+$/gm, '').replace(/^((?:\{%[^%]*%\})+)\n/gm, '$1');
