/** Faster than anybody reads: time from handing the mail to SES to the touch. */
const TOO_FAST_MILLISECONDS = 2000;
/** Words in the user agents of scanners, gateways and scripts. */
const SCANNERS =
  /bot\b|crawl|spider|scan|preview|headless|barracuda|proofpoint|mimecast|symantec|trendmicro|fireeye|python|curl\/|wget|okhttp|go-http|java\/|libwww/i;

/**
 * Whether a machine opened or clicked, as far as can be told: SES's own mark where it sets one (its field's name is not documented, so any
 * true field named after automation counts), a scanner's user agent or an empty one, a touch within 2 s of sending, and for opens Apple's privacy proxy, which
 * fetches every mail (its user agent is `Mozilla/5.0` alone). Google's and Yahoo's image proxies fetch when a person opens, and count as people.
 */
export function isByMachine(
  kind: 'open' | 'click',
  touch: { timestamp?: string | undefined; userAgent?: string | undefined; [key: string]: unknown },
  sentAt: string | undefined,
): boolean {
  if (Object.entries(touch).some(([key, value]) => value === true && /automat|machine|bot/i.test(key))) return true;
  const agent = touch.userAgent?.trim();
  if (agent === '' || SCANNERS.test(agent ?? '')) return true;
  if (kind === 'open' && agent === 'Mozilla/5.0') return true;
  const passed = Date.parse(touch.timestamp ?? '') - Date.parse(sentAt ?? '');
  return passed >= 0 && passed < TOO_FAST_MILLISECONDS;
}
