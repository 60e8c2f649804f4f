// The handler's packaged code.
import { existsSync } from 'fs';
import { join } from 'path';
import { Annotations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

const ASSETS = join(__dirname, '..', 'assets');

/**
 * The zip that the npm package carries. In a clone where it was not built yet, a folder whose `bootstrap` says so: with it
 * everything synthesises, and nothing runs.
 *
 * @internal
 */
export function packagedHandler(scope: Construct): Code {
  const zip = join(ASSETS, 'bootstrap.zip');
  // Tests and snapshots always take the folder, so that no change of the handler touches them.
  const placeholder = scope.node.tryGetContext('cdk-finding-advisor:placeholder') === true;
  if (existsSync(zip) && !placeholder) {
    return Code.fromAsset(zip);
  }
  Annotations.of(scope).addWarningV2(
    '@cdk-finding-advisor:handlerNotBuilt',
    'The handler is not built, so a placeholder that cannot run is deployed. Run `npm run build` first.',
  );
  return Code.fromAsset(join(ASSETS, 'placeholder'));
}
