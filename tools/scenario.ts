import { CrmError } from '#core/error.ts';
import { runTool } from './local/progress.ts';

const USAGE = `Usage: npm run scenario -- check DIR [--lang en] [--json]
       npm run scenario -- push DIR [--bucket NAME] [--port 8400] [--json]
       npm run scenario -- status [--table NAME] [--port 8400] [--json]
       npm run scenario -- members SEGMENT [--list 20] [--table NAME --customers NAME] [--port 8400] [--json]
       npm run scenario -- survey ID [--port 8400] [--json]
       npm run scenario -- preview ID [--customer WHO] [--dir scenarios] [--out preview] [--no-pictures] [--json]
       npm run scenario -- versions [ID] [--bucket NAME] [--port 8400] [--json]
       npm run scenario -- rollback ID [--to N] [--dir DIR] [--bucket NAME] [--port 8400] [--json]
       npm run scenario -- edit ID [--status live] [--priority 70] [--param NAME=VALUE] [--dir scenarios] [--json]
       npm run scenario -- upgrade DIR [--apply] [--keep FILE] [--json]
       npm run scenario -- test-send ID --step STEP (--to STAFF | --customer WHO) [--dir scenarios] [--stage NAME] [--json]
check judges a folder as the publisher would, offline. push uploads it (to the local stage, or to a bucket on AWS) and shows the reports.
status shows what is published (in the local stage, or in a catalog table on AWS).
versions lists the uploads of a file and what each changed; rollback uploads an earlier one anew; edit sets values in a file and keeps its
comments; upgrade brings a release's changes of the starting set into a folder without losing a shop's edits.
members counts who is in a segment (of the local stage, or of the catalog and customers tables on AWS), and lists the latest. survey counts who was asked and what they
answered. preview draws every message of a scenario of a folder, as a page and (with Chrome or CHROME_PATH) as pictures.
test-send sends one of them to an address of settings.staff, marked as a test.
説明は docs/ja/scenario-check.md と docs/ja/templates.md にあります。`;

/** Each command is loaded only when it is called: check and status need not wait for each other's libraries. */
const COMMANDS: Record<string, () => Promise<(args: string[]) => Promise<void>>> = {
  check: async () => (await import('./scenario/check.ts')).check,
  push: async () => (await import('./scenario/push.ts')).push,
  status: async () => (await import('./scenario/status.ts')).status,
  preview: async () => (await import('./scenario/preview.ts')).preview,
  versions: async () => (await import('./scenario/versions.ts')).versions,
  rollback: async () => (await import('./scenario/rollback.ts')).rollback,
  edit: async () => (await import('./scenario/edit.ts')).edit,
  upgrade: async () => (await import('./scenario/upgrade.ts')).upgrade,
  'test-send': async () => (await import('./scenario/test-send.ts')).testSend,
  members: async () => (await import('./scenario/members.ts')).members,
  survey: async () => (await import('./scenario/survey.ts')).survey,
};

await runTool(async () => {
  const [name = '', ...args] = process.argv.slice(2);
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load || args.includes('--help')) throw new CrmError('bad-input', USAGE);
  const command = await load();
  await command(args);
});
