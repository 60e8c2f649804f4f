// Reads `findingAdvisor` of cdk.json: an unknown or mistyped key is an error, never a default.
import { Language, Model, Severity } from 'cdk-finding-advisor';

/** What differs between teams. */
export interface Context {
  /** The Region of the stack. */
  readonly region: string;
  /** The readers' language. */
  readonly language: Language;
  /** Findings below it are not told. */
  readonly minimumSeverity: Severity;
  /** E-mail addresses that hear of findings. */
  readonly recipients: string[];
  /** E-mail addresses that hear of alarms. */
  readonly operators: string[];
  /** Ids of models or inference profiles; the construct's default without. */
  readonly models?: Model[];
}

/** Checks the value and gives it types. */
export function readContext(value: unknown): Context {
  const fields = Object.entries(asObject(value));
  const known = ['region', 'language', 'minimumSeverity', 'recipients', 'operators', 'models'];
  const unknown = fields.map(([name]) => name).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`findingAdvisor in cdk.json has no "${unknown.join('", "')}"; it has ${known.join(', ')}.`);
  }
  const field = new Map(fields);
  const models = field.has('models') ? texts('models', field.get('models')).map((id) => Model.of(id)) : undefined;
  return {
    region: text('region', field.get('region')),
    language: oneOf('language', Object.values(Language), field.get('language')),
    minimumSeverity: oneOf('minimumSeverity', Object.values(Severity), field.get('minimumSeverity')),
    recipients: texts('recipients', field.get('recipients')),
    operators: texts('operators', field.get('operators')),
    models,
  };
}

function asObject(value: unknown): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('cdk.json needs an object at context.findingAdvisor.');
  }
  return value;
}

function text(name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') {
    throw new Error(`findingAdvisor.${name} in cdk.json is a text, got ${JSON.stringify(value)}.`);
  }
  return value;
}

function texts(name: string, value: unknown): string[] {
  if (!Array.isArray(value)) {
    throw new Error(`findingAdvisor.${name} in cdk.json is a list of texts, got ${JSON.stringify(value)}.`);
  }
  return value.map((item) => text(name, item));
}

function oneOf<T extends string>(name: string, allowed: T[], value: unknown): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) {
    throw new Error(`findingAdvisor.${name} in cdk.json is one of ${allowed.join(', ')}, got ${JSON.stringify(value)}.`);
  }
  return found;
}
