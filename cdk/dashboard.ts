// The dashboard: at a glance whether findings come, are told, and are advised by models.
import { Duration, Stack } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  PeriodOverride,
  SearchExpression,
} from 'aws-cdk-lib/aws-cloudwatch';
import { type IFunction } from 'aws-cdk-lib/aws-lambda';
import { type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { type IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { metric } from './metrics';

/** What is shown. */
interface Shown {
  readonly handler: IFunction;
  readonly queue: IQueue;
  readonly deadLetterQueue: IQueue;
  readonly logGroup: ILogGroup;
  readonly alarms: Alarm[];
}

const PERIOD = Duration.minutes(5);
const WIDTH = 12; // of 24
const HEIGHT = 6;

/** The dashboard of a hub, in its Region. */
export function dashboard(scope: Construct, shown: Shown): Dashboard {
  const { handler, queue, deadLetterQueue } = shown;
  return new Dashboard(scope, 'Dashboard', {
    defaultInterval: Duration.days(7),
    periodOverride: PeriodOverride.INHERIT,
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms: shown.alarms, width: 24, height: 3 })],
      [
        graph('Findings: told, folded, held, refused', sums('Findings', 'Told', 'Folded', 'Held', 'Refused')),
        table(shown, 'Findings by source and severity', [
          'filter ispresent(Findings)',
          'stats sum(Findings) as number by Source, Severity',
        ]),
        table(shown, 'By route', each('routes', ['route', 'fate'])),
        table(shown, 'Why told and why not', each('routes', ['fate', 'reason'])),
        table(shown, 'Who gave the advice, and why the playbook', each('advice', ['origin', 'by'])),
        graph(
          'Models asked, remembered, playbook, struck',
          sums('ModelCalls', 'RememberedAdvice', 'PlaybookAdvice', 'Struck'),
        ),
        graph('Tokens', sums('InputTokens', 'OutputTokens')),
        graph('Amazon Bedrock: latency of each model of this account and Region, p99, milliseconds', [
          ofModels('InvocationLatency', 'p99'),
        ]),
        graph('Amazon Bedrock: throttled calls of each model of this account and Region', [
          ofModels('InvocationThrottles', 'Sum'),
        ]),
        graph('Hostile text, ledger errors', sums('Tripwires', 'LedgerErrors')),
        graph('Handler, milliseconds', [
          handler.metricDuration({ period: PERIOD, statistic: 'p50' }),
          handler.metricDuration({ period: PERIOD, statistic: 'p99' }),
        ]),
        graph('Queue: oldest finding, seconds', [
          queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: 'Maximum' }),
        ]),
        graph('Dead letters', [
          deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: 'Maximum' }),
        ]),
      ],
    ],
  });
}

function graph(title: string, left: IMetric[]): IWidget {
  return new GraphWidget({ title, left, width: WIDTH, height: HEIGHT, leftYAxis: { min: 0, showUnits: false } });
}

function sums(...names: string[]): IMetric[] {
  return names.map((name) => metric(name, PERIOD, { label: name }));
}

/** Amazon Bedrock's own metric, a line for each model that was called, whoever called it. */
function ofModels(metricName: string, statistic: string): IMetric {
  const seconds = String(PERIOD.toSeconds());
  return new SearchExpression({
    expression: `SEARCH('{AWS/Bedrock,ModelId} MetricName="${metricName}"', '${statistic}', ${seconds})`,
    label: "${PROP('Dim.ModelId')}",
    period: PERIOD,
  });
}

/** Counts how often each combination of some fields stands in a list of the handler's log lines. */
function each(list: string, fields: string[]): string[] {
  const of = fields.map((field) => `one.${field}`).join(', ');
  return ['fields jsonParse(@message) as line', `unnest line.${list} into one`, `stats count(*) as number by ${of}`];
}

/** What the handler's log answers, the largest number first. */
function table({ logGroup }: Shown, title: string, queryLines: string[]): IWidget {
  return new LogQueryWidget({
    title,
    logGroupNames: [logGroup.logGroupName],
    region: Stack.of(logGroup).region,
    view: LogQueryVisualizationType.TABLE,
    queryLines: [...queryLines, 'sort number desc'],
    width: WIDTH,
    height: HEIGHT,
  });
}
