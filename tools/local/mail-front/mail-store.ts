import { openStateFile, type StateFile } from '../state-file.ts';

/** What SES would have told EventBridge of a mail. */
export interface MailEvent {
  type: string;
  at: string;
  /** For a click. */
  link?: string;
  /** `failed`: the stage did not take it. */
  state: 'waiting' | 'told' | 'failed';
}

/** A mail as it was accepted, with what became of it. */
export interface Mail {
  sesId: string;
  at: string;
  from: string;
  replyTo: string[];
  to: string[];
  subject: string;
  html: string;
  text: string;
  headers: { name: string; value: string }[];
  /** Also under `messageId`, if one of them has that name. */
  tags: Record<string, string>;
  messageId?: string;
  configurationSet: string;
  events: MailEvent[];
}

interface State {
  mails: Mail[];
}

/** All mails of the stage, oldest first, kept in a file. */
export class MailStore {
  readonly #file: StateFile<State>;
  readonly #onChange: () => void;

  constructor(file: StateFile<State>, onChange: () => void) {
    this.#file = file;
    this.#onChange = onChange;
  }

  static async open(path: string, onChange: () => void): Promise<MailStore> {
    return new MailStore(await openStateFile<State>(path, () => ({ mails: [] })), onChange);
  }

  all(to?: string): Mail[] {
    return this.#file.state.mails.filter((mail) => to === undefined || mail.to.includes(to));
  }

  find(sesId: string): Mail | undefined {
    return this.#file.state.mails.find((mail) => mail.sesId === sesId);
  }

  add(mail: Mail): void {
    this.#file.state.mails.push(mail);
    this.changed();
  }

  clear(): void {
    this.#file.state.mails = [];
    this.changed();
  }

  /** Call after changing a mail in place. */
  changed(): void {
    this.#file.changed();
    this.#onChange();
  }

  flush(): Promise<void> {
    return this.#file.flush();
  }
}
