// The forwarder in every account of an organization, as one service-managed stack set of AWS CloudFormation.
import { CfnStackSet, Token, Validations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type FindingAdvisor } from './finding-advisor';
import { type FindingSource } from './finding-source';
import { memberTemplate, PARAMETERS } from './member-template';
import { type MemberTopicOptions } from './member-topic';
import { refuseNone } from './refusal';

/** Accounts and Regions of a stack set, and what they are told apart from others. */
export interface StackSetTarget {
  /** Organizational units (`ou-…`), or the root of the organization (`r-…`). */
  readonly organizationalUnitIds: string[];

  /** Regions. */
  readonly regions: string[];

  /**
   * Of the accounts in the organizational units, only these.
   *
   * @default - all of them
   */
  readonly onlyAccounts?: string[];

  /**
   * Of the accounts in the organizational units, all but these.
   *
   * @default - all of them
   */
  readonly exceptAccounts?: string[];

  /**
   * An e-mail address that hears of the findings of these accounts; needs `memberTopic`. It gets a mail to confirm from each
   * account and Region.
   *
   * @default - nobody is subscribed
   */
  readonly email?: string;

  /**
   * A topic that hears of findings that could not be forwarded. Alarms send to topics of their own Region only, so the target
   * must have one Region. The topic's policy must let `cloudwatch.amazonaws.com` of the members publish.
   *
   * @default - the alarms have no action
   */
  readonly operationsTopicArn?: string;
}

/** What a `FindingForwarderStackSet` is made of. */
export interface FindingForwarderStackSetProps {
  /** The hub. It needs `members`. */
  readonly hub: FindingAdvisor;

  /** Where the stacks are made, at least one. No account and Region in two of them. */
  readonly targets: StackSetTarget[];

  /**
   * Where members' findings come from, out of the sources of the hub.
   *
   * Leave out what the hub's own account sees already: a delegated administrator of GuardDuty, Security Hub or Amazon
   * Inspector gets the findings of its members. What comes twice is told once.
   *
   * @default - the sources of the hub
   */
  readonly sources?: FindingSource[];

  /**
   * Makes a topic for the account's own readers in each account and Region, under one name.
   *
   * @default - no topic
   */
  readonly memberTopic?: MemberTopicOptions;

  /**
   * The name of the stack set.
   *
   * @default "finding-advisor-member"
   */
  readonly stackSetName?: string;

  /**
   * Whether this stack is deployed in a member account that is a delegated administrator of CloudFormation StackSets, rather than
   * in the management account.
   *
   * @default true
   */
  readonly delegatedAdmin?: boolean;

  /**
   * Whether accounts that join the organizational units later get a stack by themselves. Accounts that leave lose theirs.
   *
   * @default true
   */
  readonly autoDeployment?: boolean;

  /**
   * In how many accounts of a Region the stack may fail before the operation stops, in percent.
   *
   * @default 100, so that one broken account keeps no other from being heard
   */
  readonly failureTolerancePercentage?: number;

  /**
   * In how many accounts of a Region stacks are made at once, in percent.
   *
   * @default 25
   */
  readonly maxConcurrentPercentage?: number;
}

/**
 * A `FindingForwarder` in every account and Region of some organizational units.
 *
 * The management account of the organization never gets a stack of it: supply a `FindingForwarder` there in a stack of its own.
 * Where the stack set reaches the hub's own account and Region nothing is forwarded.
 */
export class FindingForwarderStackSet extends Construct {
  /** The stack set. */
  public readonly stackSet: CfnStackSet;

