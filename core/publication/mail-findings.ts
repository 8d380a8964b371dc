import type { Finding, Position } from '../scenario/finding.ts';

const mailFinding = (
  level: Finding['level'],
  rule: string,
  position: Position | undefined,
  said: Pick<Finding, 'message' | 'messageEn' | 'suggestion' | 'suggestionEn'>,
): Finding => ({ level, rule, path: [], ...(position ? { position } : {}), ...said });

/** What mjml says of its own language. */
export const mjmlFault = (fault: { message: string }): Finding =>
  mailFinding('error', 'mjml', undefined, {
    message: `MJML の書き方が正しくありません: ${fault.message}`,
    messageEn: `MJML: ${fault.message}`,
    suggestion: /invalid value: .*[{]/.test(fault.message)
      ? '色・幅・余白の属性には差し込み({{ … }})を使えません。値を直接書いてください。'
      : '要素と属性の名前は https://documentation.mjml.io/ で確かめられます。',
    suggestionEn: 'See https://documentation.mjml.io/. Liquid may not stand in color, width or padding.',
  });

/** An element without its other half. */
export const leftOpen = ({ tag, isOpen }: { tag: string; isOpen: boolean }): Finding => {
  const other = isOpen ? tag.replace('<', '</') : tag.replace('</', '<');
  return mailFinding('error', 'mjml-unclosed', undefined, {
    message: isOpen ? `${tag} が閉じられていません。` : `${tag} がありますが、対になる ${other} がありません。`,
    messageEn: isOpen ? `${tag} is not closed.` : `${tag} closes what was not open.`,
    suggestion: isOpen
      ? `中身の終わりに ${other} を書いてください(中身がなければ <… /> と書けます)。`
      : `${tag} を消すか、手前に ${other} を書いてください。`,
    suggestionEn: isOpen ? `Write ${other} where it ends.` : `Delete it, or write ${other} before it.`,
  });
};

/** Liquid that mjml leaves out without a word. */
export const liquidLost = (tag: string | undefined): Finding =>
  mailFinding('error', 'liquid-lost', undefined, {
    message: `${tag ?? '差し込み'} は、この場所では変換のときに消えてしまいます。`,
    messageEn: `${tag ?? 'Liquid'} is lost when the mail is compiled.`,
    suggestion: `<mj-section> や <mj-text> などの要素のあいだに置くときは <mj-raw>${tag ?? '{% … %}'}</mj-raw> と囲んでください。`,
    suggestionEn: `Between MJML elements write <mj-raw>${tag ?? '{% ... %}'}</mj-raw>.`,
  });

export const LOST_IN_TEXT = mailFinding('error', 'liquid-lost-in-text', undefined, {
  message: 'テキスト版のメールを作るときに {% … %} の一部が消えてしまいます。',
  messageEn: 'Some {% %} is lost in the text part.',
  suggestion: '{% if %} や {% for %} は、style や属性の中ではなく、本文の中に置いてください。',
  suggestionEn: 'Put {% if %} and {% for %} into the text, not into styles or attributes.',
});

export const noPreview = (position: Position): Finding =>
  mailFinding('error', 'mjml-preview', position, {
    message: '<mj-preview> は使いません。',
    messageEn: '<mj-preview> is not used.',
    suggestion: '先頭の「プリヘッダー:」に書いてください。',
    suggestionEn: 'Write it as "プリヘッダー:" in the head.',
  });

export const tooLong = (bytes: number): Finding =>
  mailFinding('warning', 'mail-too-long', undefined, {
    message: `メールが長すぎます(約${Math.round(bytes / 1000)}KB)。Gmail では途中で切られ、配信停止リンクが見えなくなります。`,
    messageEn: 'Gmail cuts mails at 102 KB: the unsubscribe link would be hidden.',
    suggestion: '内容を減らしてください。',
    suggestionEn: 'Make it shorter.',
  });

export const NO_PREHEADER = mailFinding(
  'warning',
  'no-preheader',
  { line: 1, column: 1 },
  {
    message: 'プリヘッダーがありません。受信一覧で、件名のあとに本文の書き出しがそのまま出ます。',
    messageEn: 'There is no preheader: inboxes show the first words of the mail instead.',
    suggestion: '件名の次の行に「プリヘッダー: …」と、続きを読みたくなる一文を書いてください。',
    suggestionEn: 'Write "プリヘッダー: ..." below the subject.',
  },
);

export const badScheme = (url: string, position: Position): Finding =>
  mailFinding('error', 'link-scheme', position, {
    message: `リンク先「${url.slice(0, 60)}」は使えません。`,
    messageEn: `A link may not go to "${url.slice(0, 60)}".`,
    suggestion: 'https:// で始まるアドレスを書いてください(mailto: と tel: も使えます)。',
    suggestionEn: 'Write an https:// address (mailto: and tel: will do as well).',
  });

export const TWO_MAILS = mailFinding(
  'error',
  'two-mails',
  { line: 1, column: 1 },
  {
    message: 'mail.md と mail.mjml の両方があります。',
    messageEn: 'There are both a mail.md and a mail.mjml.',
    suggestion: 'どちらか1つにしてください。それまで、どちらも公開されません。',
    suggestionEn: 'Keep one. None is published until then.',
  },
);
