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
import { BUDGET_SHORT, metric, NAMESPACE } from './metrics';

/** What is shown. */
interface Shown {
  readonly handler: IFunction;
  readonly queue: IQueue;
  readonly deadLetterQueue: IQueue;
  readonly logGroup: ILogGroup;
  readonly alarms: Alarm[];
  readonly hasBudget: boolean;
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
        graph('Findings by source and severity', [findings()]),
        graph('Told, folded, held, refused', sums('Told', 'Folded', 'Held', 'Refused')),
        query(shown, 'By route', 'routes', ['route', 'fate']),
        query(shown, 'Why told and why not', 'routes', ['fate', 'reason']),
        query(shown, 'Who gave the advice, and why the playbook', 'advice', ['origin', 'by']),
        graph(
          'Models asked, remembered, playbook, struck',
          sums('ModelCalls', 'RememberedAdvice', 'PlaybookAdvice', 'Struck'),
        ),
        graph('Tokens', sums('InputTokens', 'OutputTokens')),
        ...(shown.hasBudget ? [budget()] : []),
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

/** How much of the day's budget is spent, beside the line from which the cheaper model is asked and the alarm rings. */
function budget(): IWidget {
  return new GraphWidget({
    title: 'Budget of tokens used today (UTC), percent',
    left: [metric('BudgetUsed', PERIOD, { statistic: 'Maximum', label: 'BudgetUsed' })],
    leftAnnotations: [{ value: BUDGET_SHORT, label: 'the cheaper model and the alarm from here on' }],
    width: WIDTH,
    height: HEIGHT,
    leftYAxis: { min: 0, showUnits: false },
  });
}

/** The findings, a line for each source and severity that there is. */
function findings(): IMetric {
  return new SearchExpression({
    expression: `SEARCH('{${NAMESPACE},Source,Severity} MetricName="Findings"', 'Sum', ${String(PERIOD.toSeconds())})`,
    label: "${PROP('Dim.Source')} ${PROP('Dim.Severity')}",
    period: PERIOD,
  });
}

/** How often each combination of some fields stands in a list of the handler's log lines. */
function query({ logGroup }: Shown, title: string, list: string, fields: string[]): IWidget {
  const of = fields.map((field) => `one.${field}`).join(', ');
  return new LogQueryWidget({
    title,
    logGroupNames: [logGroup.logGroupName],
    region: Stack.of(logGroup).region,
    view: LogQueryVisualizationType.TABLE,
    queryLines: [
      'fields jsonParse(@message) as line',
      `unnest line.${list} into one`,
      `stats count(*) as number by ${of}`,
      'sort number desc',
    ],
    width: WIDTH,
    height: HEIGHT,
  });
}
