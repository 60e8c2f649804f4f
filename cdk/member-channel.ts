// Topics of members as a channel: which topic a finding goes to is the handler's to say, which ones it may reach is ours.
import { Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type Construct } from 'constructs';
import { type ChannelConfig } from './generated/handler-config';
import { KEY_ALIAS, type MemberTopicOptions, topicNameOf } from './member-topic';
import { type Members } from './members';

/** Sends to the topic of the account and Region that a finding is about. */
export function toMemberTopic(
  options: MemberTopicOptions,
): (scope: Construct, handler: IGrantable, members?: Members) => ChannelConfig {
  const topicName = topicNameOf(options);
  return (scope, handler, members) => {
    if (!members) {
      throw new Error(
        'Channel.memberTopic() sends to topics of members, and the hub has none: supply `members` of the FindingAdvisor, ' +
          'such as Members.organization("o-…")',
      );
    }
    const may = (sid: string, actions: string[], arn: (account: string) => string, conditions = {}) => {
      const theirs = members._asResources(arn);
      const statement = { sid, actions, ...theirs, conditions: { ...theirs.conditions, ...conditions } };
      handler.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement));
    };
    const stack = Stack.of(scope);
    const anyRegion = (service: string, resource: string) => (account: string) =>
      `arn:${stack.partition}:${service}:*:${account}:${resource}`;
    may('SendToMembers', ['sns:Publish'], anyRegion('sns', topicName));
    if (options.ownKey) {
      // The ids of keys differ in each account and Region; the alias is what they have in common.
      may('SendToEncryptedTopicsOfMembers', ['kms:Decrypt', 'kms:GenerateDataKey*'], anyRegion('kms', 'key/*'), {
        'ForAnyValue:StringEquals': { 'kms:ResourceAliases': KEY_ALIAS },
        StringLike: { 'kms:ViaService': 'sns.*.amazonaws.com' },
      });
    }
    return { kind: 'memberTopic', topicName };
  };
}
