// The library's public names.
export { type GuardrailVersion, type TokenBudget } from './advice';
export { Channel } from './channel';
export { FindingAdvisor, type FindingAdvisorProps } from './finding-advisor';
export { type FindingMatch } from './finding-match';
export { FindingForwarder, type FindingForwarderProps } from './finding-forwarder';
export {
  FindingForwarderStackSet,
  type FindingForwarderStackSetProps,
  type StackSetTarget,
} from './finding-forwarder-stack-set';
export { FindingSource } from './finding-source';
export { Geography } from './geography';
export { Language } from './language';
export { MemberTopic, type MemberTopicOptions, type MemberTopicProps } from './member-topic';
export { Members } from './members';
export { Model } from './model';
export { Route, type RouteOptions } from './route';
export { Severity } from './severity';
