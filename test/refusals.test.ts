// What the construct refuses, and whether a user learns what to do instead.
import {
  Channel,
  type FindingAdvisorProps,
  FindingSource,
  Language,
  type MemberTopicOptions,
  Members,
  Model,
  Route,
} from 'cdk-finding-advisor';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';

import { advisorIn, routeTo, stackIn } from './support/synthesis';

type Bad = (stack: Stack) => Partial<FindingAdvisorProps>;

const toMembers = (options?: MemberTopicOptions) =>
  Route.to(Channel.memberTopic(options), { name: 'members', language: Language.ENGLISH });

const to = (stack: Stack, name: string) => routeTo(stack, { name });

test.each<[string, Bad, RegExp]>([
  ['no sources', () => ({ sources: [] }), /supply at least one of `sources`.*got \[\]/],
  ['half a day of memory', () => ({ rememberAdviceFor: Duration.hours(12) }), /1 to 365 whole days, got 12 hours/],
  ['memory for ever', () => ({ rememberAdviceFor: Duration.days(366) }), /1 to 365 whole days/],
  ['a guardrail by its ARN', () => ({ guardrail: { id: 'arn:x', version: '1' } }), /id of a guardrail.*got "arn:x"/],
  ['a draft of a guardrail', () => ({ guardrail: { id: 'abc', version: 'DRAFT' } }), /by its number.*got "DRAFT"/],
  ['a budget of nothing', () => ({ budget: { tokensPerDay: 0 } }), /`tokensPerDay`.*at least 1, got 0/],
  ['no models', () => ({ models: [] }), /supply at least one of `models`.*got \[\]/],
  [
    'a source twice',
    () => ({ sources: [FindingSource.guardDuty(), FindingSource.guardDuty()] }),
    /two of `sources` have the name `GuardDuty`/,
  ],
  ['a route without a name', (stack) => ({ routes: [routeTo(stack)] }), /two of `routes` have the name `default`/],
  [
    'a route name twice',
    (stack) => ({ routes: [to(stack, 'a'), to(stack, 'a')] }),
    /two of `routes` have the name `a`/,
  ],
  ['a route name with a space', (stack) => ({ routes: [to(stack, 'a b')] }), /got "a b"/],
  ['an empty route name', (stack) => ({ routes: [to(stack, '')] }), /got ""/],
  ['a route name of 65', (stack) => ({ routes: [to(stack, 'a'.repeat(65))] }), /1 to 64/],
  [
    'closes of controls without Security Hub',
    () => ({ sources: [FindingSource.guardDuty()], controlCloses: true }),
    /`controlCloses` needs FindingSource\.securityHub\(\) or FindingSource\.securityHubV2\(\)/,
  ],
  [
    'Security Hub in both versions',
    () => ({ sources: [FindingSource.securityHubV2(), FindingSource.securityHub()] }),
    /tell the same findings: supply one of them in `sources`/,
  ],
  ['an empty pattern', () => ({ sources: [FindingSource.pattern('Mine', {})] }), /pattern of the source Mine is empty/],
  ['one batch at once', () => ({ maxConcurrency: 1 }), /2 and 1000/],
  [
    'a FIFO topic',
    (stack) => {
      const channel = Channel.topic(new Topic(stack, 'Ordered', { fifo: true }));
      return { defaultRoute: Route.to(channel, { language: Language.ENGLISH }) };
    },
    /standard topic, got the FIFO topic Security\/Ordered/,
  ],
  ['topics of members without members', () => ({ routes: [toMembers()] }), /the hub has none: supply `members`/],
  [
    'topics of members for what no member hears of',
    () => ({ members: Members.accounts(['111122223333']), defaultRoute: toMembers() }),
    /supply Channel\.memberTopic\(\) to one of `routes`/,
  ],
  [
    "a FIFO topic's name",
    () => ({ routes: [toMembers({ topicName: 'findings.fifo' })] }),
    /1 to 256 letters, digits, _ and -, got "findings\.fifo"/,
  ],
  ['a model without a provider', () => ({ models: [Model.of('claude')] }), /jp\.anthropic\.claude-haiku-5-5.*"claude"/],
  [
    'an application inference profile',
    () => ({ models: [Model.of('arn:aws:bedrock:ap-northeast-1:111122223333:application-inference-profile/abc')] }),
    /application inference profile hides its model/,
  ],
  [
    'more routes than fit',
    (stack) => ({ routes: Array.from({ length: 20 }, (_, index) => to(stack, `route-${String(index)}`)) }),
    /21 routes and 3 models make \d+ bytes, at most 3584/,
  ],
])('%s', (_, bad, says) => {
  const stack = stackIn();
  expect(() => advisorIn(stack, bad(stack))).toThrow(says);
});

test('a Region without a geography of its own', () => {
  expect(() => advisorIn(stackIn('ap-south-1'))).toThrow(/ap-south-1: supply `models` with a geography/);
});

test('a Region that nobody knows', () => {
  expect(() => advisorIn(new Stack(new App(), 'Security'))).toThrow(/supply `env\.region`.*or `models`/);
});

test('as many routes as fit are taken', () => {
  const stack = stackIn();
  const routes = Array.from({ length: 12 }, (_, index) => to(stack, `route-${String(index)}`));
  expect(() => advisorIn(stack, { routes })).not.toThrow();
});
