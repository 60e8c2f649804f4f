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
export type ChannelConfig = {
  kind: 'topic';
  /**
   * The topic's ARN.
   */
  topicArn: string;
};

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
