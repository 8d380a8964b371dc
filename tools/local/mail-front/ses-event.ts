import { randomUUID } from 'node:crypto';
import type { Mail } from './mail-store.ts';
import { addressOf } from './ses-rules.ts';

/** What can become of a mail, with the words SES uses for it. */
const DETAIL_TYPES = {
  Send: 'Email Sent',
  Delivery: 'Email Delivered',
  Bounce: 'Email Bounced',
  Complaint: 'Email Complaint Received',
  Reject: 'Email Rejected',
  Open: 'Email Opened',
  Click: 'Email Clicked',
} as const;

export type SesEventType = keyof typeof DETAIL_TYPES;

export interface SesEventFacts {
  type: SesEventType;
  at: Date;
  /** For a bounce: the address is dead, or only full or suppressed. */
  bounce?: 'Permanent' | 'Transient' | 'Suppressed';
  link?: string;
  userAgent?: string;
}

const REPORTER = 'dns; e.smtp-out.ap-northeast-1.amazonses.com';

/** The event as EventBridge hands it to a rule's target. Source: the SES developer guide, "Amazon SES event data". */
export function sesEvent(mail: Mail, facts: SesEventFacts, place: { account: string; region: string }): object {
  const { account, region } = place;
  const [local, domain = ''] = addressOf(mail.from).split('@');
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': DETAIL_TYPES[facts.type],
    source: 'aws.ses',
    account,
    time: facts.at.toISOString().replace(/\.\d{3}Z$/, 'Z'),
    region,
    resources: [`arn:aws:ses:${region}:${account}:configuration-set/${mail.configurationSet}`],
    detail: {
      eventType: facts.type,
      mail: {
        timestamp: mail.at,
        source: `${local}@${domain}`,
        sourceArn: `arn:aws:ses:${region}:${account}:identity/${domain}`,
        sendingAccountId: account,
        messageId: mail.sesId,
        destination: mail.to.map(addressOf),
        headersTruncated: false,
        headers: headersOf(mail),
        commonHeaders: { from: [mail.from], to: mail.to, messageId: mail.sesId, subject: mail.subject },
        tags: tagsOf(mail, domain),
      },
      ...detailOf(mail, facts),
    },
  };
}

const headersOf = (mail: Mail) => [
  { name: 'From', value: mail.from },
  { name: 'To', value: mail.to.join(', ') },
  { name: 'Subject', value: mail.subject },
  { name: 'MIME-Version', value: '1.0' },
  ...mail.headers,
];

/** Every value is a list, ours too. */
const tagsOf = (mail: Mail, domain: string): Record<string, string[]> => ({
  'ses:source-tls-version': ['TLSv1.3'],
  'ses:configuration-set': [mail.configurationSet],
  'ses:source-ip': ['127.0.0.1'],
  'ses:from-domain': [domain],
  'ses:caller-identity': ['enishi'],
  ...Object.fromEntries(Object.entries(mail.tags).map(([name, value]) => [name, [value]])),
});

function detailOf(mail: Mail, { type, at, bounce, link, userAgent }: SesEventFacts): object {
  const timestamp = at.toISOString();
  const recipients = mail.to.map(addressOf);
  const reader = { timestamp, userAgent: userAgent ?? 'Mozilla/5.0', ipAddress: '127.0.0.1' };
  const feedbackId = `${mail.sesId.slice(0, 16)}-${randomUUID()}-000000`;
  switch (type) {
    case 'Send':
      return { send: {} };
    case 'Delivery':
      return {
        delivery: {
          timestamp,
          processingTimeMillis: Math.max(0, at.getTime() - Date.parse(mail.at)),
          recipients,
          smtpResponse: '250 2.0.0 OK',
          reportingMTA: 'e.smtp-out.ap-northeast-1.amazonses.com',
        },
      };
    case 'Bounce':
      return {
        bounce: { ...bounceOf(bounce ?? 'Permanent', recipients), timestamp, feedbackId, reportingMTA: REPORTER },
      };
    case 'Complaint':
      return {
        complaint: {
          complainedRecipients: recipients.map((emailAddress) => ({ emailAddress })),
          timestamp,
          feedbackId,
          complaintSubType: null,
          complaintFeedbackType: 'abuse',
          userAgent: 'Amazon SES Mailbox Simulator',
          arrivalDate: timestamp,
        },
      };
    case 'Reject':
      return { reject: { reason: 'Bad content' } };
    case 'Open':
      return { open: reader };
    case 'Click':
      return { click: { ...reader, link: link ?? '', linkTags: null } };
  }
}

function bounceOf(kind: 'Permanent' | 'Transient' | 'Suppressed', recipients: string[]): object {
  const [status, diagnosticCode] =
    kind === 'Transient'
      ? ['4.2.2', 'smtp; 452 4.2.2 The recipient mailbox is full']
      : ['5.1.1', 'smtp; 550 5.1.1 user unknown'];
  const bouncedRecipients = recipients.map((emailAddress) =>
    kind === 'Suppressed' ? { emailAddress } : { emailAddress, action: 'failed', status, diagnosticCode },
  );
  if (kind === 'Transient') return { bounceType: 'Transient', bounceSubType: 'MailboxFull', bouncedRecipients };
  const bounceSubType = kind === 'Suppressed' ? 'OnAccountSuppressionList' : 'General';
  return { bounceType: 'Permanent', bounceSubType, bouncedRecipients };
}
