// Woken by: the queue of LINE messages that advance decided on.
// Promises: a message that is still wanted is pushed once, with its id as LINE's retry key from the first try; its end is told in the mailbox.
// On failure: the job comes again with the same key, which LINE answers with 409 = it is out; after 23 hours it ends as unknown.
import { createRenderer } from '#adapters/liquid/render.ts';
import type { LinePusher } from '#core/ports/outward.ts';
import type { ZoneTable } from '#core/programme.ts';
import { surveysIn } from '#core/survey/asked.ts';
import { withLetter } from '#core/survey/by-button.ts';
import type { Channeled, DeliverPorts } from '#functions/_shared/deliver.ts';
import type { QueueMessage } from '#functions/_shared/queue.ts';
import { createSendHandler } from '#functions/_shared/send-queue.ts';
import { type SurveyLinkPorts, surveyUrls } from '#functions/_shared/survey-urls.ts';

export interface SendLinePorts extends DeliverPorts, SurveyLinkPorts {
  line: LinePusher;
}

/** LINE keeps a retry key for 24 hours; after that the same key is a new message. */
const SAFE_HOURS = 23;

export function createHandler(ports: SendLinePorts): (messages: QueueMessage[]) => Promise<string[]> {
  const settings = { zone: [] as ZoneTable, currency: 'JPY' };
  const renderer = createRenderer({ zone: () => settings.zone, currency: () => settings.currency });

  const channel: Channeled<unknown[]> = {
    channel: 'line',
    retry: { isSafe: true, hours: SAFE_HOURS },
    async render(template, message, programme, owner) {
      settings.zone = programme.manifest.zone;
      settings.currency = programme.manifest.settings.currency;
      const { messageId } = message.pending;
      const survey = await surveyUrls(ports, template, { customerId: owner, messageId });
      const messages = renderer.line(template, { ...message.variables, links: { survey } });
      return surveysIn(template).length === 0 ? messages : messages.map((one) => withLetter(one, messageId));
    },
    send: (messages, message) => ports.line.push({ messageId: message.pending.messageId, to: message.to, messages }),
  };
  return createSendHandler(ports, channel);
}
