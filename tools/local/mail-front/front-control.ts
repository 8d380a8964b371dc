import * as z from 'zod';
import type { Faults } from '../faults.ts';
import { answerJson, answerText, type Call, jsonOf, type Listeners } from '../web.ts';
import type { Inbox } from './inbox.ts';
import { linksOf, shownBody } from './mail-body.ts';
import type { MailLife } from './mail-life.ts';
import type { Mail, MailStore } from './mail-store.ts';

export interface FrontContext {
  now: () => Promise<Date>;
  store: MailStore;
  inbox: Inbox;
  life: MailLife;
  faults: Faults;
  listeners: Listeners;
}

const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const happening = z.object({
  type: z.enum(['Open', 'Click', 'Bounce', 'Complaint', 'Delivery']),
  bounce: z.enum(['Permanent', 'Transient', 'Suppressed']).optional(),
  link: z.string().optional(),
  userAgent: z.string().max(500).optional(),
});
/** A mail program that only reads: no scripts, no forms, nothing from this page's origin. */
const FRAME_POLICY =
  "default-src 'none'; img-src * data:; style-src 'unsafe-inline' *; font-src *; sandbox allow-popups allow-popups-to-escape-sandbox";

/** Answers the front's own API, which tests and the inbox page use; false for other paths. */
export async function answerFront(call: Call, context: FrontContext): Promise<boolean> {
  if (!call.path.startsWith('/front/')) return false;
  const { store, faults, inbox, listeners, life, now } = context;
  const [, , place, id, verb] = call.path.split('/');
  if (place === 'messages' && id !== undefined) {
    const mail = store.find(id);
    if (mail) await answerMail(call, mail, verb, context);
    else answerJson(call.response, 404, { message: 'no such mail' });
    return true;
  }
  switch (`${call.method} ${place}`) {
    case 'GET messages':
      answerJson(call.response, 200, store.all(call.query.get('to') ?? undefined));
      break;
    case 'DELETE messages':
      life.forget();
      store.clear();
      await inbox.clear();
      answerJson(call.response, 200, {});
      break;
    case 'GET state': {
      const mails = store.all().map(({ sesId, at, from, to, subject, text, events }) => ({
        ...{ sesId, at, from, to, subject, events },
        preview: text.replaceAll(/\s+/g, ' ').trim().slice(0, 120),
      }));
      answerJson(call.response, 200, { now: await now(), mails, faults: faults.list() });
      break;
    }
    case 'GET stream':
      listeners.add(call);
      break;
    case 'GET faults':
      answerJson(call.response, 200, faults.list());
      break;
    case 'POST faults': {
      const fault = faults.add(jsonOf(call));
      answerJson(call.response, fault ? 200 : 400, fault ?? { message: 'no such fault' });
      break;
    }
    case 'DELETE faults':
      faults.clear();
      answerJson(call.response, 200, {});
      break;
    default:
      answerJson(call.response, 404, { message: 'no such place' });
  }
  return true;
}

async function answerMail(call: Call, mail: Mail, verb: string | undefined, context: FrontContext): Promise<void> {
  const { response } = call;
  const { life, now } = context;
  const userAgent = call.request.headers['user-agent'] ?? '';
  switch (`${call.method} ${verb ?? ''}`) {
    case 'GET ':
      return answerJson(response, 200, { ...mail, links: linksOf(mail) });
    case 'GET body': {
      response.setHeader('content-security-policy', FRAME_POLICY);
      const base = `http://${call.request.headers.host ?? ''}`;
      return answerText(response, 200, 'text/html; charset=utf-8', shownBody(mail, base));
    }
    case 'GET open.gif':
      void life.tell(mail, { type: 'Open', at: await now(), userAgent });
      return answerText(response, 200, 'image/gif', GIF);
    case 'GET click': {
      const link = linksOf(mail)[Number(call.query.get('link') ?? -1)];
      if (link === undefined) return answerJson(response, 404, { message: 'no such link' });
      void life.tell(mail, { type: 'Click', at: await now(), link, userAgent });
      response.writeHead(302, { location: link }).end();
      return;
    }
    case 'POST happen': {
      const wish = happening.safeParse(jsonOf(call));
      if (!wish.success)
        return answerJson(response, 400, { message: 'type must be Open, Click, Bounce, Complaint or Delivery' });
      const { type, bounce, link, userAgent: agent } = wish.data;
      const facts = {
        type,
        at: await now(),
        ...(bounce && { bounce }),
        ...(link && { link }),
        userAgent: agent ?? userAgent,
      };
      return answerJson(response, 200, await life.tell(mail, facts));
    }
    case 'POST unsubscribe':
      return answerJson(response, 200, await unsubscribe(mail));
    default:
      return answerJson(response, 404, { message: 'no such act' });
  }
}

/** What a mail program does when its own unsubscribe button is pressed (RFC 8058): a POST without cookies, no page. */
async function unsubscribe(mail: Mail): Promise<{ status: number | 'none' | 'unreachable' }> {
  const header = (name: string) => mail.headers.find((entry) => entry.name.toLowerCase() === name)?.value;
  const url = /<(https?:[^>]+)>/.exec(header('list-unsubscribe') ?? '')?.[1];
  const body = header('list-unsubscribe-post');
  if (url === undefined || body === undefined) return { status: 'none' };
  try {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
    });
    await answer.arrayBuffer();
    return { status: answer.status };
  } catch {
    return { status: 'unreachable' };
  }
}
