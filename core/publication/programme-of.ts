import type { Instant } from '../ids.ts';
import type { Programme } from '../programme.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { wordQuestionsOf } from '../survey/survey.ts';
import type { Judgement } from './judge-bucket.ts';
import { nextManifest } from './next-manifest.ts';

/** What would be in force if a judged folder were the first thing ever published: every accepted file as version 1, from `effectiveAt` on. */
export function programmeOf(judgement: Judgement, holidays: string[], effectiveAt: Instant): Programme {
  const scenarios = new Map<string, Scenario>();
  for (const { content } of judgement.scenarios) scenarios.set(content.id, { ...content, version: 1 });
  const manifest = nextManifest(
    undefined,
    {
      settings: judgement.settings,
      zone: judgement.zone,
      holidays,
      scenarios: judgement.scenarios.map(({ content, control }) => ({ id: content.id, version: 1, control })),
      keptScenarios: [],
      templates: judgement.templates.map(({ content }) => ({ id: content.id, version: 1 })),
      surveys: judgement.surveys.map(({ content }) => ({
        id: content.id,
        version: 1,
        wordQuestions: wordQuestionsOf(content),
      })),
      segments: judgement.segments.map(({ content }) => ({ id: content.id, version: 1 })),
      keptSegments: [],
      sources: {},
    },
    effectiveAt,
    effectiveAt,
  );
  const segments = new Map(judgement.segments.map(({ content }) => [content.id, { ...content, version: 1 }]));
  return {
    manifest,
    scenario: (id, version) => (version === 1 ? scenarios.get(id) : undefined),
    segment: (id, version) => (version === 1 ? segments.get(id) : undefined),
  };
}

/** The same, as if it were switched on: what rehearses sends, what is paused or a draft stays so, and a stopped stage is not stopped. */
export function switchedOn(programme: Programme): Programme {
  const { manifest } = programme;
  const controls = Object.fromEntries(
    Object.entries(manifest.controls).map(([id, control]) => [
      id,
      control.status === 'rehearsal' ? { ...control, status: 'live' as const } : control,
    ]),
  );
  return { ...programme, manifest: { ...manifest, controls, settings: { ...manifest.settings, sending: 'live' } } };
}
