// The optional customer managed key: what each service must be allowed to do with it.
import { Resource, Stack, Validations } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey } from 'aws-cdk-lib/aws-kms';
import { type Construct, type IConstruct } from 'constructs';

/** Whether a construct is made by this app rather than imported into it. */
export function isOwned(construct: IConstruct): boolean {
  return Resource.isOwnedResource(construct);
}

/**
 * Lets EventBridge use the key. CDK does so for a rule's queue, but not for the dead-letter queue of a rule's target
 * (aws-cdk#33169: dead letters vanish).
 */
export function letEventBridgeUse(key: IKey, scope: Construct): void {
  add(
    key,
    scope,
    new PolicyStatement({
      sid: 'EventBridgeSendsToEncryptedQueues',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
}

/** Lets CloudWatch Logs use the key, which CDK does not for a log group. */
export function letLogsUse(key: IKey, scope: Construct): void {
  const { account, region, partition, urlSuffix } = Stack.of(scope);
  add(
    key,
    scope,
    new PolicyStatement({
      sid: 'CloudWatchLogsWritesEncryptedGroups',
      principals: [new ServicePrincipal(`logs.${region}.${urlSuffix}`)],
      actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],
      // The group's own ARN would make a circle: the group needs the key first.
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*`,
        },
      },
    }),
  );
}

function add(key: IKey, scope: Construct, statement: PolicyStatement): void {
  if (key.addToResourcePolicy(statement).statementAdded) return;
  Validations.of(scope).addWarning(
    'cdk-finding-advisor:keyPolicy',
    `the policy of the imported key ${key.node.path} is not ours to change: it must let events.amazonaws.com use ` +
      'kms:Decrypt and kms:GenerateDataKey*, and logs.REGION.amazonaws.com encrypt and decrypt where it encrypts a log, or ' +
      'no event arrives',
  );
}

/** Lets the handler read the encrypted queue, and read and write the encrypted ledger. */
export function letHandlerUse(key: IKey, handler: IGrantable): void {
  key.grant(handler, 'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*');
}
