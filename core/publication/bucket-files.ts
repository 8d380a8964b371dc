/** What a key of the bucket is for. */
export type FileKind =
  | { kind: 'settings' }
  | { kind: 'scenario' }
  | { kind: 'segment' }
  | { kind: 'survey' }
  | { kind: 'template'; template: string; part: 'mail' | 'markdown' | 'line' | 'postal' }
  /** What several templates share. */
  | { kind: 'block'; block: string; part: 'mail' | 'line' }
  /** The language has it and this release has not. */
  | { kind: 'later'; what: string; whatEn: string }
  /** Something to read that lies where nobody looks; `where` tells where it would be read. */
  | { kind: 'misplaced'; where?: string }
  /** Pictures, notes, the publisher's own: no business of ours. */
  | { kind: 'other' };

const LATER: Record<string, [string, string]> = {
  campaigns: ['キャンペーン', 'Campaigns'],
};

/** Where a misplaced file of a folder was probably meant to lie. */
const PLACES: Record<string, string> = {
  templates: 'templates/名前/line.json',
  segments: 'segments/名前.json',
  surveys: 'surveys/名前.json',
};

/** Whether the publisher reads what lies under a key. */
export const isOurs = (key: string): boolean => kindOfFile(key).kind !== 'other';

/** Which kind of file a key names. */
export function kindOfFile(key: string): FileKind {
  if (/^(reports|schema)\//.test(key) || key === 'origin.json') return { kind: 'other' };
  if (/^settings\.jsonc?$/.test(key)) return { kind: 'settings' };
  const [folder = '', ...rest] = key.split('/');
  const isJson = /\.jsonc?$/.test(key);
  if (folder === 'scenarios' && rest.length === 1 && isJson) return { kind: 'scenario' };
  if (folder === 'segments' && rest.length === 1 && isJson) return { kind: 'segment' };
  if (folder === 'surveys' && rest.length === 1 && isJson) return { kind: 'survey' };
  if (folder === 'templates' && rest.length === 2) {
    const [template = '', name = ''] = rest;
    if (template === '_blocks') return kindOfBlock(name);
    if (name === 'mail.mjml') return { kind: 'template', template, part: 'mail' };
    if (name === 'line.json') return { kind: 'template', template, part: 'line' };
    if (name === 'mail.md') return { kind: 'template', template, part: 'markdown' };
    if (name === 'postal.csv') return { kind: 'template', template, part: 'postal' };
    if (isJson || /\.(mjml|md)$/.test(name))
      return { kind: 'misplaced', where: `templates/${template}/mail.md か mail.mjml か line.json` };
    if (name.endsWith('.csv')) return { kind: 'misplaced', where: `templates/${template}/postal.csv` };
    return { kind: 'other' };
  }
  const later = LATER[folder];
  if (later && isJson) return { kind: 'later', what: later[0], whatEn: later[1] };
  if (/\.mjml$/.test(key)) return { kind: 'misplaced', where: 'templates/名前/mail.mjml' };
  if (isJson) return { kind: 'misplaced', where: PLACES[folder] ?? 'scenarios/名前.json' };
  return { kind: 'other' };
}

function kindOfBlock(name: string): FileKind {
  const [, block = '', ending] = /^(.+)\.(mjml|json)$/.exec(name) ?? [];
  if (ending === 'mjml') return { kind: 'block', block, part: 'mail' };
  if (ending === 'json') return { kind: 'block', block, part: 'line' };
  if (/\.(jsonc|md|csv)$/.test(name)) return { kind: 'misplaced', where: 'templates/_blocks/名前.mjml か 名前.json' };
  return { kind: 'other' };
}
