// The models that are asked, and what it takes to be allowed to ask them.
import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** Geographies of cross-Region inference profiles: the prefix of a Region, and that of its profiles. */
const GEOGRAPHIES: [region: RegExp, prefix: string][] = [
  [/^ap-northeast-[13]$/, 'jp'],
  [/^us-(?:east|west)-\d$/, 'us'],
  [/^eu-/, 'eu'],
  [/^ap-southeast-[24]$/, 'au'],
];
const PREFIXED = /^(?<prefix>us|eu|apac|jp|au|in|global|us-gov)\.(?<model>.+)$/;

/** A model of Amazon Bedrock, as the handler calls it. */
export class Model {
  /** Claude Haiku 5.5 by the inference profile of a geography, such as `jp`, `us`, `eu`, `au` or `global`. */
  public static claudeHaiku55(geography: string): Model {
    return Model.of(`${geography}.anthropic.claude-haiku-5-5`);
  }

  /** Claude Haiku 4.5 by the inference profile of a geography, such as `jp`, `us`, `eu`, `au` or `global`. */
  public static claudeHaiku45(geography: string): Model {
    return Model.of(`${geography}.anthropic.claude-haiku-4-5-20251001-v1:0`);
  }

  /** Claude Sonnet 5 by the inference profile of a geography, such as `jp`, `us`, `eu`, `au` or `global`. */
  public static claudeSonnet5(geography: string): Model {
    return Model.of(`${geography}.anthropic.claude-sonnet-5`);
  }

  /** Amazon Nova 2 Lite by the inference profile of a geography, such as `jp`, `us` or `eu`. */
  public static nova2Lite(geography: string): Model {
    return Model.of(`${geography}.amazon.nova-2-lite-v1:0`);
  }

  /**
   * Any model that takes tools in Converse: the id of a system-defined inference profile (`jp.anthropic.…`) or of a
   * foundation model (`anthropic.…`).
   */
  public static of(id: string): Model {
    if (Token.isUnresolved(id) || !/^[A-Za-z0-9][A-Za-z0-9.:-]{2,127}$/.test(id)) {
      throw new Error(`Model.of takes the id of a model or of a system-defined inference profile, got "${id}".`);
    }
    return new Model(id);
  }

  /**
   * What a stack asks without being told: models whose data stay in the geography of its Region.
   *
   * @internal
   */
  public static _defaults(stack: Stack): Model[] {
    const geography = GEOGRAPHIES.find(([region]) => !Token.isUnresolved(stack.region) && region.test(stack.region))?.[1];
    if (geography === undefined) {
      const region = Token.isUnresolved(stack.region) ? 'a Region that is not known at synthesis' : stack.region;
      throw new Error(
        `There is no default model for ${region}. Set the stack's env.region to a Region in Japan, the US, Europe or ` +
          'Australia, or choose models (for example [Model.claudeHaiku55("global")], which leaves the geography).',
      );
    }
    const claude = [Model.claudeHaiku55(geography), Model.claudeHaiku45(geography)];
    // There is no Australian profile of Nova.
    return geography === 'au' ? claude : [...claude, Model.nova2Lite(geography)];
  }

  private constructor(
    /** The id that the handler calls. */
    public readonly modelId: string,
  ) {}

  /**
   * What a role needs to call it. The destination Regions of a profile are no list here, since AWS widens profiles: the
   * condition ties the models to the profile instead.
   *
   * @internal
   */
  public _statements(stack: Stack): PolicyStatement[] {
    const match = PREFIXED.exec(this.modelId)?.groups;
    const action = 'bedrock:InvokeModel';
    if (match?.model === undefined) {
      const own = stack.formatArn({ ...FOUNDATION, region: stack.region, resourceName: this.modelId });
      return [new PolicyStatement({ actions: [action], resources: [own] })];
    }
    const profile = stack.formatArn({ service: 'bedrock', resource: 'inference-profile', resourceName: this.modelId });
    const model = match.model;
    const anywhere = match.prefix === 'global' ? ['*', ''] : ['*'];
    return [
      new PolicyStatement({ actions: [action], resources: [profile] }),
      new PolicyStatement({
        actions: [action],
        resources: anywhere.map((region) => stack.formatArn({ ...FOUNDATION, region, resourceName: model })),
        conditions: { StringEquals: { 'bedrock:InferenceProfileArn': profile } },
      }),
    ];
  }
}

const FOUNDATION = {
  service: 'bedrock',
  account: '',
  resource: 'foundation-model',
  arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
};
