// Languages of a notification.

/** The language of a notification. */
export enum Language {
  /** Japanese. */
  JAPANESE = 'ja',
  /** English. */
  ENGLISH = 'en',
}
