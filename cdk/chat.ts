// Chat through Amazon Q Developer, which reads a topic.
import { type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type ITopic } from 'aws-cdk-lib/aws-sns';
import { type Construct } from 'constructs';
import { type ChannelConfig } from './generated/handler-config';
import { letPublish, refuseFifo } from './topic';

/** The chat client that Amazon Q Developer posts to; each reads a markup of its own. */
export enum ChatClient {
  /** Slack. */
  SLACK = 'slack',
  /** Microsoft Teams. */
  TEAMS = 'teams',
}

/** Sends Amazon Q Developer's custom notifications. */
export function chat(topic: ITopic, client: ChatClient): (scope: Construct, handler: IGrantable) => ChannelConfig {
  refuseFifo('Channel.chat()', topic);
  return (scope, handler) => {
    letPublish(scope, handler, topic);
    return { kind: 'chat', topicArn: topic.topicArn, client };
  };
}
