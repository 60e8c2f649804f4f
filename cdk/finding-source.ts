// Sources: which events become notifications, as patterns of EventBridge rules.
import { Stack, Token, Validations } from 'aws-cdk-lib';
import { type EventPattern } from 'aws-cdk-lib/aws-events';
import { type Construct } from 'constructs';
import { type Source as Word } from './generated/handler-config';
import { type Listening, type Patterns } from './patterns/listening';
import * as native from './patterns/native';
import { securityHub, securityHubV2 } from './patterns/security-hub';
import { refuseNone, refuseRepeats } from './refusal';
import { type Severity } from './severity';

/**
 * A source of findings: an AWS product, or a pattern of your own.
 *
 * Each product should come by one way. A product that is listed here is left out of what Security Hub tells; a product that is
 * not listed comes by Security Hub, where that is listed and has it. What comes twice all the same is told once.
 */
export class FindingSource {
  /**
   * Security Hub CSPM: findings of its controls and of all products that it imports from, every custom action, and results of
   * insights that somebody sends.
   *
   * Products that are listed as a source of their own are left out. A custom action is somebody's request: it passes whatever
   * its severity and product. What a product keeps from Security Hub is not heard: Amazon Macie sends it policy findings only,
   * unless it is told to send those about sensitive data too.
   */
  public static securityHub(): FindingSource {
    return new FindingSource('SecurityHub', securityHub, ['asff']);
  }

  /**
   * Security Hub in its second version, which speaks OCSF: exposures, and findings of its controls and of the products that it
   * takes.
   *
   * In the place of `securityHub()`, not beside it: both tell the same findings. There are no custom actions. Products that are
   * listed as a source of their own are left out; an exposure that is made of their findings is not.
   */
  public static securityHubV2(): FindingSource {
    return new FindingSource('SecurityHubV2', securityHubV2, ['ocsf']);
  }

  /**
   * Amazon GuardDuty, without the detour over Security Hub: sooner, and also where Security Hub is off.
   *
   * Beside findings: objects in which Malware Protection for S3 found a threat (without a detector no finding is made of
   * them), and protection that is down or up again. Scans that found nothing are left out: they are one for each new object.
   */
  public static guardDuty(): FindingSource {
    return new FindingSource('GuardDuty', native.guardDuty, ['guardduty'], 'aws/guardduty');
  }

  /**
   * Amazon Inspector.
   *
   * Vulnerabilities that nobody has rated yet pass too, as their score may be high. Expect many HIGH findings of packages; a
   * route of its own keeps them from those who are on call.
   */
  public static inspector(): FindingSource {
    return new FindingSource('Inspector', native.inspector, ['inspector'], 'aws/inspector');
  }

  /**
   * Amazon Macie: policy findings and sensitive data findings. By Security Hub alone the latter would be missing, unless Macie
   * is told to send them there.
   *
   * Its highest severity is HIGH. A finding about sensitive data is never updated, so no close of it is heard.
   */
  public static macie(): FindingSource {
    return new FindingSource('Macie', native.macie, ['macie'], 'aws/macie');
  }

  /**
   * IAM Access Analyzer: access from outside, from inside, and unused access.
   *
   * Its findings have no severity: public access counts as HIGH, other access as MEDIUM, unused access as LOW. What is below
   * the `minimumSeverity` of every route is not listened to, as unused access alone can be thousands. By Security Hub a finding
   * names one principal of several at a time.
   */
  public static accessAnalyzer(): FindingSource {
    return new FindingSource('AccessAnalyzer', native.accessAnalyzer, ['access_analyzer'], 'aws/access-analyzer');
  }

  /**
   * AWS Config: rules that a resource breaks, and that it keeps again.
   *
   * A broken rule counts as MEDIUM, so at least one route must go as low. Left out are resources that never broke the rule
   * (each new one is reported so), and the rules of Security Hub (`securityhub-…`): they are its controls.
   */
  public static config(): FindingSource {
    return new FindingSource('Config', native.config, ['config'], 'aws/config');
  }

  /**
   * AWS Health: abuse that is reported of your resources, risks such as access keys that were exposed, and what AWS marks as
   * meant for security people. Not its operational events. The highest severity is HIGH.
   */
  public static health(): FindingSource {
    return new FindingSource('Health', native.health, ['health'], 'aws/health');
  }

