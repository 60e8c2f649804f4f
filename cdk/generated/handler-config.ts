// Generated from contract/handler-config.schema.json by `npm run contract`. Do not edit.

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
  models: [string, ...string[]];
  defaultRoute: RouteConfig;
  /**
   * The other routes; names are unique over all routes.
   */
  routes: RouteConfig1[];
}
/**
 * Takes what no other route takes.
 */
export interface RouteConfig {
  /**
   * The route's name in the ledger, logs and metrics: changing it forgets what the route was told.
   */
  name: string;
  /**
   * The reader's language.
   */
  language: 'ja' | 'en';
  /**
   * Findings below it are held. A finding without a severity passes.
   */
  minimumSeverity: 'INFORMATIONAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
  /**
   * How it is sent.
   */
  channel: {
    kind: 'topic';
    /**
     * The topic's ARN.
     */
    topicArn: string;
  };
}
/**
 * Who hears of a finding: what must match, over which channel, in which language.
 */
export interface RouteConfig1 {
  /**
   * The route's name in the ledger, logs and metrics: changing it forgets what the route was told.
   */
  name: string;
  /**
   * The reader's language.
   */
  language: 'ja' | 'en';
  /**
   * Findings below it are held. A finding without a severity passes.
   */
  minimumSeverity: 'INFORMATIONAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
  /**
   * How it is sent.
   */
  channel: {
    kind: 'topic';
    /**
     * The topic's ARN.
     */
    topicArn: string;
  };
}
