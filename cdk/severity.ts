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

/** The labels of the AWS Security Finding Format from a severity on. */
export function labelsFrom(minimum: Severity): Severity[] {
  return ASCENDING.slice(ASCENDING.indexOf(minimum));
}

/** The labels of the AWS Security Finding Format below a severity. */
export function labelsBelow(minimum: Severity): Severity[] {
  return ASCENDING.slice(0, ASCENDING.indexOf(minimum));
}

/**
 * Where a severity begins on GuardDuty's scale from 1.0 to 10.0 (Amazon GuardDuty User Guide, "Severity levels").
 * The guide writes ranges such as 7.0-8.9; only "from" leaves no gap between 8.9 and 9.0.
 */
export const GUARDDUTY_SEVERITY: Record<Severity, number> = {
  [Severity.INFORMATIONAL]: 0,
  [Severity.LOW]: 1,
  [Severity.MEDIUM]: 4,
  [Severity.HIGH]: 7,
  [Severity.CRITICAL]: 9,
};
