// The handler's code: the zip that the package carries.
import { existsSync } from 'fs';
import * as path from 'path';
import { Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type Construct } from 'constructs';
import { PACKAGED_HANDLER } from './packaged-handler';

/** The packaged handler; in a clone where none was built, a stand-in that says so. */
export function handlerCode(scope: Construct, zip: string = PACKAGED_HANDLER): Code {
  if (existsSync(zip)) return Code.fromAsset(zip);
  Validations.of(scope).addWarning(
    'cdk-finding-advisor:handlerNotBuilt',
    'the handler is not built, so what is deployed would only say so; run: npm run build',
  );
  return Code.fromAsset(path.join(__dirname, '..', 'assets', 'placeholder'));
}
