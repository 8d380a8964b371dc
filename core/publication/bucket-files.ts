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
  | { kind: 'misplaced'; where: string }
  /** Pictures, notes, the publisher's own: no business of ours. */
  | { kind: 'other' };

const LATER: Record<string, [string, string]> = {
  campaigns: ['キャンペーン', 'Campaigns'],
};

/** What is written for us, whatever it is called in the end: notes and pictures are not. */
const WRITTEN = /\.(jsonc?|mjml|md|markdown|csv|html?|txt|ya?ml)$/i;

/** Whether the publisher reads what lies under a key. */
export const isOurs = (key: string): boolean => kindOfFile(key).kind !== 'other';

/** Which kind of file a key names. */
export function kindOfFile(key: string): FileKind {
  if (/^(reports|schema)\//.test(key) || key === 'origin.json') return { kind: 'other' };
  const own = ownKind(key);
  if (own) return own;
  const [folder = '', ...rest] = key.split('/');
  const name = rest.at(-1) ?? folder;
  const isInOurs = /^(scenarios|segments|surveys|campaigns|templates)$/i.test(folder);
  // A note beside the files is no attempt at one.
  if (name.startsWith('.') || /^readme\b/i.test(name)) return { kind: 'other' };
  if (isInOurs ? !WRITTEN.test(name) : !/\.(jsonc?|mjml)(\.txt)?$/i.test(name)) return { kind: 'other' };
  return { kind: 'misplaced', where: placeOf(key) };
}

function ownKind(key: string): FileKind | undefined {
  if (/^settings\.jsonc?$/.test(key)) return { kind: 'settings' };
  const [folder = '', ...rest] = key.split('/');
  const [name = '', part] = rest;
  const isJson = /\.jsonc?$/.test(key);
  const later = LATER[folder];
  if (later && isJson) return { kind: 'later', what: later[0], whatEn: later[1] };
  if (rest.length === 1 && isJson) {
    if (folder === 'scenarios') return { kind: 'scenario' };
    if (folder === 'segments') return { kind: 'segment' };
    if (folder === 'surveys') return { kind: 'survey' };
  }
  if (folder !== 'templates' || rest.length !== 2 || part === undefined) return undefined;
  if (name === '_blocks') return kindOfBlock(part);
  const kind = Object.hasOwn(PARTS, part) ? PARTS[part] : undefined;
  return kind && { kind: 'template', template: name, part: kind };
}

const PARTS: Record<string, Extract<FileKind, { kind: 'template' }>['part']> = {
  'mail.mjml': 'mail',
  'mail.md': 'markdown',
  'line.json': 'line',
  'postal.csv': 'postal',
};

/** Where a file was probably meant to lie. */
function placeOf(key: string): string {
  const path = key.replace(/\.txt$/i, '').split('/');
  const [folder = '', ...rest] = path;
  const name = rest.at(-1) ?? folder;
  const ending = (/\.[^.]*$/.exec(name)?.[0] ?? '').toLowerCase();
  const bare = name.slice(0, name.length - ending.length);
  const lower = folder.toLowerCase();
  if (lower === 'templates' && rest.length > 1) {
    const within = rest.at(-2) ?? '';
    if (within === '_blocks') return 'templates/_blocks/名前.mjml か 名前.json';
    const meant = `templates/${within}/${name.toLowerCase()}`;
    if (ownKind(meant)) return meant;
    return ending === '.csv'
      ? `templates/${within}/postal.csv`
      : `templates/${within}/mail.md か mail.mjml か line.json`;
  }
  if (ending === '.mjml') return 'templates/名前/mail.mjml';
  if (lower === 'templates')
    return ending === '.csv' ? 'templates/名前/postal.csv' : 'templates/名前/mail.md か mail.mjml か line.json';
  if (rest.length === 0) return /^settings$/i.test(bare) ? 'settings.json' : 'scenarios/名前.json';
  const isOne = /^(scenarios|segments|surveys)$/.test(lower);
  const isJson = /^\.jsonc?$/.test(ending);
  return `${isOne ? lower : 'scenarios'}/${isOne && isJson ? bare + ending : '名前.json'}`;
}

function kindOfBlock(name: string): FileKind | undefined {
  const [, block = '', ending] = /^(.+)\.(mjml|json)$/.exec(name) ?? [];
  if (ending === 'mjml') return { kind: 'block', block, part: 'mail' };
  if (ending === 'json') return { kind: 'block', block, part: 'line' };
  return undefined;
}
