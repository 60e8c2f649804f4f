// The handler's configuration: one JSON value in one variable, the contract with the handler.
import { type Stack, Tokenization } from 'aws-cdk-lib';
import { type HandlerConfig } from './generated/handler-config';

/** Lambda allows 4 KB for all variables; the rest is the user's. */
const LARGEST_CONFIG = 3584; // bytes
/** What a token is counted as: its value is not known before the deployment. An ARN of a topic is shorter. */
const TOKEN = 128; // bytes

/** The configuration as the text of an environment variable. */
export function configText(stack: Stack, config: HandlerConfig): string {
  const size = sizeOf(JSON.stringify(config));
  if (size > LARGEST_CONFIG) {
    throw new Error(
      `the configuration of the handler is too large: ${String(config.routes.length + 1)} routes and ` +
        `${String(config.models.length)} models make ${String(size)} bytes, at most ${String(LARGEST_CONFIG)} fit into the ` +
        'environment of a Lambda function; supply fewer routes or models, or shorter names',
    );
  }
  return stack.toJsonString(config);
}

/** In bytes, as far as it is known before the deployment. */
function sizeOf(text: string): number {
  const resolved: unknown = Tokenization.reverseString(text)
    .mapTokens({ mapToken: () => '?'.repeat(TOKEN) })
    .join({ join: (left: unknown, right: unknown) => `${String(left)}${String(right)}` });
  return Buffer.byteLength(String(resolved));
}
