// What the patterns of a source depend on beside the source itself.
import { type EventPattern } from 'aws-cdk-lib/aws-events';
import { type Severity } from '../severity';

/** What the sources are listened to for. */
export interface Listening {
  /** The lowest severity that any route takes. */
  readonly minimumSeverity: Severity;
  /** Products that are listened to natively, so that Security Hub need not tell them again: `aws/guardduty`. */
  readonly nativeProducts: string[];
  /** Whether controls that pass again are listened to. */
  readonly controlCloses: boolean;
}

/**
 * The patterns of a source, by what follows the source's name in the id of the rule. None where no route takes what the source
 * tells.
 *
 * A severity is filtered where the event holds one. Where the handler gives events one of its own they pass, unless that would
 * be thousands for nothing. State (record state, workflow, archived) is no part of a pattern: a finding that closes must reach
 * the ledger too.
 */
export type Patterns = (listening: Listening) => Record<string, EventPattern>;
