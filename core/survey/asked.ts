const asked = new WeakMap<object, string[]>();

/** The ids of the surveys that a template links to (`links.survey.ID`); found once per template. */
export function surveysIn(template: object): string[] {
  let ids = asked.get(template);
  if (!ids) {
    const found = JSON.stringify(template).matchAll(/\blinks\.survey\.([a-z][a-z0-9-]*)/g);
    ids = [...new Set([...found].map(([, id]) => id!))];
    asked.set(template, ids);
  }
  return ids;
}
