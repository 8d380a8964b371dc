import type { LinePusher, Mailer, MailToSend, ProviderAnswer } from '#core/ports/outward.ts';

/** What a provider answers next: an answer, and whether the message went out all the same. Accepts when nothing is planned. */
class Answers {
  readonly #planned: { answer: ProviderAnswer; isOut: boolean }[] = [];

  refuse(reason: string, isRetryable = false): void {
    this.#planned.push({ answer: { kind: 'refused', isRetryable, reason }, isOut: false });
  }

  /** The answer is lost; `isOut` says whether the provider had taken it. */
  lose(isOut: boolean): void {
    this.#planned.push({ answer: { kind: 'unknown', reason: 'timeout' }, isOut });
  }

  next(providerId: string): { answer: ProviderAnswer; isOut: boolean } {
    return this.#planned.shift() ?? { answer: { kind: 'accepted', providerId }, isOut: true };
  }
}

/** SES in memory: what went out, however often the same message was asked for. */
export class FakeMailer implements Mailer {
  readonly out: MailToSend[] = [];
  readonly answers = new Answers();

  async send(mail: MailToSend): Promise<ProviderAnswer> {
    const { answer, isOut } = this.answers.next(`ses-${this.out.length + 1}`);
    if (isOut) this.out.push(structuredClone(mail));
    return answer;
  }
}

type Push = Parameters<LinePusher['push']>[0];

/** LINE in memory: a retry key it has seen is accepted and not sent again. */
export class FakeLinePusher implements LinePusher {
  readonly out: Push[] = [];
  readonly answers = new Answers();

  async push(push: Push): Promise<ProviderAnswer> {
    const { answer, isOut } = this.answers.next(`line-${this.out.length + 1}`);
    const isKnown = this.out.some(({ messageId }) => messageId === push.messageId);
    if (isOut && !isKnown) this.out.push(structuredClone(push));
    return answer;
  }
}
