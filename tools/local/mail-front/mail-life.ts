import type { EventRules } from './event-rules.ts';
import type { Mail, MailEvent, MailStore } from './mail-store.ts';
import { type SesEventFacts, type SesEventType, sesEvent } from './ses-event.ts';
import { addressOf } from './ses-rules.ts';

/** Tells the stage what became of mails, in the order in which it happened. */
export interface MailLife {
  /** Send at once; delivery, or what the address stands for, a moment later. */
  begin(mail: Mail): void;
  /** Something that happens to a mail later. Settles when the stage was told, or could not be. */
  tell(mail: Mail, facts: SesEventFacts): Promise<MailEvent>;
  /** What is on its way comes to nothing: its mail is deleted. */
  forget(): void;
  /** Tells what is still waiting and ends. */
  close(): Promise<void>;
}

/** How long a mail is on its way, in milliseconds of both clocks. */
const ON_ITS_WAY = 300;

/** What happens to a mail to an address with that local part, as at AWS's mailbox simulator. */
const FATES: Record<string, Omit<SesEventFacts, 'at'>[]> = {
  bounce: [{ type: 'Bounce', bounce: 'Permanent' }],
  softbounce: [{ type: 'Bounce', bounce: 'Transient' }],
  suppressionlist: [{ type: 'Bounce', bounce: 'Suppressed' }],
  complaint: [{ type: 'Delivery' }, { type: 'Complaint' }],
  virus: [{ type: 'Reject' }],
};
const DELIVERED: Omit<SesEventFacts, 'at'>[] = [{ type: 'Delivery' }];

/** `bounce@example.com`, `complaint+7@example.com`: what that address stands for; anything else is delivered. */
function fateOf(mailbox: string): Omit<SesEventFacts, 'at'>[] {
  const [local = ''] = addressOf(mailbox).toLowerCase().split(/[@+]/);
  return (Object.hasOwn(FATES, local) ? FATES[local] : undefined) ?? DELIVERED;
}

export function createMailLife(store: MailStore, rules: EventRules, onError: (error: unknown) => void): MailLife {
  let line: Promise<unknown> = Promise.resolve();
  const timers = new Map<NodeJS.Timeout, () => void>();

  function tell(mail: Mail, facts: SesEventFacts): Promise<MailEvent> {
    const event: MailEvent = {
      type: facts.type,
      at: facts.at.toISOString(),
      ...(facts.link !== undefined && { link: facts.link }),
      state: 'waiting',
    };
    mail.events.push(event);
    store.changed();
    const telling = line.then(async () => {
      try {
        await rules.deliver(sesEvent(mail, facts, await rules.place()));
        event.state = 'told';
      } catch (error) {
        // SES to EventBridge is best effort; the page shows what was not told.
        event.state = 'failed';
        onError(error);
      }
      store.changed();
      return event;
    });
    line = telling;
    return telling;
  }

  function soon(act: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ON_ITS_WAY);
    timers.set(timer, act);
  }

  return {
    tell,
    begin(mail) {
      const sentAt = Date.parse(mail.at);
      const first: SesEventType = 'Send';
      void tell(mail, { type: first, at: new Date(sentAt) });
      soon(() => {
        const at = new Date(sentAt + ON_ITS_WAY);
        for (const fate of fateOf(mail.to[0] ?? '')) void tell(mail, { ...fate, at });
      });
    },
    forget() {
      for (const timer of timers.keys()) clearTimeout(timer);
      timers.clear();
    },
    async close() {
      for (const [timer, act] of timers) {
        clearTimeout(timer);
        act();
      }
      timers.clear();
      await line;
    },
  };
}
