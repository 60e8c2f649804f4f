// The app of the tests of patterns: every source at every severity that a route can begin at, a stack each. Never deployed.
import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Channel, FindingAdvisor, FindingSource, Language, Route, Severity } from 'cdk-finding-advisor';

const app = new App();

const natives = () => [
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

function listening(name: string, minimumSeverity: Severity, sources: FindingSource[]): void {
  const stack = new Stack(app, name, { env: { region: 'ap-northeast-1' } });
  new FindingAdvisor(stack, 'Advisor', {
    defaultRoute: Route.to(Channel.topic(new Topic(stack, 'Topic')), { language: Language.ENGLISH, minimumSeverity }),
    sources,
    controlCloses: true,
  });
}

for (const severity of Object.values(Severity)) {
  listening(severity, severity, [FindingSource.securityHub(), ...natives()]);
}
listening('V2AtHIGH', Severity.HIGH, [FindingSource.securityHubV2(), ...natives()]);
listening('V2AtINFORMATIONAL', Severity.INFORMATIONAL, [FindingSource.securityHubV2(), ...natives()]);
listening('HubAlone', Severity.HIGH, [FindingSource.securityHub()]);
listening('HubV2Alone', Severity.HIGH, [FindingSource.securityHubV2()]);
