// Slack: with a bot's token, or an incoming webhook.
import { Token } from 'aws-cdk-lib';
import { type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { type Construct } from 'constructs';
import { type ChannelConfig } from './generated/handler-config';
import { refuseEmptyField, secretConfig } from './secret';

/** Where a Slack bot posts. */
export interface SlackOptions {
  /** The id of the Slack channel, as its details show it: `C0123456789`. */
  readonly channelId: string;

  /** Holds the bot's token, `xoxb-…`; the bot needs the scope `chat:write` and must be a member of the channel. */
  readonly token: ISecret;

  /**
   * The field of the secret's JSON that is the token.
   *
   * @default - the whole secret
   */
  readonly tokenField?: string;

  /**
   * Whether the workspace is one of GovSlack.
   *
   * @default false
   */
  readonly govSlack?: boolean;
}

/** A Slack incoming webhook. */
export interface SlackWebhookOptions {
  /** Holds the webhook's address, `https://hooks.slack.com/services/…`. */
  readonly url: ISecret;

  /**
   * The field of the secret's JSON that is the address.
   *
   * @default - the whole secret
   */
  readonly urlField?: string;
}

/** Posts as a bot. */
export function slack(options: SlackOptions): (scope: Construct, handler: IGrantable) => ChannelConfig {
  const { channelId, token, tokenField } = options;
  if (!Token.isUnresolved(channelId) && !/^[CG][A-Z0-9]{8,}$/.test(channelId)) {
    throw new Error(
      `\`channelId\` is the id at the foot of the Slack channel's details, like C0123456789, got ${JSON.stringify(channelId)}`,
    );
  }
  refuseEmptyField('tokenField', tokenField);
  const apiUrl = options.govSlack ? 'https://slack-gov.com/api' : 'https://slack.com/api';
  return (_scope, handler) => ({
    kind: 'slack',
    apiUrl,
    channel: channelId,
    secret: secretConfig(handler, token, tokenField),
  });
}

/** Posts to a webhook. */
export function slackWebhook(options: SlackWebhookOptions): (scope: Construct, handler: IGrantable) => ChannelConfig {
  const { url, urlField } = options;
  refuseEmptyField('urlField', urlField);
  return (_scope, handler) => ({ kind: 'slackWebhook', secret: secretConfig(handler, url, urlField) });
}
