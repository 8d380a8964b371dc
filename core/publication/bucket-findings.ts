import type { Finding, JsonPath } from '../scenario/finding.ts';
import { type Question, scaleOf } from '../survey/survey.ts';

type Said = Pick<Finding, 'message' | 'messageEn' | 'suggestion' | 'suggestionEn'>;
const error = (rule: string, path: JsonPath, said: Said): Finding => ({ level: 'error', rule, path, ...said });

export const notYet = (what: string, whatEn: string): Finding =>
  error('not-yet', [], {
    message: `${what}はまだ使えません。`,
    messageEn: `${whatEn} is not available yet.`,
    suggestion: '今後のバージョンで使えるようになります。置いておいても、何も起きません。',
    suggestionEn: 'It comes with a later release. The file does nothing until then.',
  });

export const misplaced = (where: string): Finding =>
  error('misplaced', [], {
    message: 'この場所と名前のファイルは読まれません。',
    messageEn: 'Nobody reads a file of this name here.',
    suggestion: `${where} に置いてください。`,
    suggestionEn: `Put it to ${where}.`,
  });

export const tooLarge = (bytes: number, most: number): Finding =>
  error('too-large', [], {
    message: `ファイルが大きすぎます(${Math.ceil(bytes / 1000).toLocaleString('ja-JP')}KB)。${most / 1000}KB までです。`,
    messageEn: `The file is too large: at most ${most / 1000} KB.`,
    suggestion: '画像などを埋め込んでいないか確かめ、内容を分けてください。',
    suggestionEn: 'Look for embedded pictures, and split it up.',
  });

/** `others`: the files that say the same. */
export const twice = (id: string, others: string[]): Finding =>
  error('same-id', ['id'], {
    message: `同じ「${id}」が複数のファイルにあります: ${others.join('、')}`,
    messageEn: `Several files have the id "${id}": ${others.join(', ')}.`,
    suggestion: '1つだけ残すか、id を変えてください。それまでは、どのファイルも公開されません。',
    suggestionEn: 'Keep one of them, or change an id. None is published until then.',
  });

export const noZone = (name: string): Finding =>
  error('time-zone', ['timeZone'], {
    message: `タイムゾーン「${name}」はありません。`,
    messageEn: `There is no time zone "${name}".`,
    suggestion: '日本なら "Asia/Tokyo" です。',
    suggestionEn: 'Such as "Asia/Tokyo".',
  });

export const senderOfLive = (scenario: string): Finding =>
  error('sender-of-live', ['sender'], {
    message: `シナリオ「${scenario}」が本番(live)なので、送信者の表示を消すことはできません。`,
    messageEn: `The sender can't be emptied while the scenario "${scenario}" is live.`,
    suggestion: '先にシナリオの status を "paused" にしてください。すぐに全部止めるなら "sending": "stopped" です。',
    suggestionEn: 'Set the scenario to "paused" first, or "sending" to "stopped" to stop everything.',
  });

export const SETTINGS_GONE: Finding = error('settings-gone', [], {
  message: 'settings.json がなくなりました。最後に反映した設定のまま動いています。',
  messageEn: 'settings.json is gone: the settings last published stay in force.',
  suggestion:
    'ファイルを戻してください。最初の設定に戻すなら、{} とだけ書いた settings.json を置いてください。全部止めるなら "sending": "stopped" です。',
  suggestionEn:
    'Put it back. A settings.json that holds {} means the shipped settings; "sending": "stopped" stops all.',
});

export const noUnsubscribe = (template: string, path: JsonPath): Finding =>
  error('no-unsubscribe', path, {
    message: `テンプレート「${template}」のメールに、配信停止のリンクがありません。`,
    messageEn: `The mail of template "${template}" has no unsubscribe link.`,
    suggestion: '販促メールには <a href="{{ links.unsubscribe }}">配信を停止する</a> が必要です(特定電子メール法)。',
    suggestionEn: 'Marketing mail needs <a href="{{ links.unsubscribe }}">.',
  });

export const unsureUnsubscribe = (template: string, path: JsonPath): Finding =>
  error('unsubscribe-unsure', path, {
    message: `テンプレート「${template}」のメールの配信停止のリンクは、だれにでも見えるとは限りません。`,
    messageEn: `Not everybody sees the unsubscribe link in the mail of template "${template}".`,
    suggestion:
      '条件({% if %})・繰り返し({% for %})・コメント(<!-- -->)・見えない要素の外に、<a href="{{ links.unsubscribe }}">配信を停止する</a> と書いてください(特定電子メール法)。',
    suggestionEn:
      'Write <a href="{{ links.unsubscribe }}">unsubscribe</a> outside of any {% if %}, {% for %}, comment or hidden element.',
  });

export const noSender = (template: string, path: JsonPath, lacking: string[]): Finding => ({
  level: 'warning',
  rule: 'no-sender-shown',
  path,
  message: `テンプレート「${template}」のメールに、送信者の表示(${lacking.map((name) => `{{ shop.sender.${name} }}`).join('、')})がありません。`,
  messageEn: `The mail of template "${template}" does not show ${lacking.map((name) => `shop.sender.${name}`).join(', ')}.`,
  suggestion: '特定電子メール法で、事業者の名称と住所の表示が必要です。',
  suggestionEn: 'Japanese law requires the name and address of the sender.',
});

