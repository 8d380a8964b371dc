import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CrmError } from '#core/error.ts';
import { instantOf } from '#core/ids.ts';
import type { Settings } from '#core/programme.ts';
import { DEFAULT_PORT } from '#tools/local/places.ts';
import { progressOn } from '#tools/local/progress.ts';
import { judgeFolder } from './folder.ts';
import { messagesOf, type ShownMessage } from './messages.ts';
import { findBrowser, takePicture } from './pictures.ts';
import { previewPage } from './preview-page.ts';
import { customerOf } from './shown-to.ts';

const USAGE = `npm run scenario -- preview ID [--customer WHO] [--dir scenarios] [--out preview] [--no-pictures] [--port 8400] [--json]`;
/** A desk's and a phone's. */
const WIDTHS = [1280, 390];

/** `preview ID`: every message of a scenario as it would look, as a page and as pictures. Errors: bad-input, not-found; exit code 1 when one can't be made. */
export async function preview(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      customer: { type: 'string' },
      dir: { type: 'string', default: 'scenarios' },
      out: { type: 'string', default: 'preview' },
      'no-pictures': { type: 'boolean', default: false },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      json: { type: 'boolean', default: false },
    },
  });
  const [id] = positionals;
  if (id === undefined || positionals.length > 1) throw new CrmError('bad-input', `Usage: ${USAGE}`);
  const progress = progressOn(process.stderr);
  const judgement = await judgeFolder(values.dir);
  const to =
    values.customer === undefined
      ? undefined
      : await customerOf(Number(values.port), values.customer, (text) => progress.say(text));
  const messages = messagesOf(
    { ...judgement, settings: withSender(judgement.settings) },
    id,
    to,
    instantOf(Date.now()),
  );
  const name = judgement.scenarios.find(({ content }) => content.id === id)?.content.name ?? id;
  const page = await previewPage({
    name,
    shop: judgement.settings.shopName,
    who: to
      ? 'この環境のお客様の値で作った見本です。'
      : '例の値で作った見本です。お客様の値では --customer を付けてください。',
    messages,
  });
  const folder = resolve(values.out);
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${id}.html`);
  await writeFile(file, page);
  const pictures = values['no-pictures'] ? [] : await takeAll(folder, file, id, messages, (text) => progress.say(text));
  for (const one of messages) console.log(say(one));
  console.log(`\n見本: ${file}`);
  for (const picture of pictures) console.log(`      ${picture}`);
  if (messages.some(({ fault }) => fault !== undefined)) process.exitCode = 1;
  if (values.json) console.log(JSON.stringify({ id, page: file, pictures, messages }));
}

/** A preview shows where the sender will stand, also before the shop has written it down. */
const withSender = (settings: Settings): Settings => {
  const { legalName, postalAddress, contact } = settings.sender;
  const sender = {
    ...settings.sender,
    legalName: legalName || '(事業者の名称)',
    postalAddress: postalAddress || '(事業者の住所)',
    contact: contact || '(問い合わせ先)',
  };
  return { ...settings, sender };
};

async function takeAll(
  folder: string,
  page: string,
  id: string,
  messages: readonly ShownMessage[],
  note: (text: string) => void,
): Promise<string[]> {
  const browser = await findBrowser();
  if (browser === undefined) {
    note(
      '画像は作りませんでした。Chrome か Chromium を入れるか、CHROME_PATH に場所を書くと作れます。(No browser: no pictures.)',
    );
    return [];
  }
  const pictures: string[] = [];
  for (const [i, { step, channel }] of messages.entries()) {
    for (const width of WIDTHS) {
      const to = join(folder, `${id}-${step.replace(/[^\p{L}\p{N}_-]/gu, '_')}-${channel}-${width}.png`);
      await takePicture(browser, page, `message-${i}`, width, to);
      pictures.push(to);
    }
  }
  return pictures;
}

function say({ step, template, channel, mail, line, postal, fault }: ShownMessage): string {
  const begin = `${step} (${template}, ${channel})`;
  if (fault !== undefined) return `✗ ${begin}: ${fault}`;
  if (mail) return `✓ ${begin}\n    件名: ${mail.subject}\n    プリヘッダー: ${mail.preheader}`;
  if (line) {
    const wrong = line.problems.map((one) => `\n    確認: ${one.property} ${one.messageJa}`).join('');
    return `✓ ${begin}: ${line.messages.length}個のメッセージ${wrong}`;
  }
  return `✓ ${begin}: ${postal?.columns.length ?? 0}列`;
}
