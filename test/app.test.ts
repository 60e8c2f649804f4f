// The app in bin/: what a platform team deploys.
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { Language, Severity } from 'cdk-finding-advisor';

import { readSettings } from '../bin/settings';
import { appWith, FLAGS, SETTINGS, templateOf } from './support/app';

test('its template changes only on purpose', () => {
  expect(templateOf(appWith()).toJSON()).toMatchSnapshot();
});

test('it is synthesised with every recommended feature flag', () => {
  expect(FLAGS).toMatchObject(recommendedFlags);
});

test('recipients and operators get a subscription each, on a topic each', () => {
  const template = templateOf(
    appWith({ recipients: ['a@example.com', 'b@example.com'], operators: ['c@example.com'] }),
  );
  template.resourceCountIs('AWS::SNS::Topic', 2);
  template.resourceCountIs('AWS::SNS::Subscription', 3);
  for (const Endpoint of ['a@example.com', 'b@example.com', 'c@example.com']) {
    template.hasResourceProperties('AWS::SNS::Subscription', { Endpoint, Protocol: 'email' });
  }
});

test('with nobody to tell it says so, with somebody it does not', () => {
  const warningsOf = (settings: Record<string, unknown>) => {
    const { messages } = appWith(settings).synth().getStackByName('FindingAdvisor');
    return messages.map(({ entry }) => JSON.stringify(entry.data)).join('\n');
  };
  const silent = warningsOf({});
  expect(silent).toContain('context.findingAdvisor.recipients');
  expect(silent).toContain('`operationsTopic`');
  const told = warningsOf({ recipients: ['a@example.com'], operators: ['b@example.com'] });
  expect(told).not.toContain('context.findingAdvisor.recipients');
  expect(told).not.toContain('`operationsTopic`');
});

describe('the settings', () => {
  test('that are committed tell nobody yet', () => {
    expect(readSettings(SETTINGS)).toMatchObject({ recipients: [], operators: [], models: undefined });
  });

  test('may all be left out', () => {
    expect(readSettings(undefined)).toEqual({
      recipients: [],
      operators: [],
      language: Language.JAPANESE,
      minimumSeverity: Severity.HIGH,
      models: undefined,
      region: 'ap-northeast-1',
    });
  });

  test('choose models in any Region', () => {
    const app = appWith({ region: 'us-west-2', models: ['us.amazon.nova-2-lite-v1:0'] });
    const template = JSON.stringify(templateOf(app).toJSON());
    expect(template).toContain('inference-profile/us.amazon.nova-2-lite-v1:0');
    expect(template).not.toContain('claude');
  });

  test('say how advice is asked for and remembered', () => {
    const template = JSON.stringify(
      templateOf(
        appWith({
          modelForHigh: 'jp.anthropic.claude-sonnet-5',
          rememberAdviceForDays: 3,
          guardrail: { id: '0a1b2c3d4e5f', version: '3' },
          budget: { tokensPerDay: 500000, cheaperModel: 'jp.amazon.nova-2-lite-v1:0' },
        }),
      ).toJSON(),
    ).replaceAll('\\"', '"');
    expect(template).toContain('"modelForHigh":"jp.anthropic.claude-sonnet-5"');
    expect(template).toContain('"rememberDays":3');
    expect(template).toContain('"guardrail":{"id":"0a1b2c3d4e5f","version":"3"}');
    expect(template).toContain('"budget":{"tokensPerDay":500000,"cheaperModel":"jp.amazon.nova-2-lite-v1:0"}');
  });

  test.each([
    ['[]', [], 'an object'],
    ['a text, as -c gives', '{"recipients":[]}', 'an object'],
    ['an unknown key', { recipient: ['a@example.com'] }, 'recipient'],
    ['one recipient without a list', { recipients: 'a@example.com' }, 'a list'],
    ['an address that is none', { recipients: ['#security'] }, '#security'],
    ['a number among the operators', { operators: [1] }, 'operators[0]'],
    ['an unknown language', { language: 'fr' }, 'one of ja, en'],
    ['a severity in small letters', { minimumSeverity: 'high' }, 'CRITICAL'],
    ['a null', { region: null }, 'region'],
    ['a model that is none', { models: ['claude'] }, 'claude'],
    ['a model for HIGH that is none', { modelForHigh: 'claude' }, 'claude'],
    ['half a day', { rememberAdviceForDays: 0.5 }, 'rememberAdviceForDays: expected a whole number'],
    ['a guardrail by its id alone', { guardrail: { id: 'abc' } }, 'guardrail.version: expected a string'],
    ['a version that is a number', { guardrail: { id: 'abc', version: 3 } }, 'guardrail.version: expected a string'],
    [
      'an unknown key of a guardrail',
      { guardrail: { id: 'a', version: '1', name: 'b' } },
      'only id, version, got name',
    ],
    ['a budget that is a number', { budget: 1000 }, 'budget: expected an object'],
    ['a budget without its tokens', { budget: {} }, 'budget.tokensPerDay: expected a whole number'],
    ['a cheaper model that is none', { budget: { tokensPerDay: 1, cheaperModel: 'claude' } }, 'claude'],
  ])('refuse %s', (_, settings, says) => {
    expect(() => readSettings(settings)).toThrow(says);
  });
});
