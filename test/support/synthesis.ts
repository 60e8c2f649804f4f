// Small apps for tests: one stack with one FindingAdvisor.
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  Channel,
  FindingAdvisor,
  type FindingAdvisorProps,
  Language,
  Route,
  type RouteOptions,
  Severity,
} from 'cdk-finding-advisor';

/** A stack in Tokyo, unless another Region is named. */
export function stackIn(region: string | undefined = 'ap-northeast-1'): Stack {
  return new Stack(new App(), 'Security', { env: { region } });
}

/** A route over a new topic of the stack. */
export function routeTo(stack: Stack, options: Partial<RouteOptions> = {}): Route {
  const topic = new Topic(stack, `Topic${String(stack.node.children.length)}`);
  return Route.to(Channel.topic(topic), { language: Language.JAPANESE, minimumSeverity: Severity.HIGH, ...options });
}

/** A FindingAdvisor with one route, and whatever else a test wants. */
export function advisorIn(stack: Stack, props: Partial<FindingAdvisorProps> = {}): FindingAdvisor {
  return new FindingAdvisor(stack, 'Advisor', { defaultRoute: props.defaultRoute ?? routeTo(stack), ...props });
}

/** The template of a stack with one FindingAdvisor. */
export function templateWith(
  props: (stack: Stack) => Partial<FindingAdvisorProps> = () => ({}),
  stack = stackIn(),
): Template {
  advisorIn(stack, props(stack));
  return Template.fromStack(stack);
}

/** The texts of the warnings of a stack. */
export function warningsOf(stack: Stack): string[] {
  return Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map((found) => found.entry.data as string);
}
