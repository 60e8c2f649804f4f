//! Who hears of what.

use crate::config::{HandlerConfig, RouteConfig};
use crate::finding::Finding;

/// A route, and whether this finding reaches it. A route that it does not reach stays in the list: it may have heard of the
/// finding while that was open or worse, and then its close is told there too.
#[derive(Clone, Copy, Debug)]
pub struct Reach<'a> {
    /// The route.
    pub route: &'a RouteConfig,
    /// Whether the route's match holds.
    pub reaches: bool,
}

/// Weighs a finding against every route. The default route is reached when no other is and its own severity allows it.
#[must_use]
pub fn weigh<'a>(finding: &Finding, config: &'a HandlerConfig) -> Vec<Reach<'a>> {
    let mut all: Vec<Reach<'a>> =
        config.routes.iter().map(|route| Reach { route, reaches: matches(finding, route) }).collect();
    let taken = all.iter().any(|reach| reach.reaches);
    let route = &config.default_route;
    all.push(Reach { route, reaches: !taken && matches(finding, route) });
    all
}

/// A finding that a person asked for, or whose severity nobody could read, passes every severity.
fn matches(finding: &Finding, route: &RouteConfig) -> bool {
    finding.asked_for.is_some() || finding.severity.is_none_or(|severity| severity >= route.minimum_severity)
}
