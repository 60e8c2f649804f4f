// Jira Cloud: an issue a finding.
import { Token } from 'aws-cdk-lib';
import { type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { type Construct } from 'constructs';
import { type ChannelConfig } from './generated/handler-config';
import { refuseEmptyField, secretConfig } from './secret';

/** A project of Jira Cloud. */
export interface JiraOptions {
  /**
   * The site, `https://example.atlassian.net`; or `https://api.atlassian.com/ex/jira/CLOUD-ID`, which tokens with scopes and
   * tokens of service accounts need.
   */
  readonly url: string;

  /** The project's key: `SEC`. */
  readonly projectKey: string;

  /** The id of the type that issues get: a number. */
  readonly issueTypeId: string;

  /** Holds an API token of a user who may add issues to the project. */
  readonly token: ISecret;

  /**
   * The field of the secret's JSON that is the token.
   *
   * @default - the whole secret
   */
  readonly tokenField?: string;

  /**
   * The e-mail address of the user whose token it is.
   *
   * @default - the token is sent as a bearer token
   */
  readonly email?: string;

  /**
   * The name of the status that an issue is moved to when its finding is closed: `Done`.
   *
   * @default - it keeps its status
   */
  readonly closedStatus?: string;

  /**
   * The name of the status that an issue is moved to when its finding is open again: `To Do`.
   *
   * @default - it keeps its status
   */
  readonly reopenedStatus?: string;
}

const SITE = /^https:\/\/[a-z0-9-]+\.atlassian\.net$/;
const GATEWAY = /^https:\/\/api\.atlassian\.com\/ex\/jira\/[0-9a-f-]+$/;

/** Makes issues and comments on them. */
export function jira(options: JiraOptions): (scope: Construct, handler: IGrantable) => ChannelConfig {
  const { url, projectKey, issueTypeId, token, tokenField, email, closedStatus, reopenedStatus } = options;
  if (!SITE.test(url) && !GATEWAY.test(url)) {
    throw new Error(
      `\`url\` is https://SITE.atlassian.net or https://api.atlassian.com/ex/jira/CLOUD-ID, got ${JSON.stringify(url)}`,
    );
  }
  if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(projectKey)) {
    throw new Error(
      `\`projectKey\` is the key before the number of an issue, like SEC, got ${JSON.stringify(projectKey)}`,
    );
  }
  if (!Token.isUnresolved(issueTypeId) && !/^\d+$/.test(issueTypeId)) {
    throw new Error(`\`issueTypeId\` is a number, like 10001, got ${JSON.stringify(issueTypeId)}`);
  }
  refuseEmptyField('tokenField', tokenField);
  return (_scope, handler) => ({
    kind: 'jira',
    url,
    project: projectKey,
    issueTypeId,
    email,
    closedStatus,
    reopenedStatus,
    secret: secretConfig(handler, token, tokenField),
  });
}