  /**
   * AWS Trusted Advisor: check items that are red (HIGH) or yellow (MEDIUM), and green again. Of all checks, also those about
   * cost: the event does not say what a check is about.
   *
   * It sends its events in us-east-1 only, about once a week, and needs a paid support plan.
   */
  public static trustedAdvisor(): FindingSource {
    return new FindingSource('TrustedAdvisor', native.trustedAdvisor, ['trusted_advisor'], undefined, 'us-east-1');
  }

  /**
   * Sign-ins: anomalies, and every sign-in of a root user to the console.
   *
   * Root users are always recorded in us-east-1, and only where a trail of AWS CloudTrail is on. Sign-ins of others are left
   * out: they are daily business.
   */
  public static signIn(): FindingSource {
    return new FindingSource('SignIn', native.signIn, ['sign_in'], undefined, 'us-east-1');
  }

  /**
   * AWS Security Incident Response: cases that are opened, updated and closed, what AWS's responders say on them, and a
   * membership that ends. Comments of your own people are left out.
   */
  public static securityIncidentResponse(): FindingSource {
    return new FindingSource('SecurityIncidentResponse', native.securityIncidentResponse, ['security_ir']);
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
    return new FindingSource(name, () => ({ Events: eventPattern }), []);
  }

  private constructor(
    /** The source's name, unique among the sources. */
    public readonly name: string,
    private readonly patterns: Patterns,
    /**
     * What the handler calls the formats that it sends.
     * @internal
     */
    public readonly _words: Word[],
    /**
     * How Security Hub names the product.
     * @internal
     */
    public readonly _product?: string,
    /**
     * The one Region that it sends events of, if so.
     * @internal
     */
    public readonly _onlyIn?: string,
  ) {}

  /** @internal */
  public _patterns(listening: Listening): Record<string, EventPattern> {
    return this.patterns(listening);
  }
}

/** What is listened to unless the user says otherwise. */
export function defaultSources(): FindingSource[] {
  return [FindingSource.securityHub(), FindingSource.guardDuty()];
}

/** Refuses what tells the same twice, or nothing. */
export function refuseSources(sources: FindingSource[], controlCloses: boolean): void {
  const names = sources.map((source) => source.name);
  refuseNone('sources', sources);
  refuseRepeats('sources', 'name', names);
  const hubs = [FindingSource.securityHub().name, FindingSource.securityHubV2().name].filter((hub) =>
    names.includes(hub),
  );
  if (hubs.length > 1) {
    throw new Error(
      'FindingSource.securityHub() and FindingSource.securityHubV2() tell the same findings: supply one of them in `sources`',
    );
  }
  if (controlCloses && hubs.length === 0) {
    throw new Error(
      '`controlCloses` needs FindingSource.securityHub() or FindingSource.securityHubV2() among the `sources`',
    );
  }
}

/** The rules of all sources: construct id and pattern; and the sources that have none, as no route goes low enough. */
export function rules(
  sources: FindingSource[],
  routes: Pick<Listening, 'minimumSeverity' | 'controlCloses'>,
): { readonly patterns: [string, EventPattern][]; readonly unheard: string[] } {
  const nativeProducts = sources.flatMap((source) => source._product ?? []);
  const patterns = sources.map(
    (source) => [source.name, Object.entries(source._patterns({ ...routes, nativeProducts }))] as const,
  );
  return {
    patterns: patterns.flatMap(([name, all]) =>
      all.map(([id, pattern]): [string, EventPattern] => [`${name}${id}`, pattern]),
    ),
    unheard: patterns.filter(([, all]) => all.length === 0).map(([name]) => name),
  };
}

/** Warns of sources that no rule listens to. */
export function warnOfUnheard(scope: Construct, unheard: string[], minimumSeverity: Severity): void {
  if (unheard.length === 0) return;
  Validations.of(scope).addWarning(
    'cdk-finding-advisor:sourceReachesNobody',
    `nothing is heard of ${unheard.join(', ')}: no finding of it is ${minimumSeverity} or worse; supply a lower ` +
      '`minimumSeverity`, or leave the source out',
  );
}

/** Warns of sources that send nothing to the Region of the stack. */
export function warnOfElsewhere(scope: Construct, sources: FindingSource[]): void {
  const { region } = Stack.of(scope);
  if (Token.isUnresolved(region)) return;
  for (const { name, _onlyIn } of sources) {
    if (_onlyIn === undefined || _onlyIn === region) continue;
    Validations.of(scope).addWarning(
      `cdk-finding-advisor:sourceIsElsewhere:${name}`,
      `${name} sends events in ${_onlyIn} only (of sign-ins: those of root users), and this stack is in ${region}: supply ` +
        `\`members\`, and a FindingForwarder in ${_onlyIn}`,
    );
  }
}
