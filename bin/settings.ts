// What differs between teams: `context.findingAdvisor` of cdk.json, read strictly.
import { Language, Model, Severity } from 'cdk-finding-advisor';

/** All of it is optional in cdk.json. */
export interface Settings {
  /** E-mail addresses of those who hear of findings. */
  readonly recipients: string[];
  /** E-mail addresses of those who hear that Finding Advisor itself is in trouble. */
  readonly operators: string[];
  readonly language: Language;
  readonly minimumSeverity: Severity;
  /** Ids of models or inference profiles, tried in order; undefined for the construct's default. */
  readonly models: Model[] | undefined;
  readonly region: string;
}

/** Throws on whatever it does not understand: a setting that is ignored is a finding that nobody hears of. */
export function readSettings(context: unknown): Settings {
  const given = record(context ?? {});
  const read: Settings = {
    recipients: take(given, 'recipients', addresses) ?? [],
    operators: take(given, 'operators', addresses) ?? [],
    language: take(given, 'language', oneOf(Object.values(Language))) ?? Language.JAPANESE,
    minimumSeverity: take(given, 'minimumSeverity', oneOf(Object.values(Severity))) ?? Severity.HIGH,
    models: take(given, 'models', strings)?.map((id) => Model.of(id)),
    region: take(given, 'region', string) ?? 'ap-northeast-1',
  };
  const unknown = Object.keys(given).filter((key) => !(key in read));
  if (unknown.length > 0) {
    throw new Error(`context.findingAdvisor: expected only ${Object.keys(read).join(', ')}, got ${unknown.join(', ')}`);
  }
  return read;
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw expected('context.findingAdvisor', 'an object', value);
  return { ...value };
}

function take<T>(
  given: Record<string, unknown>,
  key: string,
  read: (value: unknown, name: string) => T,
): T | undefined {
  return given[key] === undefined ? undefined : read(given[key], `context.findingAdvisor.${key}`);
}

function string(value: unknown, name: string): string {
  if (typeof value !== 'string') throw expected(name, 'a string', value);
  return value;
}

function strings(value: unknown, name: string): string[] {
  if (!Array.isArray(value)) throw expected(name, 'a list of strings', value);
  return value.map((each, index) => string(each, `${name}[${index}]`));
}

function addresses(value: unknown, name: string): string[] {
  const given = strings(value, name);
  const wrong = given.find((each) => !/^\S+@\S+$/.test(each));
  if (wrong !== undefined) throw expected(name, 'e-mail addresses', wrong);
  return given;
}

function oneOf<T extends string>(values: T[]): (value: unknown, name: string) => T {
  return (value, name) => {
    const found = values.find((each) => each === value);
    if (found === undefined) throw expected(name, `one of ${values.join(', ')}`, value);
    return found;
  };
}

function expected(name: string, what: string, got: unknown): Error {
  return new Error(`${name}: expected ${what}, got ${JSON.stringify(got)}`);
}
