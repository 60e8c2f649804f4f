// Who hears of what.
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Channel } from './channel';
import { RouteConfig } from './generated/handler-config';
import { Language } from './language';
import { Severity } from './severity';

/** What a route asks of a finding, and how its readers want to be told. */
export interface RouteProps {
  /** The readers' language. */
  readonly language: Language;

  /**
   * Findings below this severity are not told. Events without a readable severity and custom actions always are.
   *
   * @default Severity.HIGH
   */
  readonly minimumSeverity?: Severity;

  /**
   * The route's name in the ledger, in logs and in metrics: 1 to 64 letters, digits, `_` or `-`, unique in a
   * `FindingAdvisor`. A route that is renamed has heard of nothing yet.
   *
   * @default - `default` for the default route, `route1`, `route2`, … for the others, in their order
   */
  readonly name?: string;
}

/** Who hears of what: a match, a channel and a language. */
export class Route {
  /** A route to a channel. */
  public static to(channel: Channel, props: RouteProps): Route {
    return new Route(channel, props);
  }

  /** Findings below this severity are not told. */
  public readonly minimumSeverity: Severity;

  private constructor(
    private readonly channel: Channel,
    private readonly props: RouteProps,
  ) {
    this.minimumSeverity = props.minimumSeverity ?? Severity.HIGH;
    if (props.name !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(props.name)) {
      throw new Error(`A route's name is 1 to 64 letters, digits, "_" or "-", got "${props.name}".`);
    }
  }

  /**
   * Grants what the route needs, and gives the handler's configuration of it.
   *
   * @internal
   */
  public _bind(scope: Construct, grantee: IGrantable, defaultName: string): RouteConfig {
    return {
      name: this.props.name ?? defaultName,
      language: this.props.language,
      minimumSeverity: this.minimumSeverity,
      channel: this.channel._bind(scope, grantee),
    };
  }
}
