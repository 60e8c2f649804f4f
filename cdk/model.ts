// Models: which the handler asks, and what it must be allowed for that.
import { Stack, Token } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type Construct } from 'constructs';
import { Geography, geographyOf } from './geography';

const INVOKE = 'bedrock:InvokeModel'; // what Converse is authorised as

/**
 * A model of Amazon Bedrock.
 *
 * The factories name the geography's inference profile: `jp.` in Japan, `us.`, `eu.` and `au.` in theirs.
 */
export class Model {
  /**
   * Anthropic Claude Haiku 5.5.
   * @param geography where it may be processed; by default the geography of the stack's Region
   */
  public static claudeHaiku55(geography?: Geography): Model {
    return Model.profileOf('anthropic.claude-haiku-5-5', geography);
  }

  /**
   * Anthropic Claude Haiku 4.5.
   * @param geography where it may be processed; by default the geography of the stack's Region
   */
  public static claudeHaiku45(geography?: Geography): Model {
    return Model.profileOf('anthropic.claude-haiku-4-5-20251001-v1:0', geography);
  }

  /**
   * Anthropic Claude Sonnet 5.
   * @param geography where it may be processed; by default the geography of the stack's Region
   */
  public static claudeSonnet5(geography?: Geography): Model {
    return Model.profileOf('anthropic.claude-sonnet-5', geography);
  }

  /**
   * Anthropic Claude Sonnet 4.6.
   * @param geography where it may be processed; by default the geography of the stack's Region
   */
  public static claudeSonnet46(geography?: Geography): Model {
    return Model.profileOf('anthropic.claude-sonnet-4-6', geography);
  }

  /**
   * Amazon Nova 2 Lite.
   * @param geography where it may be processed; by default the geography of the stack's Region
   */
  public static nova2Lite(geography?: Geography): Model {
    return Model.profileOf('amazon.nova-2-lite-v1:0', geography);
  }

  /**
   * A model by the id or ARN of a cross-Region inference profile, or by the id of a foundation model that can be asked in the
   * stack's Region without one. It must take tools in Converse, and a choice of tool that is forced.
   *
   * @param id such as `jp.anthropic.claude-haiku-5-5` or `amazon.nova-lite-v1:0`
   */
  public static of(id: string): Model {
    if (id.startsWith('arn:') || PROFILE.test(id)) return Model.inferenceProfile(id);
    if (Token.isUnresolved(id) || !/^[a-z0-9-]+\.[A-Za-z0-9.:-]+$/.test(id)) {
      throw new Error(`a model is an id such as jp.anthropic.claude-haiku-5-5, or an ARN, got ${JSON.stringify(id)}`);
    }
    return new Model(() => ({ id, model: id }));
  }

  /**
   * A cross-Region inference profile, also one with a prefix that `Model.of()` does not know.
   *
   * @param idOrArn such as `jp.anthropic.claude-haiku-5-5`, or an ARN that ends so
   */
  public static inferenceProfile(idOrArn: string): Model {
    if (idOrArn.includes(':application-inference-profile/')) {
      throw new Error(
        'an application inference profile hides its model, and the handler asks each model in its own way: ' +
          `supply a cross-Region inference profile, got ${idOrArn}`,
      );
    }
    const [, arn, geography, model] =
      /^(arn:[^/]+:inference-profile\/)?([a-z-]+)\.([a-z0-9-]+\.[A-Za-z0-9.:-]+)$/.exec(idOrArn) ?? [];
    if (Token.isUnresolved(idOrArn) || geography === undefined || model === undefined) {
      throw new Error(
        'an inference profile is an id such as jp.anthropic.claude-haiku-5-5, or an ARN that ends so, ' +
          `got ${JSON.stringify(idOrArn)}`,
      );
    }
    return new Model((stack) => crossRegion(stack, geography, model, arn && idOrArn));
  }

  private static profileOf(model: string, geography?: Geography): Model {
    return new Model((stack) => crossRegion(stack, geography ?? geographyOfStack(stack), model));
  }

  private constructor(private readonly resolve: (stack: Stack) => Resolved) {}

  /**
   * Lets the handler ask the model; returns what the handler calls it by.
   * @internal
   */
  public _bind(scope: Construct, handler: IGrantable): string {
    const stack = Stack.of(scope);
    const { id, model, profile } = this.resolve(stack);
    const modelIn = (region: string) => `arn:${stack.partition}:bedrock:${region}::foundation-model/${model}`;
    const statements = profile
      ? [
          new PolicyStatement({ actions: [INVOKE], resources: [profile.arn] }),
          // AWS adds Regions to profiles, so a list of them would go stale: any Region, but only through this profile.
          new PolicyStatement({
            actions: [INVOKE],
            resources: profile.geography === 'global' ? [modelIn('*'), modelIn('')] : [modelIn('*')],
            conditions: { StringEquals: { 'bedrock:InferenceProfileArn': profile.arn } },
          }),
        ]
      : [new PolicyStatement({ actions: [INVOKE], resources: [modelIn(stack.region)] })];
    statements.forEach((statement) => handler.grantPrincipal.addToPrincipalPolicy(statement));
    return id;
  }
}

/** What is asked unless the user says otherwise: each one takes over when those before it do not answer. */
export function defaultModels(scope: Construct): Model[] {
  const claude = [Model.claudeHaiku55(), Model.claudeHaiku45()];
  // No profile of Nova is known in Australia.
  return geographyOfStack(Stack.of(scope)) === Geography.AUSTRALIA ? claude : [...claude, Model.nova2Lite()];
}

/** A model in a stack. */
interface Resolved {
  /** What the handler calls it by. */
  readonly id: string;
  /** Id of the foundation model. */
  readonly model: string;
  readonly profile?: { readonly arn: string; readonly geography: string };
}

/** The prefixes of profile ids (Amazon Bedrock User Guide, "Supported Regions and models for inference profiles"). */
const PROFILE = /^(?:apac|au|ca|eu|global|in|jp|us|us-gov)\./;

function crossRegion(stack: Stack, geography: string, model: string, arn?: string): Resolved {
  const name = `${geography}.${model}`;
  const own = stack.formatArn({ service: 'bedrock', resource: 'inference-profile', resourceName: name });
  return { id: arn ?? name, model, profile: { arn: arn ?? own, geography } };
}

function geographyOfStack(stack: Stack): Geography {
  const region = Token.isUnresolved(stack.region) ? undefined : stack.region;
  const geography = region && geographyOf(region);
  if (geography) return geography;
  throw new Error(
    region
      ? `no geography of inference profiles is known for ${region}: supply \`models\` with a geography, such as ` +
          '[Model.claudeHaiku55(Geography.GLOBAL)]'
      : `the Region of the stack ${stack.stackName} is not known: supply \`env.region\` of the stack, or \`models\` with a ` +
          'geography, such as [Model.claudeHaiku55(Geography.JAPAN)]',
  );
}
