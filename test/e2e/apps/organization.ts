// The app of the tests of accounts: a hub, and the stack set for the members of an organization, whose topics the routes name.
import { App, CfnParameter, Stack } from 'aws-cdk-lib';
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
const member = new CfnParameter(hub, 'Member').valueAsString;

const regions = ['ap-northeast-1', 'us-east-1'];
const advisor = new FindingAdvisor(hub, 'Advisor', {
  members: Members.organization('o-a1b2c3d4e5'),
  sources: [FindingSource.guardDuty()],
  defaultRoute: Route.to(Channel.topic(new Topic(hub, 'Security')), { language: Language.ENGLISH }),
  routes: regions.map((region) => {
    const topic = Topic.fromTopicArn(hub, region, `arn:aws:sns:${region}:${member}:finding-advisor`);
    return Route.to(Channel.topic(topic), {
      name: region,
      language: Language.ENGLISH,
      match: { accounts: [member], regions: [region] },
    });
  }),
});

new FindingForwarderStackSet(hub, 'Members', {
  hub: advisor,
  targets: [{ organizationalUnitIds: ['ou-ab12-cdef3456'], regions }],
  memberTopic: {},
});
