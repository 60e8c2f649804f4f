//! What a topic's subscribers get.
