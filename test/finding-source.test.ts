// What the rules let through.
import { FindingSource, type FindingAdvisorProps, Severity } from 'cdk-finding-advisor';
import type { Stack } from 'aws-cdk-lib';

import { advisorIn, routeTo, stackIn, templateWith, warningsOf } from './support/synthesis';

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

/** All but the findings of some products, by the field that names the product. */
const without = (field: (match: unknown) => object, ...products: string[]) => ({
  $or: [
    field([{ 'anything-but': { suffix: products.length === 1 ? products[0] : products } }]),
    field([{ exists: false }]),
  ],
});
const BUT_GUARDDUTY = without((ProductArn) => ({ ProductArn }), '/aws/guardduty');

const EVERY_NATIVE = [
  FindingSource.guardDuty(),
  FindingSource.inspector(),
  FindingSource.macie(),
  FindingSource.accessAnalyzer(),
  FindingSource.config(),
  FindingSource.health(),
  FindingSource.trustedAdvisor(),
  FindingSource.signIn(),
  FindingSource.securityIncidentResponse(),
];
const listedNatively = ['guardduty', 'inspector', 'macie', 'access-analyzer', 'config', 'health'].map(
  (name) => `/aws/${name}`,
);

test('by default GuardDuty is heard natively, and Security Hub for all other products, with every custom action', () => {
  expect(patterns()).toEqual({
    GuardDutyFindings: {
      source: ['aws.guardduty'],
      'detail-type': ['GuardDuty Finding'],
      detail: { severity: [{ numeric: ['>=', 7] }] },
    },
    GuardDutyMalwareObjects: {
      source: ['aws.guardduty'],
      'detail-type': ['GuardDuty Malware Protection Object Scan Result'],
      detail: { scanResultDetails: { scanResultStatus: ['THREATS_FOUND'] } },
    },
    GuardDutyProtection: {
      source: ['aws.guardduty'],
      'detail-type': [
        'GuardDuty Malware Protection Post Scan Action Failed',
        'GuardDuty Malware Protection Resource Status Warning',
        'GuardDuty Malware Protection Resource Status Error',
        'GuardDuty Malware Protection Resource Status Active',
        'GuardDuty Runtime Protection Unhealthy',
        'GuardDuty Runtime Protection Healthy',
      ],
    },
    SecurityHubFindings: {
      source: ['aws.securityhub'],
      'detail-type': ['Security Hub Findings - Imported'],
      detail: { findings: { Severity: { Label: ['HIGH', 'CRITICAL'] }, ...BUT_GUARDDUTY } },
    },
    SecurityHubCustomActions: {
      source: ['aws.securityhub'],
      'detail-type': ['Security Hub Findings - Custom Action', 'Security Hub Insight Results'],
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

/** What of a source a route of this severity hears: the words of its severity, or the detail types. */
const heard = (source: FindingSource, minimumSeverity: Severity) =>
  patterns((stack) => ({ ...from(minimumSeverity)(stack), sources: [source] }));

test.each([
  [Severity.LOW, [2, 3, 4, 5, 6, 0, 99]],
  [Severity.HIGH, [4, 5, 6, 0, 99]],
  [Severity.CRITICAL, [5, 6, 0, 99]],
])('from %s on, OCSF speaks with the ids %j: what the vendor alone rated always passes', (severity, ids) => {
  expect(heard(FindingSource.securityHubV2(), severity)).toEqual({
    SecurityHubV2Findings: {
      source: ['aws.securityhub'],
      'detail-type': ['Findings Imported V2'],
      detail: { findings: { severity_id: ids } },
    },
  });
});

test.each([
  [
    Severity.INFORMATIONAL,
    ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL', 'UNTRIAGED'],
    ['Low', 'Medium', 'High'],
  ],
  [Severity.MEDIUM, ['MEDIUM', 'HIGH', 'CRITICAL', 'UNTRIAGED'], ['Medium', 'High']],
  [Severity.HIGH, ['HIGH', 'CRITICAL', 'UNTRIAGED'], ['High']],
])('from %s on, Inspector speaks with %j and Macie with %j', (severity, inspector, macie) => {
  expect(heard(FindingSource.inspector(), severity)).toMatchObject({
    InspectorFindings: { detail: { severity: inspector } },
  });
  expect(heard(FindingSource.macie(), severity)).toMatchObject({
    MacieFindings: { detail: { severity: { description: macie } } },
  });
});

test.each([
  [
    Severity.LOW,
    ['Access Analyzer Finding', 'Internal Access Finding', 'Unused Access Finding for IAM entities'],
    ['WARN', 'ERROR', 'OK'],
  ],
  [Severity.MEDIUM, ['Access Analyzer Finding', 'Internal Access Finding'], ['WARN', 'ERROR', 'OK']],
  [Severity.HIGH, ['Access Analyzer Finding'], ['ERROR', 'OK']],
])('from %s on, Access Analyzer tells %j and Trusted Advisor %j', (severity, types, status) => {
  expect(heard(FindingSource.accessAnalyzer(), severity)).toEqual({
    AccessAnalyzerFindings: { source: ['aws.access-analyzer'], 'detail-type': types },
  });
  expect(heard(FindingSource.trustedAdvisor(), severity)).toMatchObject({
    TrustedAdvisorCheckItems: { detail: { status } },
  });
});

test.each([
  ['config', FindingSource.config(), Severity.HIGH],
  ['macie', FindingSource.macie(), Severity.CRITICAL],
  ['accessAnalyzer', FindingSource.accessAnalyzer(), Severity.CRITICAL],
  ['trustedAdvisor', FindingSource.trustedAdvisor(), Severity.CRITICAL],
])('%s() has no rule where nothing of it is bad enough, and says so', (_, source, minimumSeverity) => {
  const stack = stackIn();
  const defaultRoute = routeTo(stack, { minimumSeverity });
  const advisor = advisorIn(stack, { defaultRoute, sources: [source, FindingSource.guardDuty()] });
  expect(advisor.rules.every((rule) => rule.node.id.startsWith('GuardDuty'))).toBe(true);
  expect(warningsOf(stack)).toContainEqual(
    expect.stringContaining(`nothing is heard of ${source.name}: no finding of it is ${minimumSeverity}`),
  );
});

test('no source is named that is heard', () => {
  const stack = stackIn();
  advisorIn(stack, { sources: EVERY_NATIVE, defaultRoute: routeTo(stack, { minimumSeverity: Severity.MEDIUM }) });
  expect(warningsOf(stack).join()).not.toContain('nothing is heard of');
});

test('no pattern asks for a state, so that the ledger hears of every close', () => {
  const found = patterns((stack) => ({
    ...from(Severity.INFORMATIONAL)(stack),
    sources: [FindingSource.securityHub(), ...EVERY_NATIVE],
  }));
  expect(JSON.stringify(found)).not.toMatch(
    /RecordState|Workflow|archived|"Compliance"|status_id|activity_id|isDeleted|statusCode/,
  );
});

test.each([
  ['Security Hub CSPM', FindingSource.securityHub(), (ProductArn: unknown) => ({ ProductArn })],
  ['Security Hub V2', FindingSource.securityHubV2(), (uid: unknown) => ({ metadata: { product: { uid } } })],
])('%s leaves out each product that is listed', (_, hub, field) => {
  const found = patterns(() => ({ sources: [hub, ...EVERY_NATIVE] }));
  expect(found[`${hub.name}Findings`]).toMatchObject({ detail: { findings: without(field, ...listedNatively) } });
});

test('Security Hub alone tells the findings of GuardDuty too', () => {
  const found = patterns(() => ({ sources: [FindingSource.securityHub()] }));
  expect(Object.keys(found).sort()).toEqual(['SecurityHubCustomActions', 'SecurityHubFindings']);
  expect(JSON.stringify(found)).not.toContain('ProductArn');
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
  const { SecurityHubV2ControlCloses } = patterns(() => ({
    sources: [FindingSource.securityHubV2()],
    controlCloses: true,
  }));
  expect(SecurityHubV2ControlCloses).toMatchObject({
    detail: { findings: { severity_id: [1, 2, 3], compliance: { status_id: [1] } } },
  });
});

test('a pattern of the user is taken as it is', () => {
  const pattern = { source: ['example.scanner'], detail: { level: [{ prefix: 'sev' }] } };
  expect(patterns(() => ({ sources: [FindingSource.pattern('Scanner', pattern)] }))).toEqual({
    ScannerEvents: pattern,
  });
});
