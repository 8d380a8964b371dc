import { ArnFormat, RemovalPolicy } from 'aws-cdk-lib';
import { Secret, type SecretStringGenerator } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import type { CrmFunction } from './crm-function.ts';

export interface CrmSecretProps {
  stage: Stage;
  /** The environment variable in which functions find the secret's name. */
  env: string;
  description: string;
  /** What stands in it before the shop puts its own. Never to be changed: CloudFormation would write it over the shop's. */
  generate: SecretStringGenerator;
}

/** A secret that a shop fills in by hand. Functions get its name, never its value. */
export class CrmSecret extends Secret {
  readonly #env: string;
  readonly #name: string;

  constructor(scope: Construct, id: string, { stage, env, description, generate }: CrmSecretProps) {
    const secretName = `enishi/${stage.name}/${id}`;
    super(scope, id, {
      secretName,
      description,
      generateSecretString: generate,
      // Not kept when the very first deploy fails: the next one could not make it again under that name.
      removalPolicy: stage.isKept ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
    this.#env = env;
    this.#name = secretName;
  }

  letRead(fn: CrmFunction): void {
    fn.addEnvironment(this.#env, this.#name);
    // AWS adds six characters to a secret's name.
    const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
    const resourceName = `${this.#name}-??????`;
    const arn = fn.stack.formatArn({ service: 'secretsmanager', resource: 'secret', resourceName, arnFormat });
    fn.may(['secretsmanager:GetSecretValue'], [arn]);
  }
}
