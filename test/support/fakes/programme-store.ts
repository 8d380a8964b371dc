import { CrmError } from '#core/error.ts';
import type { Instant } from '#core/ids.ts';
import type { ProgrammeStore } from '#core/ports/outward.ts';
import type { Programme, Template } from '#core/programme.ts';
import type { Survey } from '#core/survey/survey.ts';
import { Faults } from './faults.ts';

/** What is published, in memory. */
export class FakeProgrammeStore implements ProgrammeStore {
  /** Tests may publish anew. */
  programme: Programme;
  readonly templates: Template[];
  readonly surveys: Survey[] = [];
  /** The pins asked for, as `scenario#version`. */
  readonly pins: string[] = [];
  readonly #faults: Faults;

  constructor(programme: Programme, templates: Template[] = [], faults: Faults = new Faults()) {
    this.programme = programme;
    this.templates = templates;
    this.#faults = faults;
  }

  load(_now: Instant, pinned: Iterable<{ scenario: string; version: number }> = []): Promise<Programme> {
    return this.#faults.run('programmeStore.load', () => {
      for (const { scenario, version } of pinned) this.pins.push(`${scenario}#${version}`);
      return this.programme;
    });
  }

  template(id: string, version: number): Promise<Template> {
    return this.#faults.run('programmeStore.template', () => {
      const found = this.templates.find((template) => template.id === id && template.version === version);
      if (!found) throw new CrmError('not-found', `template ${id}, version ${version}, is not published`);
      return found;
    });
  }

  survey(id: string): Promise<Survey | undefined> {
    return this.#faults.run('programmeStore.survey', () => this.surveys.find((survey) => survey.id === id));
  }
}
