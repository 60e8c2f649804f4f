// The hub's handler, as policies in other accounts name it.
import { Fn } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement, type PolicyStatementProps } from 'aws-cdk-lib/aws-iam';

/** The account with a condition, not the role itself: a role that is made anew would be another principal. */
function hubPrincipal(roleArn: string): Required<Pick<PolicyStatementProps, 'principals' | 'conditions'>> {
  return {
    principals: [new AccountPrincipal(Fn.select(4, Fn.split(':', roleArn)))],
    conditions: { ArnEquals: { 'aws:PrincipalArn': roleArn } },
  };
}

/** Lets the hub's handler publish to a topic. */
export function publishStatement(roleArn: string, topicArn: string): PolicyStatement {
  return new PolicyStatement({
    ...hubPrincipal(roleArn),
    sid: 'HubSendsFindings',
    actions: ['sns:Publish'],
    resources: [topicArn],
  });
}

/** Lets the hub send mail from one address of an identity. Amazon SES knows accounts as delegates, and no condition on a role. */
export function sendMailStatement(roleArn: string, identityArn: string, sender: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'HubSendsMail',
    principals: hubPrincipal(roleArn).principals,
    actions: ['ses:SendEmail'],
    resources: [identityArn],
    conditions: { StringEquals: { 'ses:FromAddress': sender } },
  });
}

/** Lets the hub's handler use the key of a topic; for the policy of that key, where `*` is the key itself. */
export function useKeyStatement(roleArn: string): PolicyStatement {
  return new PolicyStatement({
    ...hubPrincipal(roleArn),
    sid: 'HubSendsToEncryptedTopic',
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    resources: ['*'],
  });
}
