// Advice: how the models are asked, what is remembered of it, and what the handler must be allowed for that.
import { Duration, Stack, Token } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type Construct } from 'constructs';
import { type AdviceConfig } from './generated/handler-config';
import { type Model } from './model';

/** A guardrail of Amazon Bedrock in the stack's account and Region, by a version that cannot change. */
export interface GuardrailVersion {
  /** The guardrail's id, such as `0a1b2c3d4e5f`. */
  readonly id: string;

  /** The version's number, such as `3`; not `DRAFT`, which changes without a deployment. */
  readonly version: string;
}

/** How many tokens may be spent a day. */
export interface TokenBudget {
  /**
   * Tokens a day in UTC, input and output together; an answer takes about 5,000. Calls that run at the same time are counted
   * when they end, so the last of them can go a little beyond it.
   */
  readonly tokensPerDay: number;

  /**
   * Asked instead of the other models once 80 % are spent.
   *
   * @default - the same models are asked until all is spent
   */
  readonly cheaperModel?: Model;
}

/** What a user says of it; the names are those of the construct's properties. */
interface AdviceProps {
  readonly modelForHigh?: Model;
  readonly rememberAdviceFor?: Duration;
  readonly guardrail?: GuardrailVersion;
  readonly budget?: TokenBudget;
}

/** The handler's part of it, granted. */
export function advice(scope: Construct, handler: IGrantable, props: AdviceProps): AdviceConfig {
  const { modelForHigh, rememberAdviceFor = Duration.days(7), guardrail, budget } = props;
  const rememberDays = rememberAdviceFor.toDays({ integral: false });
  if (!Number.isInteger(rememberDays) || rememberDays < 1 || rememberDays > 365) {
    throw new Error(`supply \`rememberAdviceFor\` as 1 to 365 whole days, got ${rememberAdviceFor.toHumanString()}`);
  }
  return {
    rememberDays,
    modelForHigh: modelForHigh?._bind(scope, handler),
    guardrail: guardrail && guarded(Stack.of(scope), handler, guardrail),
    budget: budget && {
      tokensPerDay: tokens(budget.tokensPerDay),
      cheaperModel: budget.cheaperModel?._bind(scope, handler),
    },
  };
}

function guarded(stack: Stack, handler: IGrantable, { id, version }: GuardrailVersion): AdviceConfig['guardrail'] {
  if (!Token.isUnresolved(id) && !/^[a-z0-9]+$/.test(id)) {
    throw new Error(`supply the id of a guardrail, such as 0a1b2c3d4e5f, got ${JSON.stringify(id)}`);
  }
  if (!Token.isUnresolved(version) && !/^[1-9][0-9]{0,7}$/.test(version)) {
    throw new Error(
      `supply the version of a guardrail by its number, since a draft can change, got ${JSON.stringify(version)}`,
    );
  }
  const statement = new PolicyStatement({
    actions: ['bedrock:ApplyGuardrail'],
    resources: [
      stack.formatArn({ service: 'bedrock', resource: 'guardrail', resourceName: id }),
      // A guardrail of the Standard tier works in any Region of its profile; a profile alone lets nobody do anything.
      stack.formatArn({ service: 'bedrock', region: '*', resource: 'guardrail-profile', resourceName: '*' }),
    ],
  });
  handler.grantPrincipal.addToPrincipalPolicy(statement);
  return { id, version };
}

function tokens(perDay: number): number {
  if (Token.isUnresolved(perDay) || (Number.isSafeInteger(perDay) && perDay > 0)) return perDay;
  throw new Error(`supply \`tokensPerDay\` as a whole number of at least 1, got ${String(perDay)}`);
}
