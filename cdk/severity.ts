// Severity, and what the sources call it.

/** How bad a finding is, by the labels of the AWS Security Finding Format. */
export enum Severity {
  /** Nothing is wrong. */
  INFORMATIONAL = 'INFORMATIONAL',
  /** Needs no action by itself. */
  LOW = 'LOW',
  /** Needs attention, though not at once. */
  MEDIUM = 'MEDIUM',
  /** A priority. */
  HIGH = 'HIGH',
  /** Needs attention at once. */
  CRITICAL = 'CRITICAL',
}

const ASCENDING = [Severity.INFORMATIONAL, Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL];

/** The lowest of at least one severity. */
export function lowest(severities: Severity[]): Severity {
  return ASCENDING.find((severity) => severities.includes(severity)) ?? Severity.INFORMATIONAL;
}

/** Whether a severity is reached. */
export function reaches(severity: Severity, minimum: Severity): boolean {
  return ASCENDING.indexOf(severity) >= ASCENDING.indexOf(minimum);
}

/** What a source calls the severities; it may lack some, or have several words for one. */
type Scale<T> = Partial<Record<Severity, T[]>>;

/** The labels of the AWS Security Finding Format. */
export const LABELS: Scale<string> = Object.fromEntries(ASCENDING.map((severity) => [severity, [severity]]));

/** A source's words from a severity on. */
export function wordsFrom<T>(scale: Scale<T>, minimum: Severity): T[] {
  return ASCENDING.filter((severity) => reaches(severity, minimum)).flatMap((severity) => scale[severity] ?? []);
}

/** A source's words below a severity. */
export function wordsBelow<T>(scale: Scale<T>, minimum: Severity): T[] {
  return ASCENDING.filter((severity) => !reaches(severity, minimum)).flatMap((severity) => scale[severity] ?? []);
}
