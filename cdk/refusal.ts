// Refusals that several constructs share, in the user's words.

/** Refuses an empty list. */
export function refuseNone(prop: string, given: unknown[]): void {
  if (given.length === 0)
    throw new Error(`supply at least one of \`${prop}\`, or leave it out for the default, got []`);
}

/** Refuses two of a list that are called the same. */
export function refuseRepeats(prop: string, key: string, values: string[]): void {
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  if (repeated !== undefined) {
    throw new Error(
      `two of \`${prop}\` have the ${key} \`${repeated}\`: supply each of them with a \`${key}\` of its own`,
    );
  }
}
