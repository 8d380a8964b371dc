import * as z from 'zod';

/** What SES answers instead of a message id. */
export interface SesFault {
  status: number;
  type: string;
  message: string;
}

// Loose: what is not judged here is handed on as it came.
const text = z.looseObject({ Data: z.string(), Charset: z.string().optional() });
const pair = z.looseObject({ Name: z.string(), Value: z.string() });
const addresses = z.array(z.string()).optional();
const destination = z.looseObject({ ToAddresses: addresses, CcAddresses: addresses, BccAddresses: addresses });
const template = z.looseObject({
  TemplateName: z.string().optional(),
  TemplateArn: z.string().optional(),
  TemplateContent: z
    .looseObject({ Subject: z.string().optional(), Html: z.string().optional(), Text: z.string().optional() })
    .optional(),
  TemplateData: z.string().optional(),
  Headers: z.array(pair).optional(),
});

const sendEmail = z.looseObject({
  FromEmailAddress: z.string().optional(),
  ReplyToAddresses: addresses,
  Destination: destination.optional(),
  ConfigurationSetName: z.string().optional(),
  EmailTags: z.array(pair).optional(),
  Content: z.looseObject({
    Simple: z
      .looseObject({
        Subject: text,
        Body: z.looseObject({ Html: text.optional(), Text: text.optional() }),
        Headers: z.array(pair).optional(),
      })
      .optional(),
    Raw: z.looseObject({ Data: z.string() }).optional(),
    Template: template.optional(),
  }),
});

const sendBulkEmail = z.looseObject({
  FromEmailAddress: z.string().optional(),
  ReplyToAddresses: addresses,
  ConfigurationSetName: z.string().optional(),
  DefaultEmailTags: z.array(pair).optional(),
  DefaultContent: z.looseObject({ Template: template }),
  BulkEmailEntries: z.array(
    z.looseObject({
      Destination: destination,
      ReplacementTags: z.array(pair).optional(),
      ReplacementHeaders: z.array(pair).optional(),
    }),
  ),
});

export type SendEmail = z.infer<typeof sendEmail>;
export type SendBulkEmail = z.infer<typeof sendBulkEmail>;
type Pair = z.infer<typeof pair>;

const RECIPIENTS = 50;
const TAGS = 50;
const HEADERS = 15;
const BYTES = 40_000_000;
/** Headers that SES writes itself. */
const RESERVED = ['from', 'to', 'cc', 'bcc', 'subject', 'date', 'message-id', 'reply-to', 'return-path', 'sender'];

const bad = (message: string): SesFault => ({ status: 400, type: 'BadRequestException', message });
export const isFault = (value: object): value is SesFault => 'status' in value && 'type' in value;

/** A SendEmail request under SES's rules, or what SES would answer. */
export function checkSendEmail(body: unknown): SendEmail | SesFault {
  const { data, error } = sendEmail.safeParse(body);
  if (!data) return bad(`Malformed request: ${error.issues[0]?.path.join('.') ?? ''}`);
  const { Simple, Raw, Template } = data.Content;
  if ([Simple, Raw, Template].filter(Boolean).length !== 1) {
    return bad('Content must be exactly one of Simple, Raw and Template.');
  }
  if (Simple && !Simple.Body.Html?.Data && !Simple.Body.Text?.Data) return bad('Body must have Html or Text.');
  if (Simple && Simple.Subject.Data.trim() === '') return bad('Missing required header Subject.');
  if (Simple && /[\r\n]/.test(Simple.Subject.Data)) return bad('Subject must be one line.');
  const bytes = JSON.stringify(data.Content).length;
  if (bytes > BYTES) return bad('Message length is more than 41943040 bytes long.');
  return (
    (Raw ? undefined : faultOfFrom(data.FromEmailAddress)) ??
    faultOfMailboxes(data.ReplyToAddresses ?? []) ??
    faultOfDestination(data.Destination ?? {}) ??
    faultOfTags(data.EmailTags ?? []) ??
    faultOfHeaders(Simple?.Headers ?? Template?.Headers ?? []) ??
    faultOfConfigurationSet(data.ConfigurationSetName) ??
    data
  );
}

