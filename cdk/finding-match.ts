// What a finding may be for a route to take it, or not to.
import { Token } from 'aws-cdk-lib';
import { type FindingSource } from './finding-source';
import { type MatchConfig } from './generated/handler-config';
import { type Severity } from './severity';

/**
 * What a finding may be: one of the values of each list that is given. A finding with several types or resources fits with any
 * of them.
 */
export interface FindingMatch {
  /**
   * Severities. What has none (an unknown event, a broken one) fits all the same.
   * @default - any
   */
  readonly severities?: Severity[];

  /**
   * Sources, out of those that the construct listens to.
   * @default - any
   */
  readonly sources?: FindingSource[];

  /**
   * Products as a notification names them, such as `GuardDuty` or `Inspector`, also where Security Hub tells of them; capitals
   * do not matter.
   * @default - any
   */
  readonly products?: string[];

  /**
   * How one of the finding's types begins, such as `UnauthorizedAccess:IAMUser/` or `security-control/S3.`
   * @default - any
   */
  readonly typePrefixes?: string[];

  /**
   * Accounts that the finding is about, of 12 digits each.
   * @default - any
   */
  readonly accounts?: string[];

  /**
   * Regions that the finding is about.
   * @default - any
   */
  readonly regions?: string[];

  /**
   * Types of affected resources in any of AWS's ways of writing, such as `AWS::S3::Bucket`.
   * @default - any
   */
  readonly resourceTypes?: string[];

  /**
   * Tags of affected resources: each key with one of its values. Not every product tells of tags.
   * @default - any
   */
  readonly tags?: Record<string, string[]>;
}

/** Refuses a match that says nothing, or what no finding is. `of` names it: "match of the route `x`". */
export function refuseMatch(match: FindingMatch, of: string): void {
  const { tags, ...lists } = match;
  const given = [
    ...Object.entries(lists),
    ...Object.entries(tags ?? {}).map(([key, values]) => [`tags.${key}`, values]),
  ];
  for (const [field, values] of given as [string, unknown[] | undefined][]) {
    if (values?.length === 0 || values?.includes('')) {
      throw new Error(
        `the ${of} can fit nothing: supply at least one of \`${field}\`, or leave it out for any, got ${JSON.stringify(values)}`,
      );
    }
  }
  if (tags && Object.keys(tags).length === 0) {
    throw new Error(`the ${of} can fit nothing: supply at least one of \`tags\`, or leave it out for any, got {}`);
  }
  const own = match.sources?.find((source) => source._words.length === 0);
  if (own) {
    throw new Error(
      `the ${of} cannot tell the source ${own.name} from others, as it is a pattern: supply the detail types of its events as ` +
        '`typePrefixes`',
    );
  }
  const account = match.accounts?.find((id) => !Token.isUnresolved(id) && !/^\d{12}$/.test(id));
  if (account !== undefined) throw new Error(`the ${of}: an account is 12 digits, got ${JSON.stringify(account)}`);
  const region = match.regions?.find((name) => !Token.isUnresolved(name) && !/^[a-z]+(-[a-z]+)+-\d+$/.test(name));
  if (region !== undefined) {
    throw new Error(`the ${of}: a Region is a name such as ap-northeast-1, got ${JSON.stringify(region)}`);
  }
}

/** Whether all that fits one match fits the other as well, as far as the lists tell. */
export function isWithin(inner: FindingMatch, outer: FindingMatch): boolean {
  const names = (match: FindingMatch) => match.sources?.map(({ name }) => name);
  const lower = (match: FindingMatch) => match.products?.map((name) => name.toLowerCase());
  const among = <T>(all: T[] | undefined, of: T[] | undefined, fits = (one: T, other: T) => one === other): boolean =>
    of === undefined || (all?.every((one) => of.some((other) => fits(one, other))) ?? false);
  return (
    among(inner.severities, outer.severities) &&
    among(names(inner), names(outer)) &&
    among(lower(inner), lower(outer)) &&
    among(inner.typePrefixes, outer.typePrefixes, (one, other) => one.startsWith(other)) &&
    among(inner.accounts, outer.accounts) &&
    among(inner.regions, outer.regions) &&
    among(inner.resourceTypes, outer.resourceTypes) &&
    Object.entries(outer.tags ?? {}).every(([key, values]) => among(inner.tags?.[key], values))
  );
}

/** The match in the handler's words. */
export function matchConfig(match: FindingMatch): MatchConfig {
  return { ...match, sources: match.sources?.flatMap((source) => source._words) };
}
