// Woken by: the queue of letters that advance decided on.
// Promises: a letter that is still wanted lies in the letters' bucket once, as a row of its day; its end is told in the mailbox.
// On failure: the job comes again; laying the same letter down twice is once.
import { createRenderer } from '#adapters/liquid/render.ts';
import type { LetterBox } from '#core/ports/letters.ts';
import type { Template, ZoneTable } from '#core/programme.ts';
import { localDate } from '#core/time/zone.ts';
import type { Channeled, DeliverPorts } from '#functions/_shared/deliver.ts';
import type { QueueMessage } from '#functions/_shared/queue.ts';
import { createSendHandler } from '#functions/_shared/send-queue.ts';

export interface SendPostalPorts extends DeliverPorts {
  letters: Pick<LetterBox, 'put'>;
}

/** As long as a letter may be waited for: its row is the same whenever it is laid down. */
const SAFE_HOURS = 30 * 24;

interface Row {
  template: Template;
  columns: string[];
  cells: string[];
}

export function createHandler(ports: SendPostalPorts): (messages: QueueMessage[]) => Promise<string[]> {
  const settings = { zone: [] as ZoneTable, currency: 'JPY' };
  const renderer = createRenderer({ zone: () => settings.zone, currency: () => settings.currency });

  const channel: Channeled<Row> = {
    channel: 'postal',
    retry: { isSafe: true, hours: SAFE_HOURS },
    async render(template, message, programme) {
      settings.zone = programme.manifest.zone;
      settings.currency = programme.manifest.settings.currency;
      const cells = renderer.postal(template, message.variables);
      return { template, columns: template.postal?.columns ?? [], cells };
    },
    async send({ template, columns, cells }, { pending }, _owner, at) {
      // By the day it was queued, so that every attempt lays it down in the same place.
      const day = localDate(settings.zone, pending.queuedAt ?? at);
      const { messageId } = pending;
      await ports.letters.put({ day, template: template.id, version: template.version, messageId, columns, cells });
      return { kind: 'accepted' };
    },
  };
  return createSendHandler(ports, channel);
}
