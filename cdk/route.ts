// A route: who hears of what, over which channel, in which language.
import { type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type Construct } from 'constructs';
import { type Channel } from './channel';
import { type RouteConfig } from './generated/handler-config';
import { type Language } from './language';
import { Severity } from './severity';

/** What a route's readers want. */
export interface RouteOptions {
  /** The readers' language. */
  readonly language: Language;

  /**
   * Findings below it are not told. What has no severity (an unknown event, a broken one, a custom action that somebody
   * chose) always is.
   *
   * @default Severity.HIGH
   */
  readonly minimumSeverity?: Severity;

  /**
   * The route's name in the ledger, in logs and metrics: 1 to 64 letters, digits, `_` and `-`.
   *
   * Renaming a route makes it forget what it was told, so that open findings are told once more.
   *
   * @default "default", which only one route can have
   */
  readonly name?: string;
}

/** Who hears of what, over which channel, in which language. */
export class Route {
  /**
   * A route over a channel.
   *
   * @param channel how notifications are sent
   * @param options what the readers want
   */
  public static to(channel: Channel, options: RouteOptions): Route {
    return new Route(channel, options.language, options.minimumSeverity ?? Severity.HIGH, options.name ?? 'default');
  }

  private constructor(
    private readonly channel: Channel,
    /** The readers' language. */
    public readonly language: Language,
    /** Findings below it are not told. */
    public readonly minimumSeverity: Severity,
    /** The route's name in the ledger, in logs and metrics. */
    public readonly name: string,
  ) {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
      throw new Error(`the name of a route is 1 to 64 letters, digits, _ and -, got ${JSON.stringify(name)}`);
    }
  }

  /** @internal */
  public _bind(scope: Construct, handler: IGrantable): RouteConfig {
    return {
      name: this.name,
      language: this.language,
      minimumSeverity: this.minimumSeverity,
      channel: this.channel._bind(scope, handler),
    };
  }
}
