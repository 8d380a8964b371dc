// Woken by: the queue of mails that advance decided on.
// Promises: a mail that is still wanted goes to SES once, and its end is told in the mailbox; what is not wanted any more goes back there.
// On failure: the job comes again; a claim that nobody settled is settled by what SES told, or sent again after ten minutes.
import { signLink } from '#adapters/crypto/links.ts';
import { createRenderer, type RenderedMail } from '#adapters/liquid/render.ts';
import { joinMails, withoutParts } from '#core/message/join-mails.ts';
import { factsOfPending } from '#core/message/outcome.ts';
import type { Mailer } from '#core/ports/outward.ts';
import type { ZoneTable } from '#core/programme.ts';
import type { Channeled, DeliverPorts } from '#functions/_shared/deliver.ts';
import type { QueueMessage } from '#functions/_shared/queue.ts';
import { createSendHandler } from '#functions/_shared/send-queue.ts';
import { type SurveyLinkPorts, surveyUrls } from '#functions/_shared/survey-urls.ts';

export interface SendEmailPorts extends DeliverPorts, SurveyLinkPorts {
  mailer: Mailer;
}

interface Mail extends RenderedMail {
  from: string;
  replyTo?: string;
  unsubscribeUrl?: string;
}

export function createHandler(ports: SendEmailPorts): (messages: QueueMessage[]) => Promise<string[]> {
  const settings = { zone: [] as ZoneTable, currency: 'JPY' };
  const renderer = createRenderer({ zone: () => settings.zone, currency: () => settings.currency });

  const channel: Channeled<Mail> = {
    channel: 'email',
    retry: { isSafe: false },
    async render(template, message, programme, owner) {
      const { sender, currency } = programme.manifest.settings;
      settings.zone = programme.manifest.zone;
      settings.currency = currency;
      const token = signLink(await ports.linkKeys(), {
        address: message.address,
        messageId: message.pending.messageId,
      });
      const unsubscribe = `${ports.publicUrl}/u/${token}`;
      const { messageId } = message.pending;
      const survey = await surveyUrls(ports, template, { customerId: owner, messageId });
      const rendered = renderer.mail(template, { ...message.variables, links: { unsubscribe, survey } });
      return {
        ...rendered,
        from: sender.from,
        ...(sender.replyTo === undefined ? {} : { replyTo: sender.replyTo }),
        ...(message.isMarketing ? { unsubscribeUrl: unsubscribe } : {}),
      };
    },
    join: joinMails,
    send: (mail, { pending, address, to }, owner, at, carried) =>
      ports.mailer.send({
        ...withoutParts(mail),
        ...(carried.length === 0 ? {} : { with: carried }),
        messageId: pending.messageId,
        about: factsOfPending(pending),
        customerId: owner,
        address,
        at,
        to,
      }),
  };
  return createSendHandler(ports, channel);
}
