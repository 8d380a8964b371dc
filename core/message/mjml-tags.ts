/** The first element of a mail that nobody closes, or that is closed and was not open, and where it stands; mjml itself mends both in silence. */
export function unclosedIn(mjml: string): { tag: string; index: number; isOpen: boolean } | undefined {
  const open: { name: string; index: number }[] = [];
  for (const { 0: tag, 1: slash, 2: name = '', index } of mjml.matchAll(TAG)) {
    if (tag.startsWith('<!--') || tag.endsWith('/>')) continue;
    if (slash !== '/') {
      open.push({ name, index });
      continue;
    }
    const last = open.pop();
    if (last?.name === name) continue;
    return last && open.some((one) => one.name === name) ? left(last) : { tag: `</${name}>`, index, isOpen: false };
  }
  const last = open.at(-1);
  return last && left(last);
}

const TAG = /<!--[\s\S]*?-->|<(\/?)(mjml|mj-[a-z-]+)\b(?:"[^"]*"|'[^']*'|[^'">])*>/g;

const left = ({ name, index }: { name: string; index: number }) => ({ tag: `<${name}>`, index, isOpen: true });
