// The library's public names.
export { type GuardrailVersion, type TokenBudget } from './advice';
export { type BacklogOptions, BacklogText } from './backlog';
export { Channel } from './channel';
export { ChatClient } from './chat';
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
export { type JiraOptions } from './jira';
export { Language } from './language';
export { type MailOptions } from './mail';
export { MemberTopic, type MemberTopicOptions, type MemberTopicProps } from './member-topic';
export { Members } from './members';
export { Model } from './model';
export { Route, type RouteOptions } from './route';
export { Severity } from './severity';
export { type SlackOptions, type SlackWebhookOptions } from './slack';
