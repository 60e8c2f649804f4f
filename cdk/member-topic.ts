// The topic of an account's own readers, in each member account and Region under the same name.
import { CfnCondition, Fn, Token } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { publishStatement, useKeyStatement } from './hub-principal';

/** What the hub and its members must agree on. */
export interface MemberTopicOptions {
  /**
   * The name of the topic, the same in every account and Region.
   *
   * @default "finding-advisor"
   */
  readonly topicName?: string;

  /**
   * Whether each topic is encrypted with a key of its account, with the alias `finding-advisor`; about $1 a month each.
   *
   * Amazon SNS encrypts its disks in any case. A key that AWS manages (`alias/aws/sns`) lets no other account in.
   *
   * @default false
   */
  readonly ownKey?: boolean;
}

/** What a `MemberTopic` is made of. */
export interface MemberTopicProps extends MemberTopicOptions {
  /** The role of the hub's handler: `advisor.role.roleArn`. */
  readonly hubRoleArn: string;

  /**
   * E-mail addresses that hear of the account's findings.
   *
   * @default - none; subscribe to `topic` in any way
   */
  readonly emails?: string[];
}

/** The alias of a topic's own key. */
export const KEY_ALIAS = 'alias/finding-advisor';

/** The topic of an account's own readers, which a route over `Channel.memberTopic()` sends to. */
export class MemberTopic extends Construct {
  /** The topic. */
  public readonly topic: Topic;

  public constructor(scope: Construct, id: string, props: MemberTopicProps) {
    super(scope, id);
    const { hubRoleArn, ownKey = false } = props;
    const topicName = topicNameOf(props);
    const key = ownKey
      ? new Key(this, 'Key', {
          alias: KEY_ALIAS,
          description: 'Finding Advisor: the topic of this account',
          enableKeyRotation: true,
        })
      : undefined;
    key?.addToResourcePolicy(useKeyStatement(hubRoleArn));
    this.topic = new Topic(this, 'Topic', {
      topicName,
      enforceSSL: true,
      masterKey: key,
    });
    this.topic.addToResourcePolicy(publishStatement(hubRoleArn, this.topic.topicArn));
    for (const email of props.emails ?? []) this.topic.addSubscription(new EmailSubscription(email));
  }

  /**
   * Subscribes an address that is known in the member only, if there is one.
   * @internal
   */
  public _subscribe(email: string): void {
    const given = new CfnCondition(this, 'HasEmail', { expression: Fn.conditionNot(Fn.conditionEquals(email, '')) });
    const subscription = new CfnSubscription(this, 'Email', {
      topicArn: this.topic.topicArn,
      protocol: 'email',
      endpoint: email,
    });
    subscription.cfnOptions.condition = given;
  }
}

/** The name that hub and members agree on. */
export function topicNameOf({ topicName = 'finding-advisor' }: MemberTopicOptions): string {
  if (!Token.isUnresolved(topicName) && !/^[A-Za-z0-9_-]{1,256}$/.test(topicName)) {
    throw new Error(
      `the name of a member's topic is 1 to 256 letters, digits, _ and -, got ${JSON.stringify(topicName)}`,
    );
  }
  return topicName;
}
