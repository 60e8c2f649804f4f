// Mail over Amazon SES.
import { Stack, Token } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IConfigurationSet, type IEmailIdentity } from 'aws-cdk-lib/aws-ses';
import { type Construct } from 'constructs';
import { type ChannelConfig } from './generated/handler-config';

/** Who sends mail to whom. */
export interface MailOptions {
  /**
   * The verified identity that mails are sent with: the address itself, or its domain.
   *
   * One of another account or Region must be imported by its ARN, and another account's needs a sending authorization
   * policy that lets the handler's role in.
   */
  readonly identity: IEmailIdentity;

  /** The sender: `security@example.com`, or `Security <security@example.com>`. */
  readonly from: string;

  /** The recipients: 1 to 50 addresses. */
  readonly to: string[];

  /**
   * Tells of bounces and complaints; without one nobody does.
   *
   * @default - none
   */
  readonly configurationSet?: IConfigurationSet;

  /**
   * Whether the original message is attached to each mail.
   *
   * It holds names and addresses of people and machines that the advice hides from a model.
   *
   * @default false
   */
  readonly attachOriginal?: boolean;
}

/** Recipients of one message: Amazon SES. */
const MOST_RECIPIENTS = 50;

/** Sends mail. */
export function toMail(options: MailOptions): (scope: Construct, handler: IGrantable) => ChannelConfig {
  const { identity, from, to, configurationSet, attachOriginal } = options;
  const sender = addressOf(from);
  if (to.length === 0 || to.length > MOST_RECIPIENTS) {
    throw new Error(`supply 1 to ${String(MOST_RECIPIENTS)} addresses in \`to\`, got ${String(to.length)}`);
  }
  to.forEach(addressOf);
  refuseForeign(identity, sender);
  return (scope, handler) => {
    const stack = Stack.of(scope);
    const arn = identity.emailIdentityArn;
    // An identity that was imported by its ARN does not know its own environment.
    const [, , , region, account] = Token.isUnresolved(arn) ? [] : arn.split(':');
    const isElsewhere = (theirs: string | undefined, ours: string) =>
      theirs !== undefined && !Token.isUnresolved(ours) && theirs !== ours;
    const resources = [arn];
    if (configurationSet) {
      const resourceName = configurationSet.configurationSetName;
      resources.push(stack.formatArn({ service: 'ses', resource: 'configuration-set', resourceName }));
    }
    handler.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['ses:SendEmail'],
        resources,
        conditions: { StringEquals: { 'ses:FromAddress': sender } },
      }),
    );
    return {
      kind: 'mail',
      from,
      to,
      identityArn: isElsewhere(account, stack.account) ? arn : undefined,
      region: isElsewhere(region, stack.region) ? region : undefined,
      configurationSet: configurationSet?.configurationSetName,
      attachOriginal,
    };
  };
}

/** The address alone, without a name. */
export function addressOf(mailbox: string): string {
  const address = /^[ -~]*<([^<>\s]+)>$/.exec(mailbox)?.[1] ?? mailbox;
  if (!/^[!-~]+@[A-Za-z0-9.-]+$/.test(address) || /[<>,]/.test(address)) {
    throw new Error(
      `an address is like security@example.com or Security <security@example.com>, in ASCII, got ${JSON.stringify(mailbox)}`,
    );
  }
  return address;
}

function refuseForeign(identity: IEmailIdentity, sender: string): void {
  const name = identity.emailIdentityName;
  if (Token.isUnresolved(name)) return;
  const domain = sender.slice(sender.lastIndexOf('@') + 1);
  if (name !== sender && name !== domain && !domain.endsWith(`.${name}`)) {
    throw new Error(`\`from\` must be an address of the identity ${name}, got ${sender}`);
  }
}
