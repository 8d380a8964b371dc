import type { LineFinding } from '#core/message/line-check.ts';

export interface LineError {
  message: string;
  details?: { message: string; property: string }[];
}

/**
 * Findings as LINE words them: faults of the request itself with their place in it; then faults inside a template or flex message with a
 * place inside that message (`/body/contents/0/text`), one message at a time.
 */
export function lineErrorOf(findings: LineFinding[]): LineError {
  const isInside = (finding: LineFinding) => /^messages\[\d\]\.(contents|template)\b./.test(finding.property);
  const outside = findings.filter((finding) => !isInside(finding));
  const [first] = findings;
  if (outside.length > 0 || !first) {
    const details = outside.map(({ message, property }) => ({ message, property }));
    return { message: `The request body has ${details.length} error(s)`, details };
  }
  const [name = 'messages[0]'] = /^messages\[\d\]/.exec(first.property) ?? [];
  const details = findings
    .filter((finding) => finding.property.startsWith(name))
    .map(({ message, property }) => ({ message, property: pointerOf(property.slice(name.length)) }));
  return { message: `A message (${name}) in the request body is invalid`, details };
}

/** `.contents.body.contents[0].text` is `/body/contents/0/text`; `.template.text` is `template/text`. */
function pointerOf(place: string): string {
  const path = place.replaceAll(/\[(\d+)\]/g, '/$1').replaceAll('.', '/');
  return path.startsWith('/contents') ? path.slice('/contents'.length) : path.slice(1);
}