  public constructor(scope: Construct, id: string, props: FindingForwarderStackSetProps) {
    super(scope, id);
    const { hub, targets, memberTopic } = props;
    const { memberBus, _listening } = hub;
    if (!memberBus) {
      throw new Error(
        'the hub takes nothing from other accounts: supply `members` of the FindingAdvisor, such as Members.organization("o-…")',
      );
    }
    if (targets.length === 0) throw new Error('supply at least one of `targets`, got []');
    targets.forEach((target) => {
      refuseTarget(target, memberTopic !== undefined);
    });
    const { sources = _listening.sources } = props;
    refuseNone('sources', sources);
    const heard = _listening.sources.map(({ name }) => name);
    const unheard = sources.find(({ name }) => !heard.includes(name));
    if (unheard) {
      throw new Error(
        `the hub does not listen to ${unheard.name}, and its bus would refuse it: supply it in \`sources\` of the FindingAdvisor ` +
          `too, got ${heard.join(', ')}`,
      );
    }
    this.stackSet = new CfnStackSet(this, 'StackSet', {
      stackSetName: props.stackSetName ?? 'finding-advisor-member',
      description: 'Finding Advisor: forwards security findings of member accounts to the hub',
      permissionModel: 'SERVICE_MANAGED',
      callAs: (props.delegatedAdmin ?? true) ? 'DELEGATED_ADMIN' : 'SELF',
      autoDeployment: { enabled: props.autoDeployment ?? true, retainStacksOnAccountRemoval: false },
      managedExecution: { Active: true },
      operationPreferences: {
        // One broken account must neither stop nor slow down the rest.
        concurrencyMode: 'SOFT_FAILURE_TOLERANCE',
        regionConcurrencyType: 'PARALLEL',
        failureTolerancePercentage: props.failureTolerancePercentage ?? 100,
        maxConcurrentPercentage: props.maxConcurrentPercentage ?? 25,
      },
      capabilities: ['CAPABILITY_IAM'],
      parameters: [
        { parameterKey: PARAMETERS.hubBusArn, parameterValue: memberBus.eventBusArn },
        ...(memberTopic ? [{ parameterKey: PARAMETERS.hubRoleArn, parameterValue: hub.role.roleArn }] : []),
      ],
      stackInstancesGroup: targets.map((target) => ({
        deploymentTargets: { organizationalUnitIds: target.organizationalUnitIds, ...accounts(target) },
        regions: target.regions,
        parameterOverrides: overrides(target),
      })),
      templateBody: memberTemplate(this.node.getAllContext() as Record<string, unknown>, {
        ..._listening,
        sources,
        memberTopic,
        hubBusName: hub._memberBusName,
      }),
    });
    if (targets.some((target) => target.organizationalUnitIds.some((unit) => unit.startsWith('r-')))) {
      Validations.of(this).addWarning(
        'cdk-finding-advisor:managementAccount',
        'a stack set never reaches the management account, not even by the root of the organization: supply a FindingForwarder ' +
          'there in a stack of its own',
      );
    }
  }
}

function refuseTarget(target: StackSetTarget, hasTopic: boolean): void {
  const wrong = (what: string, got: unknown) =>
    new Error(`a target of a stack set: ${what}, got ${JSON.stringify(got)}`);
  const { organizationalUnitIds: units, regions, onlyAccounts, exceptAccounts, email, operationsTopicArn } = target;
  if (units.length === 0) throw wrong('supply at least one of `organizationalUnitIds`', units);
  const unit = units.find(
    (one) => !Token.isUnresolved(one) && !/^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$/.test(one),
  );
  if (unit !== undefined)
    throw wrong('an organizational unit is an id such as ou-ab12-cdef3456, or the root, r-ab12', unit);
  if (regions.length === 0) throw wrong('supply at least one of `regions`', regions);
  if (onlyAccounts && exceptAccounts) throw wrong('supply `onlyAccounts` or `exceptAccounts`, not both', target);
  const listed = onlyAccounts ?? exceptAccounts;
  if (listed?.length === 0) throw wrong('supply at least one account, or leave the list out', listed);
  const account = listed?.find((one) => !Token.isUnresolved(one) && !/^\d{12}$/.test(one));
  if (account !== undefined) throw wrong('an account is 12 digits', account);
  if (email !== undefined && !hasTopic) throw wrong('`email` needs `memberTopic`, whose topic it subscribes to', email);
  const [, , , topicRegion] = operationsTopicArn?.split(':') ?? [];
  if (topicRegion !== undefined && !(regions.length === 1 && regions[0] === topicRegion)) {
    throw wrong('alarms send to a topic of their own Region: supply a target for each Region', {
      regions,
      operationsTopicArn,
    });
  }
}

function accounts({ onlyAccounts, exceptAccounts }: StackSetTarget): Partial<CfnStackSet.DeploymentTargetsProperty> {
  if (onlyAccounts) return { accounts: onlyAccounts, accountFilterType: 'INTERSECTION' };
  if (exceptAccounts) return { accounts: exceptAccounts, accountFilterType: 'DIFFERENCE' };
  return {};
}

function overrides({ email, operationsTopicArn }: StackSetTarget): CfnStackSet.ParameterProperty[] | undefined {
  const given = [
    [PARAMETERS.email, email],
    [PARAMETERS.operationsTopicArn, operationsTopicArn],
  ] as const;
  const all = given.flatMap(([parameterKey, parameterValue]) =>
    parameterValue === undefined ? [] : [{ parameterKey, parameterValue }],
  );
  return all.length > 0 ? all : undefined;
}
