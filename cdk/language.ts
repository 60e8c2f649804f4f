// The languages of a notification.

/** The language in which a route's readers are told. */
export enum Language {
  /** Japanese. */
  JAPANESE = 'ja',
  /** English. */
  ENGLISH = 'en',
}
