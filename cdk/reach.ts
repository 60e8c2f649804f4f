// Whom the routes reach together: what they name in vain, and what nobody hears of.
import { Validations } from 'aws-cdk-lib';
import { type Construct } from 'constructs';
import { type FindingSource } from './finding-source';
import { type RouteConfig } from './generated/handler-config';
import { type Route } from './route';
import { lowest, severitiesFrom } from './severity';

/** Refuses a route that waits for a source which is not listened to. */
export function refuseUnheard(routes: Route[], sources: FindingSource[]): void {
  const heard = sources.map(({ name }) => name);
  for (const route of routes) {
    const named = [route._match, route._except].flatMap((match) => match?.sources ?? []);
    const unheard = named.find(({ name }) => !heard.includes(name));
    if (unheard) {
      throw new Error(
        `the route \`${route.name}\` names the source ${unheard.name}, which is not listened to: supply it in \`sources\` of ` +
          `the FindingAdvisor, got ${heard.join(', ')}`,
      );
    }
  }
}

/** Refuses a default route that some findings cannot take; the route. */
export function refuseNotForAll(defaultRoute: RouteConfig): RouteConfig {
  if (defaultRoute.channel.kind === 'memberTopic') {
    throw new Error(
      'the default route is for what no member hears of, such as a finding of an account without a topic: supply ' +
        'Channel.memberTopic() to one of `routes`, and a channel of the hub to `defaultRoute`',
    );
  }
  return defaultRoute;
}

/** Warns of findings that the rules let in, or that are worse than those, and that no route takes. */
export function warnOfSilence(scope: Construct, defaultRoute: Route, routes: Route[], sources: FindingSource[]): void {
  const all = [defaultRoute, ...routes];
  const validations = Validations.of(scope);
  const taken = all.flatMap((route) => route._severities);
  const silent = severitiesFrom(lowest(taken)).filter((severity) => !taken.includes(severity));
  if (silent.length > 0) {
    validations.addWarning(
      'cdk-finding-advisor:severityReachesNobody',
      `findings of ${silent.join(' and ')} reach nobody, though less bad ones do; add it to the \`severities\` of a route`,
    );
  }
  const unrouted = sources.filter((source) => source._words.length > 0 && !all.some((route) => takes(route, source)));
  if (unrouted.length > 0) {
    validations.addWarning(
      'cdk-finding-advisor:sourceHasNoRoute',
      `findings of ${unrouted.map(({ name }) => name).join(', ')} reach nobody: no route takes this source; supply a route for ` +
        'it, or leave it out of `sources`',
    );
  }
  const narrow = Object.entries(defaultRoute._match ?? {}).filter(
    ([field, values]) => field !== 'severities' && values,
  );
  if (narrow.length > 0 || defaultRoute._except) {
    validations.addWarning(
      'cdk-finding-advisor:defaultRouteIsNarrow',
      'the default route takes only some of the findings that no other route takes; the rest reaches nobody. Supply the ' +
        '`match` and `except` to a route of its own, in `routes`',
    );
  }
}

/** Whether a route takes anything of a source. */
function takes(route: Route, source: FindingSource): boolean {
  const names = (sources?: FindingSource[]) => sources?.map(({ name }) => name);
  const { sources: excepted, ...otherwise } = route._except ?? {};
  const isExcepted = Object.keys(otherwise).length === 0 && (names(excepted)?.includes(source.name) ?? false);
  return (names(route._match?.sources)?.includes(source.name) ?? true) && !isExcepted;
}
