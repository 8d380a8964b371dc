import { answersIn } from './by-button.ts';

const asked = new WeakMap<object, string[]>();

/** The ids of the surveys that a template asks, by links (`links.survey.ID`) or by LINE buttons; found once per template. */
export function surveysIn(template: object): string[] {
  let ids = asked.get(template);
  if (!ids) {
    const links = JSON.stringify(template).matchAll(/\blinks\.survey\.([a-z][a-z0-9-]*)/g);
    const buttons = answersIn(template).map((data) => new URLSearchParams(data).get('survey') ?? '');
    ids = [...new Set([...[...links].map(([, id]) => id!), ...buttons])];
    asked.set(template, ids);
  }
  return ids;
}
