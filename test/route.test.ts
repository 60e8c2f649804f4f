// Which findings a route takes, and what a user learns of a route that can take none.
import {
  type FindingAdvisorProps,
  type FindingMatch,
  FindingSource,
  type RouteOptions,
  Severity,
} from 'cdk-finding-advisor';
import { Aws, Duration, type Stack } from 'aws-cdk-lib';

import { handlerConfig } from './support/handler-config';
import { advisorIn, routeTo, stackIn, warningsOf } from './support/synthesis';

/** The route's configuration, with all its defaults left to the handler. */
function configured(options: Partial<RouteOptions>) {
  const stack = stackIn();
  advisorIn(stack, { routes: [routeTo(stack, { name: 'shop', ...options })] });
  const [route] = handlerConfig(stack).routes;
  return { ...route, channel: undefined };
}

test('a route without a match asks for its severity only', () => {
  expect(configured({})).toEqual({ name: 'shop', language: 'ja', minimumSeverity: 'HIGH' });
});

test('a match names sources as the handler does, and all else as it is given', () => {
  const match = { accounts: ['111122223333'], tags: { team: ['shop'] }, severities: [Severity.HIGH] };
  expect(
    configured({
      match: { ...match, sources: [FindingSource.securityHub()] },
      except: { ...match, regions: ['eu-west-1'] },
    }),
  ).toMatchObject({
    match: { ...match, sources: ['asff'] },
    except: { ...match, regions: ['eu-west-1'] },
  });
});

test('repeats are counted in days, and bursts in notifications a minute', () => {
  expect(configured({ repeatAfter: Duration.hours(48), mostAMinute: 1 })).toMatchObject({
    repeatDays: 2,
    mostAMinute: 1,
  });
});

test('readers have the clock of their zone', () => {
  expect(configured({ timeZone: 'Europe/Berlin' })).toMatchObject({ timeZone: 'Europe/Berlin' });
  expect(configured({})).not.toHaveProperty('timeZone');
});

test.each<[string, Partial<RouteOptions>, RegExp]>([
  ['an empty list', { match: { accounts: [] } }, /match of the route `shop` can fit nothing.*`accounts`.*got \[\]/],
  ['an empty text', { match: { typePrefixes: [''] } }, /supply at least one of `typePrefixes`.*got \[""\]/],
  ['no tags', { match: { tags: {} } }, /supply at least one of `tags`.*got \{\}/],
  ['a tag without a value', { match: { tags: { team: [] } } }, /supply at least one of `tags\.team`.*got \[\]/],
  ['an account of 11 digits', { match: { accounts: ['11112222333'] } }, /an account is 12 digits, got "11112222333"/],
  ['an account by name', { except: { accounts: ['shop'] } }, /`except` of the route `shop`: an account is 12 digits/],
  [
    'a Region that is none',
    { match: { regions: ['Tokyo'] } },
    /a Region is a name such as ap-northeast-1, got "Tokyo"/,
  ],
  [
    'only severities below the minimum',
    { minimumSeverity: Severity.HIGH, match: { severities: [Severity.LOW, Severity.MEDIUM] } },
    /`shop` can take nothing: its `minimumSeverity` is HIGH, and it matches only LOW, MEDIUM/,
  ],
  [
    'all that it matches excepted',
    {
      match: { accounts: ['111122223333'], typePrefixes: ['Recon:EC2/'], products: ['GuardDuty'] },
      except: { accounts: ['111122223333', '444455556666'], typePrefixes: ['Recon:'], products: ['guardduty'] },
    },
    /`shop` can take nothing: its `except` fits all that its `match` fits/,
  ],
  [
    'all its severities excepted',
    { minimumSeverity: Severity.HIGH, except: { severities: [Severity.HIGH, Severity.CRITICAL] } },
    /`except` fits all/,
  ],
  [
    'all its tags excepted',
    { match: { tags: { team: ['shop'], env: ['prod'] } }, except: { tags: { team: ['shop', 'web'] } } },
    /`except` fits all/,
  ],
  ['nothing said of what is excepted', { except: {} }, /`except` fits all/],
  [
    'a source that is not listened to',
    { match: { sources: [FindingSource.inspector()] } },
    /`shop` names the source Inspector, which is not listened to: supply it in `sources`.*got SecurityHub, GuardDuty/,
  ],
  [
    'an excepted source that is not listened to',
    { except: { sources: [FindingSource.macie()] } },
    /names the source Macie, which is not listened to/,
  ],
  [
    'a pattern as a source',
    { match: { sources: [FindingSource.pattern('Scanner', { source: ['example.scanner'] })] } },
    /cannot tell the source Scanner from others.*`typePrefixes`/,
  ],
  [
    'no notification a minute',
    { mostAMinute: 0 },
    /`mostAMinute` of the route `shop` is a whole number from 1 on, got 0/,
  ],
  ['a zone that is none', { timeZone: 'Mars/Olympus' }, /the `timeZone` of the route `shop`.*got "Mars\/Olympus"/],
  ['an offset as a zone', { timeZone: '+09:00' }, /a name such as Asia\/Tokyo, got "\+09:00"/],
  ['half a notification', { mostAMinute: 1.5 }, /got 1\.5/],
  ['a repeat after half a day', { repeatAfter: Duration.hours(12) }, /'12 hours' cannot be converted/],
])('%s is refused', (_, options, says) => {
  const stack = stackIn();
  expect(() => advisorIn(stack, { routes: [routeTo(stack, { name: 'shop', ...options })] })).toThrow(says);
});

