// Secrets of channels: the handler is told their names and reads them itself.
import { type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { type SecretConfig } from './generated/handler-config';

/** Lets the handler read a secret, with its key where the secret knows one, and says where to find it. */
export function secretConfig(handler: IGrantable, secret: ISecret, field: string | undefined): SecretConfig {
  secret.grantRead(handler);
  return { arn: secret.secretArn, field };
}

/** Refuses a field without a name. */
export function refuseEmptyField(name: string, field: string | undefined): void {
  if (field === '')
    throw new Error(`\`${name}\` names a field of the secret's JSON, got "": leave it out for the whole secret`);
}
