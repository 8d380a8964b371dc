import type { LinkKey } from '#adapters/crypto/links.ts';
import { signSurveyLink } from '#adapters/crypto/survey-links.ts';
import type { CustomerId, MessageId } from '#core/ids.ts';
import type { Template } from '#core/programme.ts';
import { surveysIn } from '#core/survey/asked.ts';

export interface SurveyLinkPorts {
  linkKeys: () => Promise<LinkKey[]>;
  /** `https://api.example.jp`, without a slash at its end. */
  publicUrl: string;
}

/** `links.survey.ID` for each survey a template asks by: an address to which a template appends the answer of the first question. */
export async function surveyUrls(
  { linkKeys, publicUrl }: SurveyLinkPorts,
  template: Template,
  of: { customerId: CustomerId; messageId: MessageId },
): Promise<Record<string, string>> {
  const ids = surveysIn(template);
  if (ids.length === 0) return {};
  const keys = await linkKeys();
  return Object.fromEntries(
    ids.map((survey) => [survey, `${publicUrl}/s/${signSurveyLink(keys, { ...of, survey })}?a=`]),
  );
}
