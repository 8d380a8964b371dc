// Woken by: GET and POST /u/{token}, the link in every marketing mail.
// Promises: POST stops marketing mail to that address at once (RFC 8058, or the page's button), and can be undone there; GET only shows the page.
// On failure: a page that says so, and the mail program or the person tries again.
import { type LinkKey, readLink } from '#adapters/crypto/links.ts';
import type { CrmEvent } from '#core/event/event.ts';
import { eventIdOf } from '#core/event/event-id.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { Mailbox } from '#core/ports/mailbox.ts';
import type { HttpAnswer, HttpRequest } from '#functions/_shared/http.ts';
import { log } from '#functions/_shared/log.ts';
import { shown } from '#functions/_shared/page.ts';
import { askPage, backPage, donePage, unknownPage } from './pages.ts';

export interface UnsubscribePorts {
  mailbox: Mailbox;
  clock: Clock;
  hashes: () => Promise<Hashes>;
  linkKeys: () => Promise<LinkKey[]>;
}

export function createHandler(ports: UnsubscribePorts): (request: HttpRequest) => Promise<HttpAnswer> {
  return async (request) => {
    const token = request.pathParameters.token ?? '';
    const link = readLink(await ports.linkKeys(), token);
    if (!link) {
      log.info('unsubscribe-unknown-link');
      return { status: 404, ...shown(unknownPage()) };
    }
    if (request.method !== 'POST') return { status: 200, ...shown(askPage()) };
    const form = new URLSearchParams(request.rawBody.toString('utf8'));
    const isBack = form.get('action') === 'resubscribe';
    const isOneClick = form.get('List-Unsubscribe') === 'One-Click';
    const [now, hashes] = await Promise.all([ports.clock.now(), ports.hashes()]);
    const basis = isBack ? 'unsubscribe-page-undone' : isOneClick ? 'one-click' : 'unsubscribe-page';
    const nonce = `${link.address}\n${link.messageId}\n${basis}\n${now.slice(0, 19)}`;
    await ports.mailbox.put({
      type: 'consent.changed',
      customerId: link.address,
      eventId: eventIdOf(hashes, 'consent.changed', now, nonce),
      occurredAt: now,
      receivedAt: now,
      source: 'enishi',
      identities: {},
      hops: 0,
      data: { channel: 'email', isGranted: isBack, basis, by: 'customer', address: link.address },
    } as CrmEvent);
    log.info('unsubscribe-taken', { basis });
    return { status: 200, ...shown(isBack ? backPage() : donePage()) };
  };
}
