// Where findings come from: the event patterns of the rules.
import { EventPattern } from 'aws-cdk-lib/aws-events';
import { atLeast, Severity } from './severity';

/** GuardDuty's number from which a finding has a severity. */
const GUARDDUTY_FROM: Record<Severity, number> = {
  [Severity.INFORMATIONAL]: 0,
  [Severity.LOW]: 1,
  [Severity.MEDIUM]: 4,
  [Severity.HIGH]: 7,
  [Severity.CRITICAL]: 9,
};

/**
 * What a source may ask of its surroundings.
 *
 * @internal
 */
export interface _Surroundings {
  readonly minimumSeverity: Severity;
  readonly controlCloses: boolean;
  readonly sources: FindingSource[];
}

/** A source of findings on the account's default event bus. */
export abstract class FindingSource {
  /**
   * Findings of Security Hub in the AWS Security Finding Format, and its custom actions. Products whose native source is
   * listed as well are left out, so that nothing is told twice.
   */
  public static securityHub(): FindingSource {
    return new SecurityHub();
  }

  /** Findings of GuardDuty by its own events: durable, and within minutes. */
  public static guardDuty(): FindingSource {
    return new GuardDuty();
  }

  /**
   * Events by a pattern of your own. Formats that the handler does not know become notifications made from the envelope.
   *
   * @param id The id of the rule's construct
   * @param pattern The rule's event pattern, severity filter included
   */
  public static pattern(id: string, pattern: EventPattern): FindingSource {
    return new OwnPattern(id, pattern);
  }

  /**
   * The product's name in Security Hub, where the source replaces Security Hub's copy.
   *
   * @internal
   */
  public readonly _replaces: string | undefined = undefined;

  /**
   * The rules' ids and patterns.
   *
   * @internal
   */
  public abstract _patterns(surroundings: _Surroundings): Record<string, EventPattern>;
}

class GuardDuty extends FindingSource {
  public override readonly _replaces = 'GuardDuty';

  public _patterns({ minimumSeverity }: _Surroundings): Record<string, EventPattern> {
    return {
      GuardDuty: {
        source: ['aws.guardduty'],
        detailType: ['GuardDuty Finding'],
        detail: { severity: [{ numeric: ['>=', GUARDDUTY_FROM[minimumSeverity]] }] },
      },
    };
  }
}

class SecurityHub extends FindingSource {
  public _patterns({ minimumSeverity, controlCloses, sources }: _Surroundings): Record<string, EventPattern> {
    const replaced = sources.map((source) => source._replaces).filter((name) => name !== undefined);
    const imported = { source: ['aws.securityhub'], detailType: ['Security Hub Findings - Imported'] };
    // Record state and workflow status are no filter: archived, suppressed and resolved findings keep their severity, and
    // their close must reach the ledger.
    const patterns: Record<string, EventPattern> = {
      SecurityHub: {
        ...imported,
        detail: {
          findings: {
            Severity: { Label: atLeast(minimumSeverity) },
            ...(replaced.length > 0 ? { ProductName: [{ 'anything-but': replaced }] } : {}),
          },
        },
      },
      SecurityHubCustomAction: {
        source: ['aws.securityhub'],
        detailType: ['Security Hub Findings - Custom Action'],
      },
    };
    if (controlCloses) {
      // A control that passes turns INFORMATIONAL, so no severity filter lets it through.
      patterns.SecurityHubControlPassed = {
        ...imported,
        detail: {
          findings: {
            Compliance: { Status: ['PASSED'] },
            ProductName: ['Security Hub'],
            RecordState: ['ACTIVE'],
          },
        },
      };
    }
    return patterns;
  }
}

class OwnPattern extends FindingSource {
  public constructor(
    private readonly id: string,
    private readonly eventPattern: EventPattern,
  ) {
    super();
    if (!/^[A-Za-z][A-Za-z0-9]{0,59}$/.test(id)) {
      throw new Error(`FindingSource.pattern takes an id of 1 to 60 letters and digits, got "${id}".`);
    }
  }

  public _patterns(): Record<string, EventPattern> {
    return { [this.id]: this.eventPattern };
  }
}
