// A route: who hears of what, over which channel, in which language.
import { type Duration } from 'aws-cdk-lib';
import { type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type Construct } from 'constructs';
import { type Channel } from './channel';
import { type FindingMatch, isWithin, matchConfig, refuseMatch } from './finding-match';
import { type RouteConfig } from './generated/handler-config';
import { type Language } from './language';
import { type Members } from './members';
import { severitiesFrom, Severity } from './severity';

/** What a route's readers want. */
export interface RouteOptions {
  /** The readers' language. */
  readonly language: Language;

  /**
   * The zone of the readers' clock, by its name in the IANA database, such as `Europe/Berlin`.
   *
   * @default - `Asia/Tokyo` for Japanese, `UTC` for English
   */
  readonly timeZone?: string;

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

  /**
   * What a finding must be for the route to take it.
   *
   * @default - any finding
   */
  readonly match?: FindingMatch;

  /**
   * What the route does not take although it matches.
   *
   * @default - nothing
   */
  readonly except?: FindingMatch;

  /**
   * After how long a finding of HIGH or CRITICAL that is still open is told again; in whole days, none for never.
   *
   * @default Duration.days(7)
   */
  readonly repeatAfter?: Duration;

  /**
   * How many notifications a minute are told one by one; what comes on top, unless it is CRITICAL, is told together.
   *
   * Amazon SNS ends an e-mail subscription that gets more than 10 a second.
   *
   * @default 10
   */
  readonly mostAMinute?: number;
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
    return new Route(channel, options);
  }

  /** The readers' language. */
  public readonly language: Language;
  /** Findings below it are not told. */
  public readonly minimumSeverity: Severity;
  /** The route's name in the ledger, in logs and metrics. */
  public readonly name: string;
  /** @internal */
  public readonly _match?: FindingMatch;
  /** @internal */
  public readonly _except?: FindingMatch;
  /**
   * The severities that it takes, in ascending order.
   * @internal
   */
  public readonly _severities: Severity[];

  private readonly timeZone?: string;
  private readonly repeatDays?: number;
  private readonly mostAMinute?: number;

  private constructor(
    private readonly channel: Channel,
    options: RouteOptions,
  ) {
    const { name = 'default', minimumSeverity = Severity.HIGH, match, except, mostAMinute } = options;
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
      throw new Error(`the name of a route is 1 to 64 letters, digits, _ and -, got ${JSON.stringify(name)}`);
    }
    refuseMatch(match ?? {}, `match of the route \`${name}\``);
    refuseMatch(except ?? {}, `\`except\` of the route \`${name}\``);
    this._severities = severitiesFrom(minimumSeverity).filter(
      (severity) => match?.severities?.includes(severity) ?? true,
    );
    if (this._severities.length === 0) {
      throw new Error(
        `the route \`${name}\` can take nothing: its \`minimumSeverity\` is ${minimumSeverity}, and it matches only ` +
          `${match?.severities?.join(', ')}`,
      );
    }
    if (except && isWithin({ ...match, severities: this._severities }, except)) {
      throw new Error(`the route \`${name}\` can take nothing: its \`except\` fits all that its \`match\` fits`);
    }
    if (mostAMinute !== undefined && !(Number.isInteger(mostAMinute) && mostAMinute >= 1)) {
      throw new Error(
        `\`mostAMinute\` of the route \`${name}\` is a whole number from 1 on, got ${String(mostAMinute)}`,
      );
    }
    if (options.timeZone !== undefined && !isTimeZone(options.timeZone)) {
      throw new Error(
        `the \`timeZone\` of the route \`${name}\` is a name such as Asia/Tokyo, got ${JSON.stringify(options.timeZone)}`,
      );
    }
    this.language = options.language;
    this.timeZone = options.timeZone;
    this.minimumSeverity = minimumSeverity;
    this.name = name;
    this._match = match;
    this._except = except;
    this.repeatDays = options.repeatAfter?.toDays();
    this.mostAMinute = mostAMinute;
  }

  /** @internal */
  public _bind(scope: Construct, handler: IGrantable, members?: Members): RouteConfig {
    return {
      name: this.name,
      language: this.language,
      timeZone: this.timeZone,
      minimumSeverity: this.minimumSeverity,
      match: this._match && matchConfig(this._match),
      except: this._except && matchConfig(this._except),
      repeatDays: this.repeatDays,
      mostAMinute: this.mostAMinute,
      channel: this.channel._bind(scope, handler, members),
    };
  }
}

/** Offsets, which Node takes too, are no names. */
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}
