//! What a reader gets, in both languages.
