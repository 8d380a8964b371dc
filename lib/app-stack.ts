import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { Catalogue } from './catalogue.ts';
import { CrmApi } from './constructs/crm-api.ts';
import { CrmFunction } from './constructs/crm-function.ts';
import type { DataStack } from './data-stack.ts';
import { Delivery } from './delivery.ts';
import { Engine } from './engine.ts';
import { Intake } from './intake.ts';
import { Outside } from './outside.ts';
import { Publishing } from './publishing.ts';
import { Recommending } from './recommending.ts';
import type { Stage } from './stage.ts';
import { Surveys } from './surveys.ts';

/** What every capability is given. */
export interface CapabilityProps {
  stage: Stage;
  data: DataStack;
  alarms: Alarms;
}

/** What can be thrown away and rebuilt. Its table of contents: */
export class AppStack extends Stack {
  constructor(scope: Construct, id: string, { stage, data, ...props }: StackProps & { stage: Stage; data: DataStack }) {
    super(scope, id, { ...props, terminationProtection: stage.isKept });
    const alarms = new Alarms(this, 'alarms', { stage });
    const api = new CrmApi(this, 'http', { stage });
    const given = { stage, data, alarms };

    const intake = new Intake(this, 'intake', given);
    const delivery = new Delivery(this, 'delivery', { ...given, intake, publicUrl: api.publicUrl });
    const outside = new Outside(this, 'outside', given);
    new Engine(this, 'engine', { ...given, delivery, outside });
    new Publishing(this, 'publishing', given);
    const catalogue = new Catalogue(this, 'catalogue', given);
    const surveys = new Surveys(this, 'surveys', { ...given, intake });
    new Recommending(this, 'recommending', given);

    api.serve(alarms, [...intake.routes, ...catalogue.routes, ...surveys.routes, ...delivery.routes]);
    if (stage.clock !== undefined) this.#turnClock(stage.clock, data);
  }

  /** Gives every function that asks for the time a clock that reads the catalog table. */
  #turnClock(clock: 'turnable', { catalog }: DataStack): void {
    for (const fn of this.node.findAll()) {
      if (!(fn instanceof CrmFunction) || !fn.readsClock) continue;
      fn.addEnvironment('CLOCK', clock);
      catalog.letReadOnly(fn, 'clock');
    }
  }
}
