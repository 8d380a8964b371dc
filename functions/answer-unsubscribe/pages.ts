import { pageOf } from '#functions/_shared/page.ts';

/** Asks before it stops: mail scanners open links, people press buttons. */
export const askPage = (): string =>
  pageOf(
    '配信停止のお手続き',
    `<h1>お知らせメールの配信を停止しますか?</h1>
<p>下のボタンを押すと、このメールアドレスへのお知らせメールをすぐに停止します。</p>
<form method="post"><input type="hidden" name="action" value="unsubscribe"><button type="submit">配信を停止する</button></form>
<small>ご注文の確認や発送のご連絡など、お取引に必要なメールはこれまでどおりお届けします。</small>`,
  );

export const donePage = (): string =>
  pageOf(
    '配信を停止しました',
    `<h1>配信を停止しました</h1>
<p>お手続きありがとうございました。今後、お知らせメールはお送りしません。</p>
<form method="post"><input type="hidden" name="action" value="resubscribe"><button class="quiet" type="submit">間違えた場合は、配信を再開する</button></form>
<small>すでに送信の手続きに入っていたメールが、行き違いで届くことがあります。ご容赦ください。</small>`,
  );

export const backPage = (): string =>
  pageOf(
    '配信を再開しました',
    `<h1>配信を再開しました</h1>
<p>これからもお知らせをお届けします。いつでもメールの末尾のリンクから停止できます。</p>
<form method="post"><input type="hidden" name="action" value="unsubscribe"><button class="quiet" type="submit">やはり停止する</button></form>`,
  );

export const unknownPage = (): string =>
  pageOf(
    'リンクを確認できません',
    `<h1>このリンクは確認できませんでした</h1>
<p>リンクが途中で切れているかもしれません。メールに記載のリンクをもう一度開いていただくか、メールに記載の連絡先までお知らせください。</p>`,
  );
