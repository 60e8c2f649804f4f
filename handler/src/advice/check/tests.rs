//! One case that trips each rule and one near miss that passes, in both languages.
