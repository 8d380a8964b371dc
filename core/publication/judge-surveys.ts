import type { SourceTools } from '../ports/publication.ts';
import { checkSurvey, readBackSurvey } from '../survey/check-survey.ts';
import type { Survey } from '../survey/survey.ts';
import * as say from './bucket-findings.ts';
import { type Before, type BucketFile, parseFile, told, type Verdict } from './verdict.ts';

export type SurveyContent = Omit<Survey, 'version'>;

/** Judges every survey file; one that was published stays when its file is refused or gone, as letters that ask are still out there. */
export function judgeSurveys(
  files: BucketFile[],
  before: Before,
  tools: SourceTools,
  verdicts: Verdict[],
): { file: string; content: SurveyContent }[] {
  const judged = files.map((file) => {
    const parsed = parseFile(file, tools);
    if ('finding' in parsed) return { file, findings: [parsed.finding], id: before.manifest?.sources?.[file.key]?.id };
    return { file, tree: parsed.tree, ...checkSurvey(parsed.tree.value) };
  });
  return judged.flatMap((one) => {
    const { file, findings, id } = one;
    const others = judged.filter((other) => other !== one && other.id !== undefined && other.id === id);
    const keys = others.map((other) => other.file.key);
    const all = others.length > 0 ? [...findings, say.twice(id ?? '', keys)] : findings;
    const verdict = told(file.key, 'survey', all, 'tree' in one ? one.tree : undefined);
    if (id !== undefined) verdict.id = id;
    const survey = 'survey' in one ? one.survey : undefined;
    if (verdict.isAccepted && survey) {
      verdicts.push({ ...verdict, name: survey.name, readBack: readBackSurvey(survey) });
      return [{ file: file.key, content: survey }];
    }
    const keepsEarlier = id !== undefined && before.surveys?.has(id);
    verdicts.push({ ...verdict, isAccepted: false, ...(keepsEarlier ? { keepsEarlier } : {}) });
    return [];
  });
}
