// Topics: Amazon SNS, read by people over its subscriptions or by Amazon Q Developer.
import { Validations } from 'aws-cdk-lib';
import { type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type ITopic } from 'aws-cdk-lib/aws-sns';
import { type Construct } from 'constructs';
import { isOwned } from './encryption';
import { type ChannelConfig } from './generated/handler-config';

/** Sends to a topic's subscribers. */
export function topic(name: string, topic: ITopic): (scope: Construct, handler: IGrantable) => ChannelConfig {
  refuseFifo(name, topic);
  return (scope, handler) => {
    letPublish(scope, handler, topic);
    return { kind: 'topic', topicArn: topic.topicArn };
  };
}

/** Refuses a topic that reaches no e-mail address and no chat. */
export function refuseFifo(name: string, topic: ITopic): void {
  if (topic.fifo) {
    throw new Error(
      `${name} takes a standard topic, got the FIFO topic ${topic.node.path}: FIFO topics reach no e-mail address and no chat`,
    );
  }
}

/** Lets the handler publish, and says what nobody here can know. */
export function letPublish(scope: Construct, handler: IGrantable, topic: ITopic): void {
  topic.grantPublish(handler);
  if (!isOwned(topic) && !topic.masterKey) {
    Validations.of(scope).addWarning(
      'cdk-finding-advisor:topicKeyUnknown',
      `the topic ${topic.node.path} is imported without its key: if it is encrypted with a customer managed key, ` +
        'nothing can be sent to it; import it with Topic.fromTopicAttributes({ topicArn, keyArn })',
    );
  }
}
