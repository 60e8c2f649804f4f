// The app in bin/, as the CLI would run it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

const CDK_JSON = JSON.parse(readFileSync(join(__dirname, '..', '..', 'cdk.json'), 'utf8')) as {
  readonly context: Record<string, unknown> & { readonly findingAdvisor: Record<string, unknown> };
};

/** The settings that are committed. */
export const SETTINGS = CDK_JSON.context.findingAdvisor;

/** All other context: the feature flags. */
export const FLAGS = Object.fromEntries(Object.entries(CDK_JSON.context).filter(([name]) => name !== 'findingAdvisor'));

/** The app with the context of cdk.json, some of its settings changed. */
export function appWith(settings: Record<string, unknown> = {}): App {
  process.env.CDK_CONTEXT_JSON = JSON.stringify({ ...CDK_JSON.context, findingAdvisor: { ...SETTINGS, ...settings } });
  try {
    let made: { app: App } | undefined;
    jest.isolateModules(() => {
      made = jest.requireActual('../../bin/finding-advisor');
    });
    if (made === undefined) throw new Error('bin/finding-advisor.ts exports no app');
    return made.app;
  } finally {
    delete process.env.CDK_CONTEXT_JSON;
  }
}

/** The template of the app's one stack. */
export function templateOf(app: App): Template {
  return Template.fromJSON(app.synth().getStackByName('FindingAdvisor').template as Record<string, unknown>);
}
