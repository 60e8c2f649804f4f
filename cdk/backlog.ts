// Backlog: an issue a finding.
import { type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { type Construct } from 'constructs';
import { type ChannelConfig } from './generated/handler-config';
import { refuseEmptyField, secretConfig } from './secret';

/** The text formatting rule of a Backlog project. */
export enum BacklogText {
  /** Backlog's own notation. */
  BACKLOG = 'backlog',
  /** Markdown. */
  MARKDOWN = 'markdown',
}

/** A project of Backlog. Its ids are numbers that stand in the addresses of its settings pages. */
export interface BacklogOptions {
  /** The space: `https://example.backlog.com`. */
  readonly url: string;

  /** The project's id. */
  readonly projectId: number;

  /** The id of the type that issues get. */
  readonly issueTypeId: number;

  /** Holds an API key of a user who may add issues to the project. */
  readonly apiKey: ISecret;

  /**
   * The field of the secret's JSON that is the key.
   *
   * @default - the whole secret
   */
  readonly apiKeyField?: string;

  /**
   * The project's text formatting rule.
   *
   * @default BacklogText.MARKDOWN
   */
  readonly text?: BacklogText;

  /**
   * The id of the status that an issue gets when its finding is closed: 3 is Resolved, 4 is Closed.
   *
   * @default - it keeps its status
   */
  readonly closedStatusId?: number;

  /**
   * The id of the status that an issue gets when its finding is open again: 1 is Open.
   *
   * @default - it keeps its status
   */
  readonly reopenedStatusId?: number;
}

/** Makes issues and comments on them. */
export function backlog(options: BacklogOptions): (scope: Construct, handler: IGrantable) => ChannelConfig {
  const { url, projectId, issueTypeId, apiKey, apiKeyField, closedStatusId, reopenedStatusId } = options;
  if (!/^https:\/\/[a-z0-9-]+\.(backlog\.com|backlog\.jp|backlogtool\.com)$/.test(url)) {
    throw new Error(
      `\`url\` is the address of a Backlog space, like https://example.backlog.com, got ${JSON.stringify(url)}`,
    );
  }
  const ids = { projectId, issueTypeId, closedStatusId, reopenedStatusId };
  for (const [name, id] of Object.entries(ids)) {
    if (id !== undefined && !(Number.isInteger(id) && id > 0)) {
      throw new Error(`\`${name}\` is a positive whole number, got ${String(id)}`);
    }
  }
  refuseEmptyField('apiKeyField', apiKeyField);
  return (_scope, handler) => ({
    kind: 'backlog',
    url,
    projectId,
    issueTypeId,
    text: options.text ?? BacklogText.MARKDOWN,
    closedStatusId,
    reopenedStatusId,
    secret: secretConfig(handler, apiKey, apiKeyField),
  });
}
