// The dashboard: it shows every metric that the handler emits, and asks the log in words that its lines have.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { templateWith } from './support/synthesis';

const METRICS = JSON.parse(readFileSync(join(__dirname, '..', 'contract', 'metrics.json'), 'utf8')) as {
  readonly namespace: string;
  readonly dimensions: string[][];
  readonly metrics: string[];
};

/** The dashboard's text, and that of the alarms, each token as a blank. */
function texts(): { readonly dashboard: string; readonly alarms: string } {
  const template = templateWith();
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const body = (dashboard?.Properties as { DashboardBody: { 'Fn::Join': [string, unknown[]] } }).DashboardBody;
  const parts = body['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : ''));
  return { dashboard: parts.join(''), alarms: JSON.stringify(template.findResources('AWS::CloudWatch::Alarm')) };
}

/** The metrics of the handler's namespace in a text. */
const named = (text: string, pattern: RegExp) => new Set([...text.matchAll(pattern)].map(([, name]) => name));

test('every metric of the contract is on the dashboard, and no other', () => {
  const { dashboard } = texts();
  const graphed = named(dashboard, new RegExp(`"${METRICS.namespace}","([A-Za-z]+)"`, 'g'));
  expect([...graphed].sort()).toEqual([...METRICS.metrics].sort());
});

test('a metric costs its price once: none has dimensions, and sources and severities are counted from the log', () => {
  expect(METRICS.dimensions).toEqual([[]]);
  expect(texts().dashboard).toContain('stats sum(Findings) as number by Source, Severity');
});

test("it shows how long each model takes and what is throttled, by Amazon Bedrock's own metrics", () => {
  const searched = named(texts().dashboard, /\{AWS\/Bedrock,ModelId\} MetricName=\\"([A-Za-z]+)\\"/g);
  expect([...searched]).toEqual(['InvocationLatency', 'InvocationThrottles']);
});

test('the alarms watch metrics of the contract', () => {
  const watched = named(texts().alarms, /"MetricName":"([A-Za-z]+)","Namespace":"FindingAdvisor"/g);
  expect(watched.size).toBeGreaterThan(0);
  expect(METRICS.metrics).toEqual(expect.arrayContaining([...watched]));
});

test('it asks the log for fields of its lines', () => {
  const report = readFileSync(join(__dirname, '..', 'handler', 'src', 'report.rs'), 'utf8');
  const asked = named(texts().dashboard, /(?:line|one)\.([a-z]+)/g);
  expect([...asked].sort()).toEqual(['advice', 'by', 'fate', 'origin', 'reason', 'route', 'routes']);
  for (const field of asked) expect(report).toContain(`"${String(field)}":`);
});
