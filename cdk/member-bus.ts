// The hub's event bus for members: who may send what to it.
import { Token } from 'aws-cdk-lib';
import { EventBus, type EventPattern } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type Construct } from 'constructs';
import { type Members } from './members';

/**
 * A bus that takes, from members only, what the patterns name.
 *
 * Most patterns name a source that begins with `aws.`. Nobody can put such an event on a bus himself: it can only be forwarded
 * by a rule that caught it on a default bus. So what comes from a member was sent by a service of AWS in that account.
 */
export function memberBus(
  scope: Construct,
  name: string,
  members: Members,
  patterns: [string, EventPattern][],
): EventBus {
  const bus = new EventBus(scope, 'MemberBus', {
    eventBusName: name,
    description: 'Finding Advisor: security findings of member accounts and other Regions',
  });
  const { principals, conditions } = members._asPrincipals();
  bus.addToResourcePolicy(
    new PolicyStatement({
      sid: 'MembersForwardFindings',
      principals,
      actions: ['events:PutEvents'],
      resources: [bus.eventBusArn],
      conditions: {
        ...conditions,
        'ForAllValues:StringEquals': { 'events:source': sourcesOf(patterns.map(([, pattern]) => pattern)) },
      },
    }),
  );
  return bus;
}

function sourcesOf(patterns: EventPattern[]): string[] {
  const sources = patterns.map(({ source }) => source);
  const named = sources.flatMap((source) => source ?? []);
  if (sources.includes(undefined) || named.some((source) => Token.isUnresolved(source))) {
    throw new Error(
      'members may send only what a source names: with `members`, supply `source` as plain texts in each FindingSource.pattern()',
    );
  }
  return [...new Set(named)].sort();
}
