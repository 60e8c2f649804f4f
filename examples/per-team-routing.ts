// Each team hears of what is its own: by account, by tag and by what a finding is about. The security team hears of the rest.
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import {
  Channel,
  FindingAdvisor,
  FindingSource,
  Language,
  Route,
  type RouteOptions,
  Severity,
} from 'cdk-finding-advisor';

export const app = new App();
const stack = new Stack(app, 'Security', { env: { region: 'ap-northeast-1' } });

/** A route to a team's own topic, with the team's address on it. */
function team(name: string, options: Omit<RouteOptions, 'name'>): Route {
  const topic = new Topic(stack, name, { enforceSSL: true });
  topic.addSubscription(new EmailSubscription(`${name}@example.com`));
  return Route.to(Channel.topic(topic), { name, ...options });
}

const operations = new Topic(stack, 'operations', { enforceSSL: true });
operations.addSubscription(new EmailSubscription('operations@example.com'));

const inspector = FindingSource.inspector();
const accessAnalyzer = FindingSource.accessAnalyzer();

new FindingAdvisor(stack, 'Advisor', {
  sources: [FindingSource.securityHub(), FindingSource.guardDuty(), inspector, accessAnalyzer],
  // What nobody else takes.
  defaultRoute: team('security', { language: Language.ENGLISH }),
  routes: [
    // An account of its own.
    team('shop', {
      language: Language.JAPANESE,
      minimumSeverity: Severity.MEDIUM,
      match: { accounts: ['111122223333'] },
      except: { tags: { env: ['sandbox'] } },
    }),
    // Resources in accounts that it shares with others.
    team('data', {
      language: Language.JAPANESE,
      match: { tags: { team: ['data', 'data-platform'] } },
    }),
    // What a finding is about, whosever it is. Vulnerabilities are many and are mended by the week: told again monthly.
    team('patching', {
      language: Language.ENGLISH,
      match: { sources: [inspector] },
      repeatAfter: Duration.days(30),
      mostAMinute: 3,
    }),
    team('identity', {
      language: Language.ENGLISH,
      minimumSeverity: Severity.MEDIUM,
      match: { typePrefixes: ['security-control/IAM.', 'UnauthorizedAccess:IAMUser/', 'CredentialAccess:IAMUser/'] },
    }),
  ],
  operationsTopic: operations,
});
