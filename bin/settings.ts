// What differs between teams: `context.findingAdvisor` of cdk.json, read strictly.
import { type GuardrailVersion, Language, Model, Severity, type TokenBudget } from 'cdk-finding-advisor';

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
  /** The id of a model that is asked first about findings of HIGH and CRITICAL. */
  readonly modelForHigh: Model | undefined;
  /** For how many days an answer serves findings with the same facts; undefined for the construct's default. */
  readonly rememberAdviceForDays: number | undefined;
  /** A guardrail of Amazon Bedrock: `id` and the number of its `version`, a text as AWS gives it. */
  readonly guardrail: GuardrailVersion | undefined;
  /** `tokensPerDay`, and the id of a `cheaperModel` that is asked once 80 % of them are spent. */
  readonly budget: TokenBudget | undefined;
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
    modelForHigh: take(given, 'modelForHigh', model),
    rememberAdviceForDays: take(given, 'rememberAdviceForDays', wholeNumber),
    guardrail: take(given, 'guardrail', guardrail),
    budget: take(given, 'budget', budget),
    region: take(given, 'region', string) ?? 'ap-northeast-1',
  };
  refuseOthers(given, Object.keys(read));
  return read;
}

const ROOT = 'context.findingAdvisor';

function record(value: unknown, name = ROOT): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw expected(name, 'an object', value);
  return { ...value };
}

function take<T>(
  given: Record<string, unknown>,
  key: string,
  read: (value: unknown, name: string) => T,
  of = ROOT,
): T | undefined {
  return given[key] === undefined ? undefined : read(given[key], `${of}.${key}`);
}

function need<T>(
  given: Record<string, unknown>,
  key: string,
  read: (value: unknown, name: string) => T,
  of: string,
): T {
  return read(given[key], `${of}.${key}`);
}

function refuseOthers(given: Record<string, unknown>, known: string[], of = ROOT): void {
  const unknown = Object.keys(given).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new Error(`${of}: expected only ${known.join(', ')}, got ${unknown.join(', ')}`);
}

function model(value: unknown, name: string): Model {
  return Model.of(string(value, name));
}

function guardrail(value: unknown, name: string): GuardrailVersion {
  const given = record(value, name);
  refuseOthers(given, ['id', 'version'], name);
  return { id: need(given, 'id', string, name), version: need(given, 'version', string, name) };
}

function budget(value: unknown, name: string): TokenBudget {
  const given = record(value, name);
  refuseOthers(given, ['tokensPerDay', 'cheaperModel'], name);
  return {
    tokensPerDay: need(given, 'tokensPerDay', wholeNumber, name),
    cheaperModel: take(given, 'cheaperModel', model, name),
  };
}

function wholeNumber(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    throw expected(name, 'a whole number of at least 1', value);
  }
  return value;
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
