// Stands in for cdk/packaged-handler.ts: in tests the handler is never built, so no change of the Rust code meets a snapshot.

/** A zip that does not exist. */
export const PACKAGED_HANDLER = 'assets/never-built.zip';
