// The products that send their findings to EventBridge themselves, one function each.
import { type EventPattern, Match } from 'aws-cdk-lib/aws-events';
import { reaches, severitiesFrom, Severity, words } from '../severity';
import { type Listening } from './listening';

type Named = Record<string, EventPattern>;

/**
 * Where a severity begins on GuardDuty's scale from 1.0 to 10.0 (Amazon GuardDuty User Guide, "Severity levels").
 * The guide writes ranges such as 7.0-8.9; only "from" leaves no gap between 8.9 and 9.0.
 */
const GUARDDUTY_FROM: Record<Severity, number> = {
  [Severity.INFORMATIONAL]: 0,
  [Severity.LOW]: 1,
  [Severity.MEDIUM]: 4,
  [Severity.HIGH]: 7,
  [Severity.CRITICAL]: 9,
};

/** Findings, objects with malware, and protection that is down or up again. */
export function guardDuty({ minimumSeverity }: Listening): Named {
  const source = ['aws.guardduty'];
  return {
    Findings: {
      source,
      detailType: ['GuardDuty Finding'],
      detail: { severity: Match.greaterThanOrEqual(GUARDDUTY_FROM[minimumSeverity]) },
    },
    // A scan that finds nothing is an event too: one for each object that is written to the bucket.
    MalwareObjects: {
      source,
      detailType: ['GuardDuty Malware Protection Object Scan Result'],
      detail: { scanResultDetails: { scanResultStatus: ['THREATS_FOUND'] } },
    },
    Protection: {
      source,
      detailType: [
        'GuardDuty Malware Protection Post Scan Action Failed',
        'GuardDuty Malware Protection Resource Status Warning',
        'GuardDuty Malware Protection Resource Status Error',
        'GuardDuty Malware Protection Resource Status Active',
        'GuardDuty Runtime Protection Unhealthy',
        'GuardDuty Runtime Protection Healthy',
      ],
    },
  };
}

export function inspector({ minimumSeverity }: Listening): Named {
  return {
    Findings: {
      source: ['aws.inspector2'],
      detailType: ['Inspector2 Finding'],
      // Nobody has rated an untriaged one yet: the handler goes by its score.
      detail: { severity: [...severitiesFrom(minimumSeverity), 'UNTRIAGED'] },
    },
  };
}

/** `severity.description`: there is no more than High. */
const MACIE_WORDS = {
  [Severity.LOW]: ['Low'],
  [Severity.MEDIUM]: ['Medium'],
  [Severity.HIGH]: ['High'],
};

export function macie({ minimumSeverity }: Listening): Named {
  const description = words(MACIE_WORDS, severitiesFrom(minimumSeverity));
  if (description.length === 0) return {};
  return {
    Findings: { source: ['aws.macie'], detailType: ['Macie Finding'], detail: { severity: { description } } },
  };
}

/** No event has a severity: access from outside counts as HIGH or MEDIUM, from inside as MEDIUM, unused access as LOW. */
export function accessAnalyzer({ minimumSeverity }: Listening): Named {
  const detailType = [
    ...(reaches(Severity.HIGH, minimumSeverity) ? ['Access Analyzer Finding'] : []),
    ...(reaches(Severity.MEDIUM, minimumSeverity) ? ['Internal Access Finding'] : []),
    ...(reaches(Severity.LOW, minimumSeverity) ? ['Unused Access Finding for IAM entities'] : []),
  ];
  return detailType.length > 0 ? { Findings: { source: ['aws.access-analyzer'], detailType } } : {};
}

/** Rules that are broken count as MEDIUM; with those that were: any new resource is told of as compliant, too. */
export function config({ minimumSeverity }: Listening): Named {
  if (!reaches(Severity.MEDIUM, minimumSeverity)) return {};
  const broken = { complianceType: ['NON_COMPLIANT'] };
  return {
    ComplianceChanges: {
      source: ['aws.config'],
      detailType: ['Config Rules Compliance Change'],
      detail: {
        messageType: ['ComplianceChangeNotification'],
        // Security Hub's own rules: each is a control, which Security Hub tells with more to it.
        configRuleName: Match.anythingButPrefix('securityhub-'),
        $or: [{ newEvaluationResult: broken }, { oldEvaluationResult: broken }],
      },
    },
  };
}

/** Abuse counts as HIGH; of other events the handler says how bad they are. */
export function health({ minimumSeverity }: Listening): Named {
  const source = ['aws.health'];
  return {
    ...(reaches(Severity.HIGH, minimumSeverity) ? { Abuse: { source, detailType: ['AWS Health Abuse Event'] } } : {}),
    Risks: {
      source,
      detailType: ['AWS Health Event'],
      detail: { $or: [{ service: ['RISK', 'ABUSE'] }, { personas: ['SECURITY'] }] },
    },
  };
}

/** `status`: there is no more than red. */
const TRUSTED_ADVISOR_STATUS = {
  [Severity.MEDIUM]: ['WARN'],
  [Severity.HIGH]: ['ERROR'],
};

export function trustedAdvisor({ minimumSeverity }: Listening): Named {
  const open = words(TRUSTED_ADVISOR_STATUS, severitiesFrom(minimumSeverity));
  if (open.length === 0) return {};
  return {
    CheckItems: {
      source: ['aws.trustedadvisor'],
      detailType: ['Trusted Advisor Check Item Refresh Notification'],
      detail: { status: [...open, 'OK'] }, // OK closes
    },
  };
}

export function signIn(): Named {
  const source = ['aws.signin'];
  return {
    Anomalies: { source, detailType: ['Sign-in Anomaly Alert'] },
    Root: {
      source,
      detailType: ['AWS Console Sign In via CloudTrail'],
      detail: { userIdentity: { type: ['Root'] } },
    },
  };
}

/** Not what people of one's own write into a case: they know, and the event does not say what they wrote. */
export function securityIncidentResponse(): Named {
  const source = ['aws.security-ir'];
  return {
    Cases: { source, detailType: ['Case Created', 'Case Updated', 'Case Closed'] },
    Answers: {
      source,
      // AWS's pages name the first of these in two ways.
      detailType: ['Case Comment Added', 'Case Comment Created', 'Case Comment Updated'],
      detail: { updatedBy: ['AWS Responder'] },
    },
    Memberships: { source, detailType: ['Membership Cancelled', 'Membership Terminated'] },
  };
}
