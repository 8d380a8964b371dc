// Woken by: GET and POST /s/{token}, the link to a survey in mails and LINE messages; `?a=9` is the tapped answer to the first question.
// Promises: POST brings each answer into the customer's mailbox once; GET only shows the page, as mail scanners open links and people press buttons.
// On failure: an error page, and the person presses again; the same answer again is the same event.
import type { LinkKey } from '#adapters/crypto/links.ts';
import { readSurveyLink, type SurveyLink } from '#adapters/crypto/survey-links.ts';
import type { CrmEvent } from '#core/event/event.ts';
import { eventIdOf } from '#core/event/event-id.ts';
import { asInstant, type Instant } from '#core/ids.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { ProgrammeStore } from '#core/ports/outward.ts';
import { answerOf, type Question, type Survey } from '#core/survey/survey.ts';
import type { HttpAnswer, HttpRequest } from '#functions/_shared/http.ts';
import { type IntakePorts, takeIn } from '#functions/_shared/intake.ts';
import { log } from '#functions/_shared/log.ts';
import { shown } from '#functions/_shared/page.ts';
import { askPage, type Given, thanksPage, unknownPage } from './pages.ts';

/** Twenty questions of 2,000 characters, as a form writes Japanese. */
export const MOST_BYTES = 400_000;
const PATIENCE_MILLISECONDS = 5000;

export interface SurveyPorts extends IntakePorts {
  programmes: Pick<ProgrammeStore, 'survey'>;
  clock: Pick<Clock, 'now'>;
  hashes: Pick<Hashes, 'sha256'>;
  linkKeys: () => Promise<LinkKey[]>;
}

export function createHandler(ports: SurveyPorts): (request: HttpRequest) => Promise<HttpAnswer> {
  return async (request) => {
    const link = readSurveyLink(await ports.linkKeys(), request.pathParameters.token ?? '');
    const now = await ports.clock.now();
    const survey = link && (await ports.programmes.survey(link.survey, now));
    if (!link || !survey) {
      log.info('survey-unknown-link');
      return { status: 404, ...shown(unknownPage()) };
    }
    if (request.method !== 'POST') return { status: 200, ...shown(askPage(survey, tapped(survey, request.query.a))) };
    const given = formOf(request, survey);
    const missing = survey.questions.filter((one) => one.isRequired && read(one, given) === undefined);
    if (missing.length > 0) {
      const ids = missing.map(({ id }) => id);
      return { status: 422, ...shown(askPage(survey, given, ids)) };
    }
    const events = survey.questions.flatMap((question) => answered(ports, link, question, given, now) ?? []);
    await takeIn(events, ports, PATIENCE_MILLISECONDS);
    log.info('survey-answered', { survey: survey.id, answers: events.length });
    return { status: 200, ...shown(thanksPage(survey)) };
  };
}

/** The answer that a link in a letter already holds, to the first question. */
function tapped({ questions }: Survey, value: string | undefined): Given {
  const [first] = questions;
  const answer = first && value !== undefined ? answerOf(first, value) : undefined;
  return first && answer !== undefined ? { [first.id]: String(answer) } : {};
}

function formOf({ rawBody }: HttpRequest, { questions }: Survey): Given {
  const form = new URLSearchParams(rawBody.toString('utf8'));
  return Object.fromEntries(questions.map(({ id }) => [id, form.get(`q.${id}`) ?? '']));
}

const read = (question: Question, given: Given): string | number | undefined =>
  answerOf(question, given[question.id] ?? '');

/** What is answered within ten seconds is one event however often the button is pressed; who thinks better of it, and back again, takes longer. */
function answered(
  { hashes }: SurveyPorts,
  { customerId, messageId, survey }: SurveyLink,
  question: Question,
  given: Given,
  now: Instant,
): CrmEvent | undefined {
  const answer = read(question, given);
  if (answer === undefined) return undefined;
  const told = question.kind === 'text' ? { value: '', text: String(answer) } : { value: answer };
  const tenth = asInstant(`${now.slice(0, 18)}0.000Z`);
  const meaning = [messageId, survey, question.id, String(answer)].join('\n');
  return {
    type: 'survey.answered',
    customerId,
    eventId: eventIdOf(hashes, 'survey.answered', tenth, meaning),
    occurredAt: now,
    receivedAt: now,
    source: 'survey',
    identities: {},
    hops: 0,
    data: { survey, question: question.id, ...told, messageId },
  };
}
