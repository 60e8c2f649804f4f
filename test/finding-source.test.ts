// What the rules let through.
import { FindingSource, type FindingAdvisorProps, Severity } from 'cdk-finding-advisor';
import type { Stack } from 'aws-cdk-lib';

import { routeTo, templateWith } from './support/synthesis';

/** The event patterns of all rules, by the logical id of the rule without its hash. */
function patterns(props: (stack: Stack) => Partial<FindingAdvisorProps> = () => ({})): Record<string, unknown> {
  const rules = templateWith(props).findResources('AWS::Events::Rule');
  return Object.fromEntries(
    Object.entries(rules).map(([id, rule]) => [
      id.replace(/^Advisor/, '').slice(0, -8),
      (rule.Properties as { EventPattern: unknown }).EventPattern,
    ]),
  );
}

const from = (minimumSeverity: Severity) => (stack: Stack) => ({ defaultRoute: routeTo(stack, { minimumSeverity }) });

const BUT_GUARDDUTY = {
  $or: [{ ProductName: [{ 'anything-but': ['GuardDuty'] }] }, { ProductName: [{ exists: false }] }],
};

test('by default GuardDuty is heard natively, and Security Hub for all other products, with every custom action', () => {
  expect(patterns()).toEqual({
    GuardDutyFindings: {
      source: ['aws.guardduty'],
      'detail-type': ['GuardDuty Finding'],
      detail: { severity: [{ numeric: ['>=', 7] }] },
    },
    SecurityHubFindings: {
      source: ['aws.securityhub'],
      'detail-type': ['Security Hub Findings - Imported'],
      detail: { findings: { Severity: { Label: ['HIGH', 'CRITICAL'] }, ...BUT_GUARDDUTY } },
    },
    SecurityHubCustomActions: {
      source: ['aws.securityhub'],
      'detail-type': ['Security Hub Findings - Custom Action'],
    },
  });
});

test.each([
  [Severity.INFORMATIONAL, 0, ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']],
  [Severity.LOW, 1, ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']],
  [Severity.MEDIUM, 4, ['MEDIUM', 'HIGH', 'CRITICAL']],
  [Severity.HIGH, 7, ['HIGH', 'CRITICAL']],
  [Severity.CRITICAL, 9, ['CRITICAL']],
])('from %s on, GuardDuty speaks from %d and Security Hub with the labels %j', (severity, number, labels) => {
  const { GuardDutyFindings, SecurityHubFindings } = patterns(from(severity));
  expect(GuardDutyFindings).toMatchObject({ detail: { severity: [{ numeric: ['>=', number] }] } });
  expect(SecurityHubFindings).toMatchObject({ detail: { findings: { Severity: { Label: labels } } } });
});

test('the least demanding route decides, wherever it stands', () => {
  for (const [first, second] of [
    [Severity.CRITICAL, Severity.MEDIUM],
    [Severity.MEDIUM, Severity.CRITICAL],
  ]) {
    const { GuardDutyFindings } = patterns((stack) => ({
      defaultRoute: routeTo(stack, { minimumSeverity: first }),
      routes: [routeTo(stack, { name: 'second', minimumSeverity: second })],
    }));
    expect(GuardDutyFindings).toMatchObject({ detail: { severity: [{ numeric: ['>=', 4] }] } });
  }
});

test('no pattern asks for a state, so that the ledger hears of every close', () => {
  expect(JSON.stringify(patterns())).not.toMatch(/RecordState|Workflow|archived|Compliance/);
});

test('Security Hub alone tells the findings of GuardDuty too', () => {
  const found = patterns(() => ({ sources: [FindingSource.securityHub()] }));
  expect(Object.keys(found).sort()).toEqual(['SecurityHubCustomActions', 'SecurityHubFindings']);
  expect(JSON.stringify(found)).not.toContain('ProductName');
});

test('controls that pass are heard on demand, and no event comes by two rules', () => {
  const closes = (severity: Severity) =>
    patterns((stack) => ({ ...from(severity)(stack), controlCloses: true })).SecurityHubControlCloses;
  expect(closes(Severity.HIGH)).toMatchObject({
    'detail-type': ['Security Hub Findings - Imported'],
    detail: {
      findings: {
        Severity: { Label: ['INFORMATIONAL', 'LOW', 'MEDIUM'] },
        Compliance: { Status: ['PASSED'] },
        ...BUT_GUARDDUTY,
      },
    },
  });
  expect(closes(Severity.INFORMATIONAL)).toBeUndefined();
});

test('a pattern of the user is taken as it is', () => {
  const pattern = { source: ['example.scanner'], detail: { level: [{ prefix: 'sev' }] } };
  expect(patterns(() => ({ sources: [FindingSource.pattern('Scanner', pattern)] }))).toEqual({
    ScannerEvents: pattern,
  });
});
