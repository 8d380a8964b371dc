import type { Settings } from '../programme.ts';
import type { Finding } from '../scenario/finding.ts';

interface Rule {
  rule: string;
  phrases: RegExp;
  /** Only where a scenario sends it again and again. */
  isOfRepeats?: true;
  why: string;
  whyEn: string;
  instead: string;
  insteadEn: string;
}

const RULES: Rule[] = [
  {
    rule: 'wording-last-chance',
    phrases: /本日限り|本日最終日|今日だけ|本日まで|今だけ|最後のチャンス|残りわずか/g,
    isOfRepeats: true,
    why: 'シナリオは何度も送られるので、事実と違う表示(有利誤認、景品表示法)になるおそれがあります',
    whyEn: 'a scenario sends it again and again, so it is untrue most of the time (Act against Unjustifiable Premiums)',
    instead: '本当の期限を書いてください。クーポンなら {{ coupon.validUntil }} です。',
    insteadEn: 'Write the real limit, such as {{ coupon.validUntil }}.',
  },
  {
    rule: 'wording-alarm',
    phrases: /【(?:緊急|至急|重要|警告)】|緊急のお知らせ/g,
    why: '販促のメッセージでは、受け取った人を驚かせて開かせる表現になり、迷惑メールとしても扱われやすくなります',
    whyEn: 'it frightens people into opening, and mail providers count it as spam',
    instead: '内容がそのまま分かる言葉にしてください。',
    insteadEn: 'Say what it is about.',
  },
  {
    rule: 'wording-medicine',
    phrases:
      /(?:シミ|シワ|しみ|しわ|ニキビ|アトピー|肌荒れ|薄毛|冷え性?|便秘|肩こり|腰痛|不眠)(?:が|を|も)?(?:消え|消し|治|なお[りるし]|なくな|改善|解消)|完治|若返[りるっ]|細胞(?:が|を)?(?:再生|活性)|脂肪(?:が|を)?(?:燃焼|溶か)|(?:必ず|飲むだけで|塗るだけで)(?:痩せ|やせ|効)|免疫力(?:が|を)?(?:アップ|高め|上げ)|(?:がん|癌|血圧|血糖値|糖尿病)(?:に|が|を)(?:効|下が|下げ|治|予防)|副作用(?:が|は)?(?:ない|なし|ありません|ゼロ)|(?:医師|薬剤師|皮膚科医)(?:が|も)?(?:推薦|推奨|おすすめ)|デトックス効果|アンチエイジング/g,
    why: '化粧品・食品では、効能効果や安全性の保証にあたり、薬機法で禁じられているおそれがあります',
    whyEn: 'for cosmetics and food it claims an effect that the Pharmaceuticals and Medical Devices Act forbids',
    instead: '化粧品なら認められた56の効能(「うるおいを与える」「肌を整える」など)の言葉にしてください。',
    insteadEn: 'Use one of the permitted expressions, such as "moisturises the skin".',
  },
  {
    rule: 'wording-superlative',
    phrases:
      /日本一|世界一|業界(?:初|一|最安|No)|地域最安|最安値|(?:満足度|売上|人気)?(?:No\.?|Ｎｏ．?|ナンバー)\s?(?:1|１|ワン)|絶対に?(?:お得|損|満足)|必ず(?:満足|儲か|効果)|100[%%](?:満足|効果)|唯一無二/gi,
    why: '根拠となる調査がなければ、優良誤認・有利誤認(景品表示法)になるおそれがあります',
    whyEn: 'without a survey that proves it, it misleads (Act against Unjustifiable Premiums)',
    instead:
      '根拠(調査機関・時期・範囲)を一緒に書くか、言い方を変えてください。根拠があるなら settings.json の wording.allow に加えてください。',
    insteadEn: 'Name the survey, say it otherwise, or add the phrase to wording.allow in settings.json.',
  },
];

/** What of a template's text should not be said, each with its line and column. `isRepeated`: some scenario sends it. */
export function lintWording(text: string, wording: Settings['wording'], isRepeated: boolean): Finding[] {
  const { add = [], allow = [] } = wording ?? {};
  const found: Finding[] = [];
  const note = (index: number, phrase: string, one: Omit<Rule, 'phrases'>): void => {
    if (
      allow.some((allowed) => spansOf(text, allowed).some(([from, to]) => from <= index && index + phrase.length <= to))
    )
      return;
    const before = text.slice(0, index).split('\n');
    found.push({
      level: 'warning',
      rule: one.rule,
      path: [],
      position: { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
      message: `「${phrase}」と書かれています。${one.why}。`,
      messageEn: `It says "${phrase}": ${one.whyEn}.`,
      suggestion: one.instead,
      suggestionEn: one.insteadEn,
    });
  };
  for (const one of RULES) {
    if (one.isOfRepeats && !isRepeated) continue;
    for (const match of text.matchAll(one.phrases)) note(match.index, match[0], one);
  }
  for (const phrase of add) for (const [from] of spansOf(text, phrase)) note(from, phrase, OWN);
  return found;
}

const OWN = {
  rule: 'wording-own',
  why: 'settings.json の wording.add にある、お店で使わないと決めた言葉です',
  whyEn: 'the shop has decided not to say it (wording.add in settings.json)',
  instead: 'ほかの言い方にするか、wording.add から外してください。',
  insteadEn: 'Say it otherwise, or take it out of wording.add.',
};

function spansOf(text: string, phrase: string): [from: number, to: number][] {
  const spans: [number, number][] = [];
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) spans.push([at, at + phrase.length]);
  return spans;
}
