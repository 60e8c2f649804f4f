// Channels: how a notification is sent, and what the handler may do for it.
import { Validations } from 'aws-cdk-lib';
import { type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type ITopic } from 'aws-cdk-lib/aws-sns';
import { type Construct } from 'constructs';
import { isOwned } from './encryption';
import { type ChannelConfig } from './generated/handler-config';

/** How a notification is sent. */
export abstract class Channel {
  /**
   * To the subscribers of an Amazon SNS standard topic, in this account or another.
   *
   * The handler gets `sns:Publish` on it, and the use of its key where the topic knows one. The policy of a topic in
   * another account must let the handler's role in as well: `topicPolicyStatement()` and `keyPolicyStatement()` of the
   * FindingAdvisor are what its owner adds.
   *
   * @param topic the topic; its subscriptions are yours to make
   */
  public static topic(topic: ITopic): Channel {
    return new TopicChannel(topic);
  }

  /** @internal */
  public abstract _bind(scope: Construct, handler: IGrantable): ChannelConfig;
}

class TopicChannel extends Channel {
  public constructor(private readonly topic: ITopic) {
    super();
    if (topic.fifo) {
      throw new Error(
        `Channel.topic() takes a standard topic, got the FIFO topic ${topic.node.path}: FIFO topics reach no e-mail address`,
      );
    }
  }

  public override _bind(scope: Construct, handler: IGrantable): ChannelConfig {
    this.topic.grantPublish(handler);
    if (!isOwned(this.topic) && !this.topic.masterKey) {
      Validations.of(scope).addWarning(
        'cdk-finding-advisor:topicKeyUnknown',
        `the topic ${this.topic.node.path} is imported without its key: if it is encrypted with a customer managed key, ` +
          'nothing can be sent to it; import it with Topic.fromTopicAttributes({ topicArn, keyArn })',
      );
    }
    return { kind: 'topic', topicArn: this.topic.topicArn };
  }
}
