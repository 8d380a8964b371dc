import { dictionaryPage } from './dictionary-page.ts';
import { shopifyFills } from './shopify-fills.ts';

/** Every file that is made from core's dictionary, by its path in the repository. */
export async function generatedFiles(): Promise<Map<string, string>> {
  return new Map([['docs/ja/data-dictionary.md', dictionaryPage(await shopifyFills())]]);
}
