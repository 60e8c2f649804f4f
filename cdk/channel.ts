// Channels: how a notification is sent, and what the handler may do for it.
import { type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type ITopic } from 'aws-cdk-lib/aws-sns';
import { type Construct } from 'constructs';
import { type BacklogOptions, toBacklog } from './backlog';
import { ChatClient, toChat } from './chat';
import { type ChannelConfig } from './generated/handler-config';
import { type JiraOptions, toJira } from './jira';
import { type MailOptions, toMail } from './mail';
import { toMemberTopic } from './member-channel';
import { type MemberTopicOptions } from './member-topic';
import { type Members } from './members';
import { type SlackOptions, type SlackWebhookOptions, toSlack, toSlackWebhook } from './slack';
import { toTopic } from './topic';

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
  public static topic(topic: ITopic): Channel {
    return new Channel(toTopic('Channel.topic()', topic));
  }

  /**
   * To the topic of each member's own readers: the one of the account and Region that a finding is about, under the name
   * that a `MemberTopic` or the `memberTopic` of a `FindingForwarderStackSet` has there.
   *
   * The handler gets `sns:Publish` on topics of this name in the `members` of the FindingAdvisor and, with `ownKey`, the use
   * of their keys through Amazon SNS. A finding whose account or Region has no such topic is told over the default route,
   * which therefore cannot be one of these. The limit of `mostAMinute` holds for each topic by itself.
   *
   * @param options what the members' topics are made with
   */
  public static memberTopic(options: MemberTopicOptions = {}): Channel {
    return new Channel(toMemberTopic(options));
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
  public static chat(topic: ITopic, client: ChatClient = ChatClient.SLACK): Channel {
    return new Channel(toChat(topic, client));
  }

  /**
   * To a Slack channel with a bot's token: a message a finding, kept up to date, with everything else in its thread.
   *
   * The handler may read the secret.
   *
   * @param options which channel, and the bot's token
   */
  public static slack(options: SlackOptions): Channel {
    return new Channel(toSlack(options));
  }

  /**
   * To a Slack incoming webhook: a message a notification, without threads.
   *
   * The handler may read the secret.
   *
   * @param options the webhook's address
   */
  public static slackWebhook(options: SlackWebhookOptions): Channel {
    return new Channel(toSlackWebhook(options));
  }

  /**
   * To a project of Backlog: an issue a finding, with a comment for each change.
   *
   * The handler may read the secret.
   *
   * @param options which project, and an API key
   */
  public static backlog(options: BacklogOptions): Channel {
    return new Channel(toBacklog(options));
  }

  /**
   * To a project of Jira Cloud: an issue a finding, with a comment for each change.
   *
   * The handler may read the secret.
   *
   * @param options which project, and an API token
   */
  public static jira(options: JiraOptions): Channel {
    return new Channel(toJira(options));
  }

  /**
   * By mail over Amazon SES: HTML and text, one conversation a finding.
   *
   * The handler gets `ses:SendEmail` with the identity, from this one address.
   *
   * @param options who sends to whom
   */
  public static mail(options: MailOptions): Channel {
    return new Channel(toMail(options));
  }

  private constructor(
    private readonly bind: (scope: Construct, handler: IGrantable, members?: Members) => ChannelConfig,
  ) {}

  /** @internal */
  public _bind(scope: Construct, handler: IGrantable, members?: Members): ChannelConfig {
    return this.bind(scope, handler, members);
  }
}
