// The app of the tests of accounts: a hub whose one route is each member's own topic, and the stack set that makes those topics.
import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  Channel,
  FindingAdvisor,
  FindingForwarderStackSet,
  FindingSource,
  Language,
  Members,
  Route,
} from 'cdk-finding-advisor';

const app = new App();
const hub = new Stack(app, 'Hub', { env: { region: 'ap-northeast-1' } });
const topics = { ownKey: true };

const advisor = new FindingAdvisor(hub, 'Advisor', {
  members: Members.organization('o-a1b2c3d4e5'),
  sources: [FindingSource.guardDuty()],
  defaultRoute: Route.to(Channel.topic(new Topic(hub, 'Security')), { language: Language.ENGLISH }),
  routes: [Route.to(Channel.memberTopic(topics), { name: 'members', language: Language.ENGLISH })],
});

new FindingForwarderStackSet(hub, 'Members', {
  hub: advisor,
  targets: [{ organizationalUnitIds: ['ou-ab12-cdef3456'], regions: ['ap-northeast-1', 'us-east-1'] }],
  memberTopic: topics,
});
