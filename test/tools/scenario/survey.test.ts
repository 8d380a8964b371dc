import { expect, test } from '@jest/globals';
import type { Survey } from '#core/survey/survey.ts';
import { SurveyCount } from '#core/survey/tally.ts';
import { sayTally } from '#tools/scenario/survey.ts';

const SURVEY: Survey = {
  id: 'nps',
  version: 1,
  name: 'アンケート',
  thanks: '',
  questions: [
    { id: 'good', title: '良かったところ', isRequired: false, kind: 'choice', choices: ['品質', 'その他', 'A'] },
  ],
};

test('bars stand under one another however long the answers are', () => {
  const count = new SurveyCount(SURVEY);
  for (const good of ['品質', '品質', 'A']) count.add({ sentAt: '2026', answers: { good } });
  count.add({ sentAt: '2026', answers: {} });
  expect(sayTally(SURVEY, count.tally)).toEqual([
    '「アンケート」: 4通を送り、3件の回答(回答率 75.0%)',
    '',
    '良かったところ — 3件',
    `    品質 ${'█'.repeat(30)} 2`,
    '  その他  0',
    `       A ${'█'.repeat(15)} 1`,
  ]);
});
