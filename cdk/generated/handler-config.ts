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
 * The formats that intake reads.
 */
export type Source =
  | 'guardduty'
  | 'asff'
  | 'ocsf'
  | 'inspector'
  | 'macie'
  | 'access_analyzer'
  | 'config'
  | 'health'
  | 'trusted_advisor'
  | 'sign_in'
  | 'security_ir'
  | 'guard_duty_protection'
  | 'insight'
  | 'envelope';
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
      kind: 'memberTopic';
      /**
       * The topic's name, the same in every account and Region.
       */
      topicName: string;
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
    }
  | {
      kind: 'backlog';
      /**
       * The space, without a slash at the end: `https://example.backlog.com`.
       */
      url: string;
      /**
       * The project's id.
       */
      projectId: number;
      /**
       * The id of the issues' type.
       */
      issueTypeId: number;
      text: BacklogText;
      /**
       * The status of issues whose finding was closed; absent where it stays as it is.
       */
      closedStatusId?: number | null;
      /**
       * The status of issues whose finding is open again; absent where it stays as it is.
       */
      reopenedStatusId?: number | null;
      secret: SecretConfig;
    }
  | {
      kind: 'jira';
      /**
       * The site, `https://example.atlassian.net`, or `https://api.atlassian.com/ex/jira/CLOUD-ID`, without a slash at the end.
       */
      url: string;
      /**
       * The project's key.
       */
      project: string;
      /**
       * The id of the issues' type.
       */
      issueTypeId: string;
      /**
       * Whose API token it is; absent where the token stands for itself.
       */
      email?: string | null;
      /**
       * The name of the status of issues whose finding was closed; absent where it stays as it is.
       */
      closedStatus?: string | null;
      /**
       * The name of the status of issues whose finding is open again; absent where it stays as it is.
       */
      reopenedStatus?: string | null;
      secret: SecretConfig;
    }
  | {
      kind: 'mail';
      /**
       * The sender: `security@example.com` or `Security <security@example.com>`, in ASCII.
       */
      from: string;
      /**
       * The recipients; at least one.
       *
       * @minItems 1
       */
      to: string[];
      /**
       * The identity's ARN, where another account lends it.
       */
      identityArn?: string | null;
      /**
       * The name of the configuration set, which tells of bounces and complaints.
       */
      configurationSet?: string | null;
      /**
       * The Region of the identity, where it is not the handler's.
       */
      region?: string | null;
      /**
       * Whether the original message is attached. It holds identities that the advice hides from a model.
       */
      attachOriginal?: boolean;
    };
/**
 * A chat client.
 */
export type ChatClient = 'slack' | 'teams';
/**
 * A text formatting rule of Backlog.
 */
export type BacklogText = 'backlog' | 'markdown';

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
  advice?: AdviceConfig;
  defaultRoute: RouteConfig;
  /**
   * The other routes; names are unique over all routes.
   */
  routes: RouteConfig[];
  /**
   * The queue that the handler reads: a minute's folded findings are told by a message that waits in it.
   */
  queueUrl: string;
}
/**
 * How models are asked, and what is remembered of it.
 */
export interface AdviceConfig {
  /**
   * Days that an answer is remembered, for findings with the same facts; 1 to 365.
   */
  rememberDays: number;
  /**
   * Asked first about findings of HIGH and CRITICAL: a profile id or ARN, or a model id.
   */
  modelForHigh?: string | null;
  /**
   * A guardrail that looks at facts and answers.
   */
  guardrail?: GuardrailConfig | null;
  /**
   * How much may be spent a day; without it there is no limit.
   */
  budget?: BudgetConfig | null;
}
/**
 * A guardrail of Amazon Bedrock.
 */
export interface GuardrailConfig {
  /**
   * Its id or ARN.
   */
  id: string;
  /**
   * The number of its version: a draft can change under the handler.
   */
  version: string;
}
/**
 * How much may be spent a day, counted in UTC.
 */
export interface BudgetConfig {
  /**
   * Tokens, input and output together; at least 1.
   */
  tokensPerDay: number;
  /**
   * Asked instead of the others from 80 % of the budget on: a profile id or ARN, or a model id.
   */
  cheaperModel?: string | null;
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
  /**
   * The zone of the readers' clock, by its name in the IANA database; none: the language's, Asia/Tokyo or UTC.
   */
  timeZone?: string | null;
  minimumSeverity: Severity;
  match?: MatchConfig;
  except?: MatchConfig;
  /**
   * Days after which an open finding of HIGH or CRITICAL is told again; 0: never.
   */
  repeatDays?: number;
  /**
   * How many notifications a minute are told one by one; what comes on top, unless CRITICAL, is told together.
   */
  mostAMinute?: number;
  channel: ChannelConfig;
}
/**
 * What a finding may be: it fits when each field that is not empty holds one of the finding's values.
 */
export interface MatchConfig {
  /**
   * Severities.
   */
  severities?: Severity[];
  /**
   * Formats that the event came in.
   */
  sources?: Source[];
  /**
   * Products, as a notification names them; capitals do not matter.
   */
  products?: string[];
  /**
   * Beginnings of one of the finding's types: `UnauthorizedAccess:`, `security-control/S3.`
   */
  typePrefixes?: string[];
  /**
   * Accounts that the finding is about.
   */
  accounts?: string[];
  /**
   * Regions that the finding is about.
   */
  regions?: string[];
  /**
   * Types of one of the affected resources, in any of AWS's ways of writing.
   */
  resourceTypes?: string[];
  /**
   * Tags of one of the affected resources: each key with one of its values.
   */
  tags?: {
    [k: string]: string[];
  };
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
