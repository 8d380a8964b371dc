import { InvokeCommand } from '@aws-sdk/client-lambda';
import { CrmError } from '#core/error.ts';
import type { Stage } from './stage.ts';

/** Has a local stage learn its recommendations at once, as the rule does every night. Errors: refused, when the function fails. */
export async function learnNow(stage: Stage): Promise<void> {
  const call = { FunctionName: 'enishi-local-learn-recommendations', Payload: Buffer.from('{}') };
  const { FunctionError } = await stage.clients.lambda.send(new InvokeCommand(call));
  if (FunctionError === undefined) return;
  throw new CrmError('refused', 'learn-recommendations failed: its log says why.');
}
