// The contract with the handler. Generated from contract/handler-config.schema.json; to change it run: npm run contract

/**
 * The languages of a notification.
 */
export type Language = 'ja' | 'en';
/**
 * Severity, in the order of the AWS Security Finding Format's labels.
 */
export type Severity = 'INFORMATIONAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
/**
 * A channel and what it needs to know.
 */
export type ChannelConfig =
  | {
      kind: 'topic';
      /**
       * The topic's ARN.
       */
      topicArn: string;
    }
  | {
      kind: 'chat';
      /**
       * The ARN of a topic that nobody else reads: its messages are not for people.
       */
      topicArn: string;
      client: ChatClient;
    }
  | {
      kind: 'slack';
      /**
       * The base of Slack's API, without a slash at the end: `https://slack.com/api`.
       */
      apiUrl: string;
      /**
       * The id of the Slack channel.
       */
      channel: string;
      secret: SecretConfig;
    }
  | {
      kind: 'slackWebhook';
      secret: SecretConfig;
    };
/**
 * A chat client.
 */
export type ChatClient = 'slack' | 'teams';

/**
 * What the construct tells the handler. At most 3.5 KB of JSON: Lambda allows 4 KB for all variables.
 */
export interface HandlerConfig {
  /**
   * Name of the DynamoDB table that remembers what was told.
   */
  ledgerTable: string;
  /**
   * Inference profile ids or ARNs, or model ids, tried in this order; at least one.
   *
   * @minItems 1
   */
  models: string[];
  defaultRoute: RouteConfig;
  /**
   * The other routes; names are unique over all routes.
   */
  routes: RouteConfig[];
}
/**
 * Who hears of a finding: what must match, over which channel, in which language.
 */
export interface RouteConfig {
  /**
   * The route's name in the ledger, logs and metrics: changing it forgets what the route was told.
   */
  name: string;
  language: Language;
  minimumSeverity: Severity;
  channel: ChannelConfig;
}
/**
 * A secret's name: never its value.
 */
export interface SecretConfig {
  /**
   * The ARN of an AWS Secrets Manager secret.
   */
  arn: string;
  /**
   * The field of its JSON object that holds the value; absent where the value is the whole secret.
   */
  field?: string | null;
}
