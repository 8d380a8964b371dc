import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asInstant } from '#core/ids.ts';
import type { Programme, Settings } from '#core/programme.ts';
import type { Report } from '#core/publication/report.ts';
import type { Scenario } from '#core/scenario/scenario.ts';
import type { Segment } from '#core/segment/segment.ts';
import { createHandler } from '#functions/publish-programme/handler.ts';
import { SETTINGS } from './builders.ts';
import { FakeClock } from './fakes/clock.ts';
import { FakeBucket, FakePublishedStore, theTools } from './fakes/publication.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/scenario-examples');

/** One of the design's scenario files, as it stands. */
export const exampleText = (name: string): string => readFileSync(join(FOLDER, `${name}.jsonc`), 'utf8');

interface Beside {
  settings?: Partial<Settings>;
  segments?: { id: string; when: object }[];
  /** What the templates say beside a greeting. */
  words?: string;
  /** How the copy differs from the file. */
  change?: (text: string) => string;
}

/** Publishes an example beside the smallest templates it needs, live. */
export async function publishExample(
  name: string,
  { settings = {}, segments = [], words = '', change = (text) => text }: Beside = {},
): Promise<{ programme: Programme; report: Report }> {
  const text = change(exampleText(name));
  const bucket = new FakeBucket();
  const store = new FakePublishedStore();
  bucket.upload('settings.json', { ...SETTINGS, ...settings });
  for (const segment of segments) bucket.upload(`segments/${segment.id}.json`, { name: segment.id, ...segment });
  for (const [, template] of text.matchAll(/"template": "([^"]+)"/g)) {
    bucket.upload(`templates/${template}/mail.mjml`, mailOf(words));
    bucket.upload(`templates/${template}/line.json`, { messages: [{ type: 'text', text: `こんにちは${words}` }] });
    bucket.upload(
      `templates/${template}/postal.csv`,
      `住所,氏名,文\n{{ customer.address1 }},{{ customer.name }} 様,こんにちは${words}\n`,
    );
  }
  bucket.upload(`scenarios/${name}.jsonc`, text.replace('"status": "rehearsal"', '"status": "live"'));
  await createHandler({
    bucket,
    store,
    tools: theTools,
    clock: new FakeClock(asInstant('2020-01-01T00:00:00.000Z')),
    spread: { put: async () => undefined },
    effectDelaySeconds: 0,
    pause: async () => undefined,
  })();
  const programme: Programme = {
    manifest: store.current!,
    scenario: (id, version) => store.versions.get(`scenario ${id} ${version}`) as Scenario | undefined,
    segment: (id, version) => store.versions.get(`segment ${id} ${version}`) as Segment | undefined,
  };
  return { programme, report: bucket.report(`scenarios/${name}.jsonc`) };
}

const mailOf = (words: string): string => `---
件名: こんにちは
プリヘッダー: こんにちは
---
<mjml><mj-body><mj-section><mj-column><mj-text>こんにちは${words}</mj-text>
<mj-text><a href="{{ links.unsubscribe }}">配信を停止する</a> {{ shop.sender.legalName }} {{ shop.sender.postalAddress }}</mj-text>
</mj-column></mj-section></mj-body></mjml>`;
