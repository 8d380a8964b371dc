import { HTTPFetchError, messagingApi } from '@line/bot-sdk';
import type { LinePusher, ProviderAnswer } from '#core/ports/outward.ts';

export interface LinePusherOptions {
  /** Asked before each push; the caller keeps it warm. */
  channelAccessToken: () => Promise<string>;
  /** @default https://api.line.me */
  baseUrl?: string;
  /** How long one attempt may take, in milliseconds. @default 5000 */
  timeoutMilliseconds?: number;
}

/** LINE's SDK has neither timeout nor retry, so an attempt that hangs would hang with the function. */
const TIMEOUT = 5000;
/** Seconds to wait where only a person can mend it (token, plan). */
const AFTER_REPAIR = 600;
/** Codes of a connection that never came about: nothing was sent. */
const NOT_REACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** Pushes to LINE, one attempt a call; LINE's own texts never get out, as they may quote a person. */
export function createLinePusher(options: LinePusherOptions): LinePusher {
  const { channelAccessToken, baseUrl, timeoutMilliseconds = TIMEOUT } = options;
  let known: { token: string; client: messagingApi.MessagingApiClient } | undefined;

  async function clientOfNow(): Promise<messagingApi.MessagingApiClient> {
    const token = await channelAccessToken();
    if (known?.token !== token) {
      const config = { channelAccessToken: token, ...(baseUrl === undefined ? {} : { baseURL: baseUrl }) };
      known = { token, client: new messagingApi.MessagingApiClient(config) };
    }
    return known.client;
  }

  return {
    async push({ messageId, to, messages }) {
      const client = await clientOfNow();
      // Checked against LINE's rules at publication and by LINE itself; the SDK's types say no more than that.
      const body = { to, messages: messages as messagingApi.Message[] };
      const sending = client.pushMessage(body, messageId).then(acceptedOf, answerOf);
      return within(sending, timeoutMilliseconds);
    },
  };
}

async function within(sending: Promise<ProviderAnswer>, milliseconds: number): Promise<ProviderAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ProviderAnswer>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'unknown', reason: 'line-timeout' }), milliseconds);
  });
  try {
    return await Promise.race([sending, late]);
  } finally {
    clearTimeout(timer);
  }
}

function acceptedOf(body: unknown): ProviderAnswer {
  const providerId = firstSentId(body);
  return { kind: 'accepted', ...(providerId === undefined ? {} : { providerId }) };
}

function answerOf(error: unknown): ProviderAnswer {
  if (error instanceof HTTPFetchError) return answerOfStatus(error);
  const code = codeOf(error);
  if (code !== undefined && NOT_REACHED.has(code)) {
    return { kind: 'refused', isRetryable: true, reason: 'line-unreachable', retryAfterSeconds: 30 };
  }
  return { kind: 'unknown', reason: 'line-connection-lost' };
}

function answerOfStatus({ status, headers, body: text }: HTTPFetchError): ProviderAnswer {
  const body = parsed(text);
  if (status >= 500) return { kind: 'unknown', reason: `line-http-${status}` };
  switch (status) {
    case 409: {
      // The same retry key was accepted before: the message is out.
      const providerId = firstSentId(body) ?? headers.get('x-line-accepted-request-id') ?? undefined;
      return { kind: 'accepted', ...(providerId === undefined ? {} : { providerId }) };
    }
    case 401:
      return { kind: 'refused', isRetryable: true, reason: 'line-unauthorised', retryAfterSeconds: AFTER_REPAIR };
    case 403:
      return { kind: 'refused', isRetryable: true, reason: 'line-forbidden', retryAfterSeconds: AFTER_REPAIR };
    case 429:
      // "You have reached your monthly limit.": waiting does not help before the 1st of the next month.
      return /monthly limit/i.test(messageOf(body))
        ? { kind: 'refused', isRetryable: false, reason: 'line-monthly-limit' }
        : { kind: 'refused', isRetryable: true, reason: 'line-rate-limit', retryAfterSeconds: 5 };
    default: {
      const detail = placesOf(body);
      const reason = status === 400 ? 'line-bad-request' : `line-http-${status}`;
      return { kind: 'refused', isRetryable: false, reason, ...(detail === '' ? {} : { detail }) };
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
const messageOf = (body: unknown): string => String(fieldOf(body, 'message') ?? '');

function firstSentId(body: unknown): string | undefined {
  const sent = fieldOf(body, 'sentMessages');
  const id = Array.isArray(sent) ? fieldOf(sent[0], 'id') : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** Where LINE found the fault (`messages[0].text`): a place is no personal data, LINE's sentence may be. */
function placesOf(body: unknown): string {
  const details = fieldOf(body, 'details');
  if (!Array.isArray(details)) return '';
  const places = details.map((detail) => fieldOf(detail, 'property')).filter((place) => typeof place === 'string');
  return places
    .filter((place) => /^[\w.[\]/]{1,80}$/.test(place))
    .slice(0, 3)
    .join(', ');
}

function codeOf(error: unknown): string | undefined {
  const code = fieldOf(fieldOf(error, 'cause'), 'code');
  return typeof code === 'string' ? code : undefined;
}
