// How a notification is sent.
import { Annotations, Token } from 'aws-cdk-lib';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ChannelConfig } from './generated/handler-config';

/** How a notification is sent. It has neither a language nor a severity: those belong to the route. */
export abstract class Channel {
  /**
   * An Amazon SNS standard topic, of this account or another one.
   *
   * The construct makes no topic and no subscription. A topic of another account must allow the handler's role (see
   * `FindingAdvisor.handler.role`) to publish. Where the topic is encrypted with a customer managed key, import it by
   * `Topic.fromTopicAttributes({ topicArn, keyArn })`, so that the key is granted as well.
   */
  public static topic(topic: ITopic): Channel {
    return new TopicChannel(topic);
  }

  /**
   * Grants what the channel needs, and gives the handler's configuration of it.
   *
   * @internal
   */
  public abstract _bind(scope: Construct, grantee: IGrantable): ChannelConfig;
}

class TopicChannel extends Channel {
  public constructor(private readonly destination: ITopic) {
    super();
    if (destination.fifo) {
      throw new Error('Channel.topic takes a standard topic, got a FIFO topic: e-mail cannot subscribe to those.');
    }
  }

  public _bind(scope: Construct, grantee: IGrantable): ChannelConfig {
    this.destination.grantPublish(grantee);
    // An imported topic says nothing of its encryption; ours does.
    const imported = !('addSubscription' in this.destination && this.destination.node.defaultChild !== undefined);
    if (imported && this.destination.masterKey === undefined) {
      const arn = Token.isUnresolved(this.destination.topicArn) ? this.destination.node.path : this.destination.topicArn;
      Annotations.of(scope).addWarningV2(
        '@cdk-finding-advisor:topicKeyUnknown',
        `The encryption of topic ${arn} is not known here. If it uses a customer managed key, import it by ` +
          'Topic.fromTopicAttributes({ topicArn, keyArn }), or every notification will be refused.',
      );
    }
    return { kind: 'topic', topicArn: this.destination.topicArn };
  }
}
