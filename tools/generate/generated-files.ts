import { dictionaryPage } from './dictionary-page.ts';
import { SCENARIO, SEGMENT } from './schema/scenario.ts';
import { SETTINGS } from './schema/settings.ts';
import { SURVEY } from './schema/survey.ts';
import { shopifyFills } from './shopify-fills.ts';

const json = (value: object): string => `${JSON.stringify(value)}\n`;

/** Every file that is made from core's dictionary, by its path in the repository. */
export async function generatedFiles(): Promise<Map<string, string>> {
  return new Map([
    ['docs/ja/data-dictionary.md', dictionaryPage(await shopifyFills())],
    ['scenarios/schema/scenario.schema.json', json(SCENARIO)],
    ['scenarios/schema/segment.schema.json', json(SEGMENT)],
    ['scenarios/schema/settings.schema.json', json(SETTINGS)],
    ['scenarios/schema/survey.schema.json', json(SURVEY)],
  ]);
}
