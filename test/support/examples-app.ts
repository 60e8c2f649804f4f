// The apps in examples/, as their users would run them.
import type { App } from 'aws-cdk-lib';

import { app as organization } from '../../examples/organization';
import { app as perTeamRouting } from '../../examples/per-team-routing';
import { app as singleAccount } from '../../examples/single-account';

/** The examples in TypeScript, by the names of their files. */
export const EXAMPLES: Record<string, App> = {
  organization,
  'per-team-routing': perTeamRouting,
  'single-account': singleAccount,
};

/** The templates of an app, and those of its stack sets, by name. */
export function templatesOf(app: App): Record<string, unknown> {
  const stacks = app.synth().stacks.map((stack) => [stack.stackName, stack.template as Template] as const);
  const members = stacks.flatMap(([name, { Resources }]) =>
    Object.values(Resources)
      .filter(({ Type }) => Type === 'AWS::CloudFormation::StackSet')
      .map(({ Properties }) => [`${name}-members`, JSON.parse(Properties.TemplateBody ?? '{}') as unknown] as const),
  );
  return Object.fromEntries([...stacks, ...members]);
}

interface Template {
  readonly Resources: Record<
    string,
    { readonly Type: string; readonly Properties: { readonly TemplateBody?: string } }
  >;
}