test('an exception that leaves something is taken', () => {
  const match: FindingMatch = { accounts: ['111122223333', '444455556666'], tags: { team: ['shop'] } };
  for (const except of [
    { accounts: ['111122223333'] },
    { accounts: ['111122223333', '444455556666'], regions: ['ap-northeast-1'] },
    { tags: { team: ['shop'], env: ['prod'] } },
    { typePrefixes: ['Recon:'] },
    { severities: [Severity.CRITICAL] },
  ]) {
    expect(() => configured({ match, except })).not.toThrow();
  }
});

test('an account and a Region that only the deployment knows are taken', () => {
  expect(() => {
    const stack = stackIn();
    advisorIn(stack, {
      routes: [routeTo(stack, { name: 'own', match: { accounts: [Aws.ACCOUNT_ID], regions: [Aws.REGION] } })],
    });
  }).not.toThrow();
});

test('the rules let in what the matched severities want, not what the minimum would', () => {
  const stack = stackIn();
  const match = { severities: [Severity.CRITICAL] };
  const advisor = advisorIn(stack, {
    defaultRoute: routeTo(stack, { minimumSeverity: Severity.LOW, match }),
    sources: [FindingSource.macie()],
  });
  expect(advisor.rules).toEqual([]);
});

describe('a warning tells', () => {
  const warned = (props: (stack: Stack) => Partial<FindingAdvisorProps>): string => {
    const stack = stackIn();
    advisorIn(stack, props(stack));
    return warningsOf(stack).join('\n');
  };
  const takes = (...severities: Severity[]) => ({ minimumSeverity: Severity.INFORMATIONAL, match: { severities } });

  test('of severities that reach nobody although less bad ones do', () => {
    const gap = warned((stack) => ({
      defaultRoute: routeTo(stack, takes(Severity.LOW)),
      routes: [routeTo(stack, { name: 'high', ...takes(Severity.HIGH) })],
    }));
    expect(gap).toContain('findings of MEDIUM and CRITICAL reach nobody');
    const closed = warned((stack) => ({
      defaultRoute: routeTo(stack, takes(Severity.LOW, Severity.CRITICAL)),
      routes: [routeTo(stack, { name: 'high', ...takes(Severity.MEDIUM, Severity.HIGH) })],
    }));
    expect(closed).not.toContain('reach nobody');
  });

  test('of a source that no route takes', () => {
    const match = { sources: [FindingSource.securityHub()] };
    const excepted = { sources: [FindingSource.guardDuty()] };
    for (const options of [{ match }, { except: excepted }]) {
      expect(warned((stack) => ({ defaultRoute: routeTo(stack, options) }))).toContain(
        'findings of GuardDuty reach nobody: no route takes this source',
      );
    }
    const routed = warned((stack) => ({
      defaultRoute: routeTo(stack, { match }),
      routes: [routeTo(stack, { name: 'threats', match: excepted })],
    }));
    expect(routed).not.toContain('no route takes this source');
  });

  test('of a default route that does not take the rest', () => {
    const NARROW = 'the default route takes only some of the findings';
    const match = { accounts: ['111122223333'] };
    expect(warned((stack) => ({ defaultRoute: routeTo(stack, { match }) }))).toContain(NARROW);
    expect(warned((stack) => ({ defaultRoute: routeTo(stack, { except: match }) }))).toContain(NARROW);
    expect(warned((stack) => ({ routes: [routeTo(stack, { name: 'shop', match })] }))).not.toContain(NARROW);
  });
});
