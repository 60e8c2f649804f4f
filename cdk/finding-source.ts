// Sources: which events become notifications, as patterns of EventBridge rules.
import { type EventPattern, Match } from 'aws-cdk-lib/aws-events';
import { GUARDDUTY_SEVERITY, labelsBelow, labelsFrom, type Severity } from './severity';

/** What the patterns of a source depend on beside itself. */
interface Listening {
  /** The lowest severity that any route takes. */
  readonly minimumSeverity: Severity;
  /** `ProductName` of the products that are listened to natively, so that Security Hub need not tell them again. */
  readonly nativeProducts: string[];
  /** Whether controls that pass again are listened to. */
  readonly controlCloses: boolean;
}

/** A source of findings: an AWS product, or a pattern of your own. */
export class FindingSource {
  /**
   * Security Hub CSPM: findings of its controls and of all products that it imports from, and every custom action.
   *
   * Products that are listed as a source of their own are left out, so that one finding does not come twice. A custom
   * action is somebody's request: it passes whatever its severity and product.
   */
  public static securityHub(): FindingSource {
    return new FindingSource('SecurityHub', securityHubRules);
  }

  /** Amazon GuardDuty, without the detour over Security Hub: sooner, and also where Security Hub is off. */
  public static guardDuty(): FindingSource {
    return new FindingSource('GuardDuty', guardDutyRules, 'GuardDuty');
  }

  /**
   * Events of your own choice on the default event bus.
   *
   * Whatever matches is told: no severity filter is added, and an event that the handler does not know becomes a
   * notification that shows it as it is.
   *
   * @param name the name of the source, unique among the sources; the construct id of its rule begins with it
   * @param eventPattern what to listen to
   */
  public static pattern(name: string, eventPattern: EventPattern): FindingSource {
    if (Object.keys(eventPattern).length === 0) {
      throw new Error(`the pattern of the source ${name} is empty: say at least one of source, detailType or detail`);
    }
    return new FindingSource(name, () => ({ Events: eventPattern }));
  }

  private constructor(
    /** The source's name, unique among the sources. */
    public readonly name: string,
    private readonly rules: (listening: Listening) => Record<string, EventPattern>,
    /** @internal */
    public readonly _nativeProduct?: string,
  ) {}

  /** @internal */
  public _rules(listening: Listening): Record<string, EventPattern> {
    return this.rules(listening);
  }
}

/** The rules of all sources: construct id and pattern. */
export function rules(
  sources: FindingSource[],
  routes: Pick<Listening, 'minimumSeverity' | 'controlCloses'>,
): [string, EventPattern][] {
  const nativeProducts = sources.flatMap((source) => source._nativeProduct ?? []);
  return sources.flatMap((source) =>
    Object.entries(source._rules({ ...routes, nativeProducts })).map(([id, pattern]): [string, EventPattern] => [
      `${source.name}${id}`,
      pattern,
    ]),
  );
}

// State (record state, workflow, archived) is no part of the patterns: a finding that closes must reach the ledger too.

function guardDutyRules({ minimumSeverity }: Listening): Record<string, EventPattern> {
  return {
    Findings: {
      source: ['aws.guardduty'],
      detailType: ['GuardDuty Finding'],
      detail: { severity: Match.greaterThanOrEqual(GUARDDUTY_SEVERITY[minimumSeverity]) },
    },
  };
}

function securityHubRules(listening: Listening): Record<string, EventPattern> {
  const { minimumSeverity, nativeProducts, controlCloses } = listening;
  const imported = (findings: Record<string, unknown>): EventPattern => ({
    source: ['aws.securityhub'],
    detailType: ['Security Hub Findings - Imported'],
    detail: { findings: { ...findings, ...without(nativeProducts) } },
  });
  const rules: Record<string, EventPattern> = {
    Findings: imported({ Severity: { Label: labelsFrom(minimumSeverity) } }),
    CustomActions: {
      source: ['aws.securityhub'],
      detailType: ['Security Hub Findings - Custom Action'],
    },
  };
  // A control that passes turns INFORMATIONAL. Only what the first rule leaves: nothing is to come twice.
  const below = labelsBelow(minimumSeverity);
  if (controlCloses && below.length > 0) {
    rules.ControlCloses = imported({ Severity: { Label: below }, Compliance: { Status: ['PASSED'] } });
  }
  return rules;
}

/** A field that is absent matches no `anything-but`, and a finding without its product's name must not be lost. */
function without(products: string[]): Record<string, unknown> {
  if (products.length === 0) return {};
  return { $or: [{ ProductName: Match.anythingBut(...products) }, { ProductName: Match.doesNotExist() }] };
}