/** A SendBulkEmail request under the rules that hold for all its entries; each entry is judged by `faultOfEntry`. */
export function checkSendBulkEmail(body: unknown): SendBulkEmail | SesFault {
  const { data, error } = sendBulkEmail.safeParse(body);
  if (!data) return bad(`Malformed request: ${error.issues[0]?.path.join('.') ?? ''}`);
  const count = data.BulkEmailEntries.length;
  if (count < 1 || count > RECIPIENTS) return bad('BulkEmailEntries must have 1 to 50 entries.');
  return (
    faultOfFrom(data.FromEmailAddress) ??
    faultOfMailboxes(data.ReplyToAddresses ?? []) ??
    faultOfTags(data.DefaultEmailTags ?? []) ??
    faultOfHeaders(data.DefaultContent.Template.Headers ?? []) ??
    faultOfConfigurationSet(data.ConfigurationSetName) ??
    data
  );
}

export const faultOfEntry = (entry: SendBulkEmail['BulkEmailEntries'][number]): SesFault | undefined =>
  faultOfDestination(entry.Destination) ??
  faultOfTags(entry.ReplacementTags ?? []) ??
  faultOfHeaders(entry.ReplacementHeaders ?? []);

const faultOfFrom = (from: string | undefined): SesFault | undefined =>
  from ? faultOfMailboxes([from]) : bad('FromEmailAddress must be given.');

// A rule of ours: without a configuration set nobody would ever hear what became of the mail.
const faultOfConfigurationSet = (name: string | undefined): SesFault | undefined =>
  name && /^[A-Za-z0-9_-]{1,64}$/.test(name) ? undefined : bad('ConfigurationSetName must be given.');

function faultOfDestination(to: z.infer<typeof destination>): SesFault | undefined {
  const all = [...(to.ToAddresses ?? []), ...(to.CcAddresses ?? []), ...(to.BccAddresses ?? [])];
  if (all.length === 0) return bad('Destination must have a recipient.');
  if (all.length > RECIPIENTS) return bad('Recipient count exceeds 50.');
  return faultOfMailboxes(all);
}

/** SES takes ASCII only: names as RFC 2047 words, domains as punycode, and no SMTPUTF8 local part. */
function faultOfMailboxes(mailboxes: string[]): SesFault | undefined {
  for (const mailbox of mailboxes) {
    if (!/^[ -~]+$/.test(mailbox))
      return bad('Domain contains illegal character, or a name is not encoded (RFC 2047).');
    const address = addressOf(mailbox);
    if (!/^[^\s@<>]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(address) || !address.includes('.')) {
      return bad('Illegal address.');
    }
  }
  return undefined;
}

function faultOfTags(tags: Pair[]): SesFault | undefined {
  if (tags.length > TAGS) return bad('Cannot have more than 50 tags.');
  for (const { Name, Value } of tags) {
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(Name) || !/^[A-Za-z0-9_-]{1,256}$/.test(Value)) {
      return bad('Tag names and values may only hold A-Z, a-z, 0-9, _ and -, at most 256 of them.');
    }
  }
  return new Set(tags.map(({ Name }) => Name)).size < tags.length ? bad('Duplicate tag names.') : undefined;
}

function faultOfHeaders(headers: Pair[]): SesFault | undefined {
  if (headers.length > HEADERS) return bad('Cannot have more than 15 headers.');
  for (const { Name, Value } of headers) {
    const isName = /^[!-9;-~]{1,126}$/.test(Name);
    const isValue = /^[ -~]{1,995}$/.test(Value) && Name.length + Value.length <= 996;
    if (!isName || !isValue) return bad(`The header ${isName ? Name : ''} must be short, printable ASCII.`);
    if (RESERVED.includes(Name.toLowerCase())) return bad(`The header ${Name} cannot be set this way.`);
  }
  return undefined;
}

/** `"店" <a@example.jp>` is `a@example.jp`. */
export const addressOf = (mailbox: string): string => (/<([^<>]+)>\s*$/.exec(mailbox)?.[1] ?? mailbox).trim();
