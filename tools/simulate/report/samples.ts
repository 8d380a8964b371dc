import type { CrmEvent } from '#core/event/event.ts';
import { plainHashes } from '#core/simulation/plain-hashes.ts';
import { Teller } from '#tools/timeline/lines.ts';
import type { FolderRun, Sample } from '../simulate-folder.ts';
import { type Html, html } from './html.ts';

const MOST_LINES = 30;
const SILENT = /^(alarm\.rang|identity\.|message\.returned|message\.delivered)/;

/** A few customers' histories, line by line. */
export function samplesOf(run: FolderRun): Html[] {
  const { manifest } = run.programme;
  const scenarios = run.judgement.scenarios.map(({ content }) => ({ ...content, version: 1 }));
  return run.samples.map((sample) => sampleBox(sample, new Teller(manifest.zone, scenarios, plainHashes)));
}

function sampleBox({ why, events }: Sample, teller: Teller): Html {
  teller.learn(events);
  const told = events.filter((event) => !SILENT.test(event.type));
  const rows = told.slice(0, MOST_LINES).map((event) => {
    const { local, text } = teller.line(event);
    return html`<li class="${kindOf(event)}"><time>${local}</time><span>${text.replace('、0点', '')}</span></li>`;
  });
  const rest = told.length - rows.length;
  return html`<div class="box"><h3>${why}</h3><ol class="days">${rows}</ol>${rest > 0 ? html`<p class="soft">ほか${rest}件</p>` : ''}</div>`;
}

function kindOf(event: CrmEvent): string {
  if (event.type === 'message.sent') return 'sent';
  return /^message\.(suppressed|expired|failed|merged|held)$/.test(event.type) ? 'not' : 'told';
}
