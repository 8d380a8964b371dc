import { type Question, type Survey, scaleOf } from '#core/survey/survey.ts';
import { escaped, pageOf } from '#functions/_shared/page.ts';

/** What was given so far, by question. */
export type Given = Readonly<Record<string, string>>;

/** The questions, with what is given filled in. `missing`: required ones that lack an answer. */
export const askPage = ({ name, intro, questions }: Survey, given: Given, missing: readonly string[] = []): string =>
  pageOf(
    name,
    `<h1>${escaped(name)}</h1>
${intro === undefined ? '' : `<p>${lines(intro)}</p>`}
${missing.length === 0 ? '' : '<p class="note" role="alert">「必須」の質問に、まだお答えがありません。</p>'}
<form method="post">
${questions.map((question) => asked(question, Object.hasOwn(given, question.id) ? (given[question.id] ?? '') : '')).join('\n')}
<button type="submit">この内容で回答する</button>
</form>
<small>ご回答はお店の者が読み、よりよいお店づくりに使います。あとから同じリンクで、答えを変えることもできます。</small>`,
  );

function asked(question: Question, given: string): string {
  const { id, title, isRequired } = question;
  const name = escaped(`q.${id}`);
  const legend = `${escaped(title)}${isRequired ? '<i>必須</i>' : ''}`;
  if (question.kind === 'text') {
    return `<fieldset><legend>${legend}</legend><textarea name="${name}" maxlength="2000" aria-label="${escaped(title)}">${escaped(given)}</textarea></fieldset>`;
  }
  const scale = scaleOf(question);
  const options = question.kind === 'choice' ? question.choices : (scale ?? []).map(String);
  const radios = options.map(
    (value) =>
      `<label><input type="radio" name="${name}" value="${escaped(value)}"${value === given ? ' checked' : ''}><span>${escaped(value)}</span></label>`,
  );
  if (question.kind === 'choice')
    return `<fieldset><legend>${legend}</legend><div class="choices">${radios.join('')}</div></fieldset>`;
  const ends = [question.low, question.high];
  const told = ends.some((end) => end !== undefined)
    ? `<p class="ends"><span>${escaped(ends[0] ?? '')}</span><span>${escaped(ends[1] ?? '')}</span></p>`
    : '';
  return `<fieldset><legend>${legend}</legend><div class="scale" style="--steps:${options.length}">${radios.join('')}</div>${told}</fieldset>`;
}

export const thanksPage = ({ name, thanks }: Survey): string =>
  pageOf(name, `<h1>ご回答を受け付けました</h1>\n<p>${lines(thanks)}</p>`);

export const unknownPage = (): string =>
  pageOf(
    'アンケートを確認できません',
    `<h1>このアンケートは確認できませんでした</h1>
<p>リンクが途中で切れているか、アンケートが終わっているかもしれません。お手数ですが、メールや LINE に記載のリンクをもう一度開いてみてください。</p>`,
  );

const lines = (text: string): string => escaped(text).replaceAll('\n', '<br>');
