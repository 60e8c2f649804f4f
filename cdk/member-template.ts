// The template of a stack in a member account: a forwarder and, on demand, the topic of the account's own readers.
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import * as path from 'path';
import {
  App,
  Aws,
  BootstraplessSynthesizer,
  CfnCondition,
  CfnParameter,
  type CfnResource,
  Fn,
  Stack,
} from 'aws-cdk-lib';
import { type CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { FindingForwarder, type FindingForwarderProps } from './finding-forwarder';
import { MemberTopic, type MemberTopicOptions } from './member-topic';

/** The parameters: what only the hub's deployment knows, or what differs between members. */
export const PARAMETERS = {
  hubBusArn: 'HubBusArn',
  hubRoleArn: 'HubRoleArn',
  operationsTopicArn: 'OperationsTopicArn',
  email: 'Email',
} as const;

/** The largest template that CloudFormation takes as text (AWS CloudFormation User Guide, "Quotas"). */
const LARGEST_TEMPLATE = 51_200; // bytes

type Listening = Pick<FindingForwarderProps, 'sources' | 'minimumSeverity' | 'controlCloses'>;

/** What the template of members is made of. */
interface MemberProps extends Listening {
  readonly hubBusName: string;
  readonly memberTopic?: MemberTopicOptions;
}

/**
 * The template as text, made by an app of its own. What belongs to the hub comes as parameters: a reference from one app into
 * another would not resolve.
 *
 * @param context the feature flags of the user's app
 */
export function memberTemplate(context: Record<string, unknown>, props: MemberProps): string {
  const outdir = mkdtempSync(path.join(tmpdir(), 'finding-advisor-member-'));
  try {
    const app = new App({
      outdir,
      context,
      autoSynth: false,
      analyticsReporting: false,
      treeMetadata: false,
      builtinCloudFormationValidation: false, // its report would be the outer app's
    });
    const stack = new Stack(app, 'Member', {
      description: 'Finding Advisor: forwards security findings to the hub',
      synthesizer: new BootstraplessSynthesizer(), // no assets, so nothing needs to be bootstrapped in a member
    });
    fill(stack, props);
    const text = JSON.stringify(app.synth().getStackByName('Member').template);
    if (Buffer.byteLength(text) > LARGEST_TEMPLATE) {
      throw new Error(
        `the template of members is too large: ${String(Buffer.byteLength(text))} bytes, at most ${String(LARGEST_TEMPLATE)} ` +
          'fit into a stack set; supply fewer `sources`',
      );
    }
    return text;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function fill(stack: Stack, { hubBusName, memberTopic, ...listening }: MemberProps): void {
  const parameter = (name: string, description: string, optional: boolean) =>
    new CfnParameter(stack, name, { type: 'String', description, ...(optional ? { default: '' } : {}) });
  const busArn = parameter(PARAMETERS.hubBusArn, 'ARN of the event bus of the hub', false).valueAsString;
  const operationsTopicArn = parameter(
    PARAMETERS.operationsTopicArn,
    'ARN of a topic of this Region that hears of findings that could not be forwarded; empty for none',
    true,
  ).valueAsString;
  const hubBus = EventBus.fromEventBusArn(stack, 'HubBus', busArn);
  const forwarder = new FindingForwarder(stack, 'Forwarder', { hubBus, ...listening });

  // A stack set may reach the hub's account: in its Region the hub listens itself.
  const ownBus = Fn.sub('arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/' + hubBusName);
  const elsewhere = new CfnCondition(stack, 'IsNotTheHub', {
    expression: Fn.conditionNot(Fn.conditionEquals(busArn, ownBus)),
  });
  for (const rule of forwarder.rules) (rule.node.defaultChild as CfnResource).cfnOptions.condition = elsewhere;

  const told = new CfnCondition(stack, 'HasOperationsTopic', {
    expression: Fn.conditionNot(Fn.conditionEquals(operationsTopicArn, '')),
  });
  for (const alarm of forwarder.alarms) {
    (alarm.node.defaultChild as CfnAlarm).addPropertyOverride(
      'AlarmActions',
      Fn.conditionIf(told.logicalId, [operationsTopicArn], Aws.NO_VALUE),
    );
  }
  if (memberTopic) {
    const hubRoleArn = parameter(PARAMETERS.hubRoleArn, "ARN of the role of the hub's handler", false).valueAsString;
    const email = parameter(PARAMETERS.email, 'Who hears of the findings of this account; empty for nobody', true);
    new MemberTopic(stack, 'Topic', { ...memberTopic, hubRoleArn })._subscribe(email.valueAsString);
  }
}
