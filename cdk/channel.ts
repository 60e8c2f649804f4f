// Channels: how a notification is sent, and what the handler may do for it.
import { type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type ITopic } from 'aws-cdk-lib/aws-sns';
import { type Construct } from 'constructs';
import { backlog, type BacklogOptions } from './backlog';
import { chat, ChatClient } from './chat';
import { type ChannelConfig } from './generated/handler-config';
import { jira, type JiraOptions } from './jira';
import { mail, type MailOptions } from './mail';
import { slack, type SlackOptions, slackWebhook, type SlackWebhookOptions } from './slack';
import { topic } from './topic';

/** How a notification is sent. */
export class Channel {
  /**
   * To the subscribers of an Amazon SNS standard topic, in this account or another.
   *
   * The handler gets `sns:Publish` on it, and the use of its key where the topic knows one. The policy of a topic in
   * another account must let the handler's role in as well: `topicPolicyStatement()` and `keyPolicyStatement()` of the
   * FindingAdvisor are what its owner adds.
   *
   * @param topic the topic; its subscriptions are yours to make
   */
  public static topic(topic_: ITopic): Channel {
    return new Channel(topic('Channel.topic()', topic_));
  }

  /**
   * To a chat channel through Amazon Q Developer in chat applications, which reads the topic.
   *
   * Its messages are for Amazon Q Developer alone: subscribe nothing else. The handler gets what it gets of
   * `Channel.topic()`.
   *
   * @param topic the topic that the chat configuration is subscribed to
   * @param client the chat client whose markup the messages are written in
   */
  public static chat(topic_: ITopic, client: ChatClient = ChatClient.SLACK): Channel {
    return new Channel(chat(topic_, client));
  }

  /**
   * To a Slack channel with a bot's token: a message a finding, kept up to date, with everything else in its thread.
   *
   * The handler may read the secret.
   *
   * @param options which channel, and the bot's token
   */
  public static slack(options: SlackOptions): Channel {
    return new Channel(slack(options));
  }

  /**
   * To a Slack incoming webhook: a message a notification, without threads.
   *
   * The handler may read the secret.
   *
   * @param options the webhook's address
   */
  public static slackWebhook(options: SlackWebhookOptions): Channel {
    return new Channel(slackWebhook(options));
  }

  /**
   * To a project of Backlog: an issue a finding, with a comment for each change.
   *
   * The handler may read the secret.
   *
   * @param options which project, and an API key
   */
  public static backlog(options: BacklogOptions): Channel {
    return new Channel(backlog(options));
  }

  /**
   * To a project of Jira Cloud: an issue a finding, with a comment for each change.
   *
   * The handler may read the secret.
   *
   * @param options which project, and an API token
   */
  public static jira(options: JiraOptions): Channel {
    return new Channel(jira(options));
  }

  /**
   * By mail over Amazon SES: HTML and text, one conversation a finding.
   *
   * The handler gets `ses:SendEmail` with the identity, from this one address.
   *
   * @param options who sends to whom
   */
  public static mail(options: MailOptions): Channel {
    return new Channel(mail(options));
  }

  private constructor(private readonly bind: (scope: Construct, handler: IGrantable) => ChannelConfig) {}

  /** @internal */
  public _bind(scope: Construct, handler: IGrantable): ChannelConfig {
    return this.bind(scope, handler);
  }
}
