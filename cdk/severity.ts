// Severity of a finding, as the AWS Security Finding Format labels it.

/** Severity of a finding, in the order of the AWS Security Finding Format's labels. */
export enum Severity {
  /** Nothing is wrong. */
  INFORMATIONAL = 'INFORMATIONAL',
  /** No action by itself. */
  LOW = 'LOW',
  /** Needs attention, not at once. */
  MEDIUM = 'MEDIUM',
  /** A priority. */
  HIGH = 'HIGH',
  /** At once. */
  CRITICAL = 'CRITICAL',
}

const ORDER = [Severity.INFORMATIONAL, Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL];

/**
 * This severity and every higher one.
 *
 * @internal
 */
export function atLeast(severity: Severity): Severity[] {
  return ORDER.slice(ORDER.indexOf(severity));
}

/**
 * The lowest of these.
 *
 * @internal
 */
export function lowest(severities: Severity[]): Severity {
  return ORDER.find((severity) => severities.includes(severity)) ?? Severity.INFORMATIONAL;
}
