/** The pages behind an unsubscribe link: no script, no picture, nothing about the person. */
const frame = (title: string, body: string): string => `<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${title}</title>
<style>
:root { color-scheme: light; }
body { margin: 0; background: #f6f5f2; color: #2b2a27; font: 16px/1.9 "Hiragino Sans", "Noto Sans JP", "Noto Sans JP Variable", "Yu Gothic", Meiryo, sans-serif; }
main { max-width: 30rem; margin: 12vh auto 4rem; padding: 2.5rem 1.75rem; background: #fff; border-radius: 14px; box-shadow: 0 1px 2px rgb(0 0 0 / .05), 0 12px 32px rgb(0 0 0 / .06); }
h1 { margin: 0 0 1rem; font-size: 1.3rem; line-height: 1.5; word-break: auto-phrase; text-wrap: balance; }
p { margin: 0 0 1.25rem; }
button { display: block; width: 100%; padding: .95rem 1rem; border: 0; border-radius: 10px; background: #2f5d50; color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
button:focus-visible { outline: 3px solid #9cc4b6; outline-offset: 2px; }
button.quiet { background: none; color: #2f5d50; text-decoration: underline; font-weight: 400; }
small { display: block; margin-top: 1.5rem; color: #6d6a63; font-size: .85rem; line-height: 1.8; }
@media (max-width: 32rem) { main { margin: 0; min-height: 100vh; border-radius: 0; box-shadow: none; box-sizing: border-box; padding-top: 3.5rem; } }
</style>
</head>
<body><main>${body}</main></body>
</html>`;

/** Asks before it stops: mail scanners open links, people press buttons. */
export const askPage = (): string =>
  frame(
    '配信停止のお手続き',
    `<h1>お知らせメールの配信を停止しますか?</h1>
<p>下のボタンを押すと、このメールアドレスへのお知らせメールをすぐに停止します。</p>
<form method="post"><input type="hidden" name="action" value="unsubscribe"><button type="submit">配信を停止する</button></form>
<small>ご注文の確認や発送のご連絡など、お取引に必要なメールはこれまでどおりお届けします。</small>`,
  );

export const donePage = (): string =>
  frame(
    '配信を停止しました',
    `<h1>配信を停止しました</h1>
<p>お手続きありがとうございました。今後、お知らせメールはお送りしません。</p>
<form method="post"><input type="hidden" name="action" value="resubscribe"><button class="quiet" type="submit">間違えた場合は、配信を再開する</button></form>
<small>すでに送信の手続きに入っていたメールが、行き違いで届くことがあります。ご容赦ください。</small>`,
  );

export const backPage = (): string =>
  frame(
    '配信を再開しました',
    `<h1>配信を再開しました</h1>
<p>これからもお知らせをお届けします。いつでもメールの末尾のリンクから停止できます。</p>
<form method="post"><input type="hidden" name="action" value="unsubscribe"><button class="quiet" type="submit">やはり停止する</button></form>`,
  );

export const unknownPage = (): string =>
  frame(
    'リンクを確認できません',
    `<h1>このリンクは確認できませんでした</h1>
<p>リンクが途中で切れているかもしれません。メールに記載のリンクをもう一度開いていただくか、メールに記載の連絡先までお知らせください。</p>`,
  );
