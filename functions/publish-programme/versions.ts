import type { Instant } from '#core/ids.ts';
import type { PublishedStore, SourceTools, Versioned } from '#core/ports/publication.ts';
import type { Manifest, Source } from '#core/programme.ts';
import type { Judgement } from '#core/publication/judge-bucket.ts';
import type { Publication } from '#core/publication/next-manifest.ts';
import { wordQuestionsOf } from '#core/survey/survey.ts';

/**
 * Gives everything accepted its version: the one it has while its content is the same, else the next number, written before anything
 * points at it. What was written by a publisher that died is found again by its content.
 */
export async function publishVersions(
  judgement: Judgement,
  before: Manifest | undefined,
  effectiveAt: Instant,
  store: PublishedStore,
  tools: SourceTools,
): Promise<Pick<Publication, 'scenarios' | 'segments' | 'surveys' | 'templates' | 'sources'>> {
  const known = before?.sources ?? {};
  const sources: Record<string, Source> = {};
  const sourceOf = async <F extends keyof Versioned>(
    family: F,
    path: string,
    content: Omit<Versioned[F], 'version'> & { id: string },
  ): Promise<Source> => {
    const { id } = content;
    const hash = tools.sha256(JSON.stringify(content)).slice(0, 32);
    const same = sameSource(known, family, id, hash, path);
    if (same) return same;
    const newest = await store.newest(family, id);
    if (newest && tools.sha256(JSON.stringify(withoutVersion(newest))).slice(0, 32) === hash) {
      return { id, version: newest.version, hash, takesEffectAt: effectiveAt };
    }
    const version = (newest?.version ?? 0) + 1;
    await store.write(family, { ...content, version } as unknown as Versioned[F]);
    return { id, version, hash, takesEffectAt: effectiveAt };
  };

  const templates: Publication['templates'] = [];
  for (const { source, content } of judgement.templates) {
    const found = await sourceOf('template', source, content);
    sources[source] = found;
    templates.push({ id: found.id, version: found.version });
  }
  const surveys: Publication['surveys'] = [];
  for (const { file, content } of judgement.surveys) {
    const found = await sourceOf('survey', file, content);
    sources[file] = found;
    surveys.push({ id: found.id, version: found.version, wordQuestions: wordQuestionsOf(content) });
  }
  const segments: Publication['segments'] = [];
  for (const { file, content } of judgement.segments) {
    const found = await sourceOf('segment', file, content);
    sources[file] = found;
    segments.push({ id: found.id, version: found.version });
  }
  const scenarios: Publication['scenarios'] = [];
  for (const { file, content, control } of judgement.scenarios) {
    const found = await sourceOf('scenario', file, content);
    sources[file] = found;
    scenarios.push({ id: found.id, version: found.version, control });
  }
  // Refused files keep their place, so that they are known again when they are mended.
  for (const verdict of judgement.verdicts) {
    const path = verdict.kind === 'template' ? verdict.file.slice(0, verdict.file.lastIndexOf('/')) : verdict.file;
    const old = known[path];
    if (old && !sources[path]) sources[path] = old;
  }
  return { scenarios, segments, surveys, templates, sources };
}

/** What the same content is published as, under this path or under the one it was moved from. */
function sameSource(
  known: Record<string, Source>,
  family: keyof Versioned,
  id: string,
  hash: string,
  path: string,
): Source | undefined {
  const isOfFamily = (key: string): boolean => key.startsWith(`${family}s/`);
  const candidates = [
    known[path],
    ...Object.entries(known)
      .filter(([key]) => isOfFamily(key))
      .map(([, one]) => one),
  ];
  return candidates.find((one) => one?.id === id && one.hash === hash);
}

const withoutVersion = ({ version: _, ...content }: Versioned[keyof Versioned]): object => content;