/** Names shown before the rest is only counted. */
const MOST_NAMES = 3;

/** `scenarios`: id and name of those in force that could not send it. */
export const unfitFor = (
  what: 'template' | 'survey',
  scenarios: [id: string, name: string][],
  fault: Finding,
): Finding => {
  const shown = scenarios.slice(0, MOST_NAMES);
  const more = scenarios.length - shown.length;
  return error('unfit-for-scenario', [], {
    message: `今動いているシナリオ${shown.map(([id, name]) => `「${name}」(${id})`).join('')}${more > 0 ? `ほか${more}件` : ''}が、この内容では送れません: ${fault.message}`,
    messageEn: `In force and unable to send this: ${shown.map(([id]) => id).join(', ')}${more > 0 ? ` and ${more} more` : ''}. ${fault.messageEn}`,
    suggestion: `${fault.suggestion ?? ''} シナリオのほうを変えるなら、一緒にアップロードしてください。それまで、この${what === 'template' ? 'テンプレート' : 'アンケート'}は今の版のままです。`,
    suggestionEn: `${fault.suggestionEn ?? ''} Or upload the scenario as it should be, too: both are judged together.`,
  });
};

export const judgedWithEarlier = (template: string, path: JsonPath): Finding => ({
  level: 'warning',
  rule: 'earlier-template',
  path,
  message: `テンプレート「${template}」の新しい内容は公開されていないので、今動いている版で調べました。`,
  messageEn: `The new content of template "${template}" is refused: this was judged beside the version in force.`,
  suggestion: `templates/${template}/ のファイルのレポートを見てください。`,
  suggestionEn: `See the reports of templates/${template}/.`,
});

export const templateGone = (template: string, path: JsonPath): Finding => ({
  level: 'warning',
  rule: 'template-gone',
  path,
  message: `テンプレート「${template}」のファイルがなくなりました。最後に公開した版を使い続けます。`,
  messageEn: `The files of template "${template}" are gone: the last published version goes on being used.`,
  suggestion: '使わないなら、このステップを先に消してください。使うなら、ファイルを戻してください。',
  suggestionEn: 'Delete this step first, or put the files back.',
});

export const segmentGone = (segment: string, path: JsonPath): Finding => ({
  level: 'warning',
  rule: 'segment-gone',
  path,
  message: `セグメント「${segment}」のファイルがなくなりました。最後に公開した条件を使い続けます。`,
  messageEn: `The file of segment "${segment}" is gone: what was last published goes on being used.`,
  suggestion: '使わないなら、ここから先に消してください。使うなら、ファイルを戻してください。',
  suggestionEn: 'Take it out here first, or put the file back.',
});

/** `circle`: the ids in the order in which they ask for each other, the first once more at the end. */
export const segmentCircle = (circle: string[]): Finding =>
  error('segment-circle', ['when'], {
    message: `セグメントの条件がぐるぐる回っています: ${circle.join(' → ')}`,
    messageEn: `The segments ask for each other in a circle: ${circle.join(' -> ')}.`,
    suggestion: 'どれか1つから { "segment": … } を外してください。',
    suggestionEn: 'Take { "segment": ... } out of one of them.',
  });

export const partGone = (name: string): Finding => ({
  level: 'warning',
  rule: 'template-part-gone',
  path: [],
  message: `${name} がなくなりました。最後に公開した内容を使い続けます。`,
  messageEn: `${name} is gone: what was last published goes on being used.`,
  suggestion: 'このチャネルで送らないなら、シナリオの "channels" から外してください。',
  suggestionEn: 'Take the channel out of "channels" in the scenario if it should not be used.',
});

export const surveyButton = (
  template: string,
  path: JsonPath,
  what: string,
  whatEn: string,
  written: string,
): Finding =>
  error('survey-button', path, {
    message: `テンプレート「${template}」の LINE のボタンが、ない${what}「${written}」に答えようとしています。`,
    messageEn: `A LINE button of the template "${template}" answers a ${whatEn} that there is not: "${written}".`,
    suggestion:
      '例: "data": "action=survey.answer&survey=nps&question=score&value=9"。surveys/ のファイルの id と合わせてください。',
    suggestionEn:
      'Such as "action=survey.answer&survey=nps&question=score&value=9", with the ids of a file in surveys/.',
  });

export const surveyTap = (
  template: string,
  path: JsonPath,
  survey: string,
  written: string,
  question: Question,
): Finding => {
  const answers = (question.kind === 'choice' ? question.choices : (scaleOf(question) ?? [])).join('、');
  return error('survey-answer', path, {
    message: `テンプレート「${template}」のリンクが、アンケート「${survey}」の最初の質問にない答え「${written}」を選んでいます。`,
    messageEn: `A link of the template "${template}" picks an answer that the first question of the survey "${survey}" does not have: "${written}".`,
    suggestion: `{{ links.survey.${survey} }} のすぐ後ろに書ける答えは ${answers} です。何も書かなければ、選ばれていないページが開きます。`,
    suggestionEn: `After {{ links.survey.${survey} }} stands one of ${answers}, or nothing.`,
  });
};
