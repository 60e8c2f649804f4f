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

/** The severities from one on. They are the labels of the AWS Security Finding Format. */
export function severitiesFrom(minimum: Severity): Severity[] {
  return ASCENDING.slice(ASCENDING.indexOf(minimum));
}

/** The severities below one. */
export function severitiesBelow(minimum: Severity): Severity[] {
  return ASCENDING.slice(0, ASCENDING.indexOf(minimum));
}

/** What a source calls some severities; it may lack some, or have several words for one. */
export function words<T>(scale: Partial<Record<Severity, T[]>>, severities: Severity[]): T[] {
  return severities.flatMap((severity) => scale[severity] ?? []);
}
