// An organization: a hub in the security account, a stack set that forwards from every account and Region and makes a topic for
// the readers of each, and plain stacks for what a stack set does not reach.
import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import {
  Channel,
  FindingAdvisor,
  FindingForwarder,
  FindingForwarderStackSet,
  FindingSource,
  Language,
  Members,
  Route,
} from 'cdk-finding-advisor';

export const app = new App();

// The security account: delegated administrator of GuardDuty, Security Hub and CloudFormation StackSets.
const SECURITY = '444455556666';
const MANAGEMENT = '999900001111';
// Root users sign in in us-east-1, whatever Region they work in.
const REGIONS = ['ap-northeast-1', 'us-east-1'];
// What the stack set makes in each account and Region, and what the route sends to.
const topics = { topicName: 'security-findings', ownKey: true };

const hub = new Stack(app, 'Hub', { env: { account: SECURITY, region: 'ap-northeast-1' } });
const findings = new Topic(hub, 'Findings', { enforceSSL: true });
findings.addSubscription(new EmailSubscription('security@example.com'));
const operations = new Topic(hub, 'Operations', { enforceSSL: true });
operations.addSubscription(new EmailSubscription('operations@example.com'));

// The administrator's account gets these of all members by itself: nobody needs to forward them.
const seen = [FindingSource.securityHub(), FindingSource.guardDuty()];
// These stay in the account that they are about.
const forwarded = [FindingSource.health(), FindingSource.signIn()];

const advisor = new FindingAdvisor(hub, 'Advisor', {
  members: Members.organization('o-a1b2c3d4e5'),
  sources: [...seen, ...forwarded],
  // What reaches no account's own readers.
  defaultRoute: Route.to(Channel.topic(findings), { language: Language.JAPANESE }),
  routes: [
    // Each account hears of itself. These two have no topic of the stack set.
    Route.to(Channel.memberTopic(topics), {
      name: 'members',
      language: Language.JAPANESE,
      match: { regions: REGIONS },
      except: { accounts: [SECURITY, MANAGEMENT] },
    }),
  ],
  operationsTopic: operations,
});

new FindingForwarderStackSet(hub, 'Members', {
  hub: advisor,
  sources: forwarded,
  memberTopic: topics,
  targets: [
    { organizationalUnitIds: ['ou-ab12-cdef3456'], regions: REGIONS, email: 'shop@example.com' },
    { organizationalUnitIds: ['ou-ab12-0123abcd'], regions: REGIONS, email: 'data@example.com' },
  ],
});

// A stack set never reaches the management account.
for (const region of REGIONS) {
  const stack = new Stack(app, `Management-${region}`, { env: { account: MANAGEMENT, region } });
  if (advisor.memberBus) new FindingForwarder(stack, 'Forwarder', { hubBus: advisor.memberBus, sources: forwarded });
}
