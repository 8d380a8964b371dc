import { named, record } from './parts.ts';
import type { Schema } from './schema.ts';

const text = (most: number): Schema => ({ type: 'string', minLength: 1, maxLength: most });

/** scenarios/schema/survey.schema.json. */
export const SURVEY: Schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'アンケート',
  description: 'メールや LINE からワンタップで答えられる質問',
  ...record(
    {
      $schema: { type: 'string' },
      id: named('アンケートの名前(id)', '英小文字・数字・ハイフン。例: "nps"', {
        ...text(60),
        pattern: '^[a-z][a-z0-9-]*$',
      }),
      name: named('表示名', '', text(100)),
      intro: named('はじめの文', '', text(500)),
      thanks: named('答えたあとの文', '', text(500)),
      questions: named('質問', '最初の質問は、ワンタップで答えられるもの(nps・satisfaction・choice)にします', {
        type: 'array',
        minItems: 1,
        maxItems: 20,
        items: record(
          {
            id: named('質問の名前(id)', 'アンケートの中で1つだけの名前', text(60)),
            kind: named('種類', 'nps = 0〜10のおすすめ度、satisfaction = 満足度、choice = 選択肢、text = 自由記述', {
              enum: ['nps', 'satisfaction', 'choice', 'text'],
            }),
            title: named('質問文', '', text(200)),
            required: named('必ず答えてもらうか', '', { type: 'boolean' }),
            choices: named('選択肢', 'kind が choice のとき', {
              type: 'array',
              minItems: 2,
              maxItems: 20,
              items: text(60),
            }),
            low: named('低いほうの言葉', 'nps と satisfaction のとき', text(40)),
            high: named('高いほうの言葉', 'nps と satisfaction のとき', text(40)),
          },
          ['id', 'kind', 'title'],
        ),
      }),
    },
    ['id', 'name', 'questions'],
  ),
};
