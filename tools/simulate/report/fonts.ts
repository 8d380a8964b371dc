import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The parts of Noto Sans JP that a text needs, inside the page: so it reads the same where no Japanese font is (a server, a headless browser).
 * What a machine has of its own comes first.
 */
export async function fontFaces(text: string): Promise<string> {
  const folder = dirname(fileURLToPath(import.meta.resolve('@fontsource-variable/noto-sans-jp/package.json')));
  const css = await readFile(join(folder, 'index.css'), 'utf8');
  const wanted = new Set(Array.from(text, (letter) => letter.codePointAt(0)!));
  const faces: string[] = [];
  for (const [face, file, ranges] of css.matchAll(
    /@font-face \{[^}]*?url\(\.\/(files\/[^)]+)\)[^}]*?unicode-range: ([^;]+);[^}]*\}/g,
  )) {
    if (!covers(ranges!, wanted)) continue;
    const font = (await readFile(join(folder, file!))).toString('base64');
    faces.push(face.replace(`./${file}`, `data:font/woff2;base64,${font}`));
  }
  return faces.join('\n');
}

/** Whether `U+0-ff,U+3000` holds one of the letters. */
function covers(ranges: string, wanted: ReadonlySet<number>): boolean {
  for (const range of ranges.split(',')) {
    const [from = '', to = from] = range.trim().replace('U+', '').split('-');
    for (let code = Number.parseInt(from, 16); code <= Number.parseInt(to, 16); code++)
      if (wanted.has(code)) return true;
  }
  return false;
}
