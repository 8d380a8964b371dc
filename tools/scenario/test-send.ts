import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { CustomerState } from '#core/customer/state.ts';
import { CrmError } from '#core/error.ts';
import { isLineUserId, normaliseEmail } from '#core/event/identity.ts';
import { asCustomerId, asMessageId, instantOf } from '#core/ids.ts';
import type { ProviderAnswer } from '#core/ports/outward.ts';
import { closest } from '#core/scenario/closest.ts';
import { DEFAULT_PORT } from '#tools/local/places.ts';
import { progressOn } from '#tools/local/progress.ts';
import { judgeFolder } from './folder.ts';
import { messagesOf, type ShownMessage } from './messages.ts';
import { type SendingStage, sendingStage } from './sending-stage.ts';
import { customerOf } from './shown-to.ts';

const USAGE =
  'npm run scenario -- test-send ID --step STEP (--to STAFF | --customer WHO) [--dir scenarios] [--stage NAME] [--port 8400] [--json]';
const MARK = '【テスト送信】';
/** LINE takes so many messages in one push. */
const MOST_MESSAGES = 5;
/** No mailbox has this name, so what SES tells of the mail is nobody's: no cap, no outcome, no bounce is noted. */
const NOBODY = asCustomerId('test');

/** `test-send ID`: one step's message to an address of the shop's own staff, and to no other. Errors: bad-input, not-found; exit code 1 when it was not taken. */
export async function testSend(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      step: { type: 'string' },
      to: { type: 'string' },
      customer: { type: 'string' },
      dir: { type: 'string', default: 'scenarios' },
      stage: { type: 'string' },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      json: { type: 'boolean', default: false },
    },
  });
  const [id] = positionals;
  if (id === undefined || positionals.length > 1 || values.step === undefined || !(values.to ?? values.customer))
    throw new CrmError('bad-input', `Usage: ${USAGE}`);
  const progress = progressOn(process.stderr);
  const port = Number(values.port);
  const customer =
    values.customer === undefined ? undefined : await customerOf(port, values.customer, (text) => progress.say(text));
  const stage = await sendingStage({ stage: values.stage, port });
  const judgement = await judgeFolder(values.dir);
  const { settings, zone } = stage.manifest;
  const all = messagesOf({ ...judgement, settings, zone }, id, customer, instantOf(Date.now()), stage.publicUrl);
  const ofStep = all.filter(({ step }) => step === values.step);
  if (ofStep.length === 0) throw noStep(values.step, all);
  const { message, to } = addressed(ofStep, values.to, customer?.state);
  const answer = await sendTest(stage, message, to);
  console.log(say(message, answer));
  if (answer.kind !== 'accepted') process.exitCode = 1;
  if (values.json) console.log(JSON.stringify({ id, step: message.step, channel: message.channel, answer }));
}

/** Sends one message as a test. Errors: bad-input when the address is none of the staff's, nothing may be sent, or the message can't be made. */
export async function sendTest(stage: SendingStage, message: ShownMessage, to: string): Promise<ProviderAnswer> {
  const { settings } = stage.manifest;
  if (!isOfStaff(to, settings.staff)) throw new CrmError('bad-input', NOT_STAFF);
  if (settings.sending === 'stopped') throw new CrmError('bad-input', STOPPED);
  if (message.fault !== undefined)
    throw new CrmError('bad-input', `このメッセージは作れません: ${message.fault} (The message can't be made.)`);
  const messageId = asMessageId(randomUUID());
  if (message.mail) {
    const { from, replyTo } = settings.sender;
    if (from === '') throw new CrmError('bad-input', NO_SENDER);
    const { subject, html, text } = message.mail;
    return stage.mailer.send({
      messageId,
      customerId: NOBODY,
      address: NOBODY,
      at: instantOf(Date.now()),
      from,
      ...(replyTo === undefined ? {} : { replyTo }),
      to,
      subject: MARK + subject,
      html,
      text,
    });
  }
  const messages = message.line?.messages ?? [];
  const mark = { type: 'text', text: `${MARK} ${message.template}` };
  if (messages.length < MOST_MESSAGES) return stage.line.push({ messageId, to, messages: [mark, ...messages] });
  const first = await stage.line.push({ messageId: asMessageId(randomUUID()), to, messages: [mark] });
  return first.kind === 'accepted' ? stage.line.push({ messageId, to, messages }) : first;
}

/** Whether an address is one of `settings.staff`: mail addresses however they are spelt, LINE ids as they are. */
export function isOfStaff(to: string, staff: readonly string[]): boolean {
  const plain = (text: string): string => (text.includes('@') ? (normaliseEmail(text) ?? text) : text);
  return staff.some((one) => plain(one) === plain(to));
}

/** The channel that an address belongs to, or the first by which the customer can be reached. */
function addressed(
  messages: readonly ShownMessage[],
  to: string | undefined,
  customer: CustomerState | undefined,
): { message: ShownMessage; to: string } {
  const addresses = {
    email: to === undefined ? customer?.email?.value : to.includes('@') ? to : undefined,
    line: to === undefined ? customer?.lineUserId?.value : isLineUserId(to) ? to : undefined,
  };
  for (const message of messages) {
    const found = message.channel === 'email' || message.channel === 'line' ? addresses[message.channel] : undefined;
    if (found !== undefined) return { message, to: found };
  }
  const channels = messages.map(({ channel }) => channel).join('、');
  throw new CrmError(
    'bad-input',
    `このステップは ${channels} で送ります。--to に、それに合うアドレス(メールアドレスか LINE のユーザーID)を書いてください。(The address does not fit the step's channels.)`,
  );
}

function noStep(step: string, all: readonly ShownMessage[]): CrmError {
  const steps = [...new Set(all.map((one) => one.step))];
  const meant = closest(step, steps);
  return new CrmError(
    'not-found',
    `配信のステップ「${step}」はありません。${meant ? `"${meant}" ではありませんか?` : `あるのは: ${steps.join('、')}`}`,
  );
}

function say({ step, channel }: ShownMessage, answer: ProviderAnswer): string {
  const where = channel === 'line' ? 'LINE' : 'メール';
  if (answer.kind === 'accepted') return `✓ ${step} を${where}でテスト送信しました。`;
  if (answer.kind === 'unknown')
    return `? ${step}: 送れたかどうか分かりません(${answer.reason})。届いているか確かめてください。`;
  return `✗ ${step} は送れませんでした: ${answer.reason}${answer.detail === undefined ? '' : ` ${answer.detail}`}`;
}

const NOT_STAFF =
  'このアドレスは settings.json の staff にないので、送りません。お店の人のアドレスを staff に加えて公開してください。(The address is none of settings.staff: nothing was sent.)';
const STOPPED = '"sending": "stopped" なので、テスト送信もしません。(Sending is stopped.)';
const NO_SENDER = 'settings.json の sender.from(差出人)が空です。(sender.from is empty.)';
