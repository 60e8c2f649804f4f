//! Who hears of what.

use crate::config::{HandlerConfig, MatchConfig, RouteConfig};
use crate::finding::{Finding, type_word};
use crate::plain::Plain;

/// A route, and why this finding does not reach it, if so. A route that it does not reach stays in the list: it may have heard
/// of the finding while that was open or worse, and then its close is told there too.
#[derive(Clone, Copy, Debug)]
pub struct Reach<'a> {
    /// The route.
    pub route: &'a RouteConfig,
    /// Why it is not reached; `None`: it is.
    pub miss: Option<Miss>,
}

/// Why a finding does not reach a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Miss {
    /// It is below the route's minimum severity.
    BelowSeverity,
    /// It has none of the severities that the route matches.
    Severity,
    /// It came in none of the formats that the route matches.
    Source,
    /// It is of none of the products that the route matches.
    Product,
    /// None of its types begins as the route wants.
    Type,
    /// It is about another account.
    Account,
    /// It is about another Region.
    Region,
    /// It affects no resource of the types that the route matches.
    ResourceType,
    /// It affects no resource with the tags that the route matches.
    Tag,
    /// It is what the route excepts.
    Excepted,
    /// Another route takes it; only the default route is missed so.
    TakenElsewhere,
}

impl Miss {
    /// The word for logs and metrics.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::BelowSeverity => "below_severity",
            Self::Severity => "other_severity",
            Self::Source => "other_source",
            Self::Product => "other_product",
            Self::Type => "other_type",
            Self::Account => "other_account",
            Self::Region => "other_region",
            Self::ResourceType => "other_resource_type",
            Self::Tag => "other_tag",
            Self::Excepted => "excepted",
            Self::TakenElsewhere => "taken_elsewhere",
        }
    }
}

/// Weighs a finding against every route. The default route is reached when no other is and its own match holds.
#[must_use]
pub fn weigh<'a>(finding: &Finding, config: &'a HandlerConfig) -> Vec<Reach<'a>> {
    let mut all: Vec<Reach<'a>> =
        config.routes.iter().map(|route| Reach { route, miss: miss(finding, route) }).collect();
    let taken = all.iter().any(|reach| reach.miss.is_none());
    let route = &config.default_route;
    all.push(Reach { route, miss: if taken { Some(Miss::TakenElsewhere) } else { miss(finding, route) } });
    all
}

/// A finding that a person asked for, or whose severity nobody could read, passes every severity; nothing passes the rest.
fn miss(finding: &Finding, route: &RouteConfig) -> Option<Miss> {
    let any_severity = finding.asked_for.is_some() || finding.severity.is_none();
    if !any_severity && finding.severity < Some(route.minimum_severity) {
        return Some(Miss::BelowSeverity);
    }
    let missing = |field: &Field| field.asked && !field.fits && !(any_severity && field.miss == Miss::Severity);
    if let Some(field) = fields(&route.matching, finding).into_iter().find(missing) {
        return Some(field.miss);
    }
    let excepts = !route.except.is_empty() && fields(&route.except, finding).iter().all(|it| !it.asked || it.fits);
    excepts.then_some(Miss::Excepted)
}

/// One field of a match.
struct Field {
    miss: Miss,
    /// Whether the match says anything of it.
    asked: bool,
    /// Whether the finding has one of the values.
    fits: bool,
}

fn fields(wanted: &MatchConfig, finding: &Finding) -> [Field; 8] {
    let one = |list: &[String], value: &str| list.iter().any(|it| it == value);
    let field = |miss, asked: bool, fits| Field { miss, asked, fits };
    let product = finding.product.text();
    let of_type = |prefix: &String| finding.types.iter().any(|kind| kind.text().starts_with(prefix.as_str()));
    let of_resource_type = |wanted: &String| {
        let wanted = type_word(wanted);
        finding.resources.iter().any(|resource| resource.type_word() == wanted)
    };
    let tagged = |(key, values): (&String, &Vec<String>)| {
        let fits = |(k, v): &(Plain, Plain)| k.text() == key && one(values, v.text());
        finding.resources.iter().any(|resource| resource.tags.iter().any(fits))
    };
    [
        field(
            Miss::Severity,
            !wanted.severities.is_empty(),
            finding.severity.is_some_and(|severity| wanted.severities.contains(&severity)),
        ),
        field(Miss::Source, !wanted.sources.is_empty(), wanted.sources.contains(&finding.source)),
        field(
            Miss::Product,
            !wanted.products.is_empty(),
            wanted.products.iter().any(|wanted| wanted.eq_ignore_ascii_case(product)),
        ),
        field(Miss::Type, !wanted.type_prefixes.is_empty(), wanted.type_prefixes.iter().any(of_type)),
        field(Miss::Account, !wanted.accounts.is_empty(), one(&wanted.accounts, finding.account.text())),
        field(Miss::Region, !wanted.regions.is_empty(), one(&wanted.regions, finding.region.text())),
        field(
            Miss::ResourceType,
            !wanted.resource_types.is_empty(),
            wanted.resource_types.iter().any(of_resource_type),
        ),
        field(Miss::Tag, !wanted.tags.is_empty(), wanted.tags.iter().all(tagged)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::AdviceConfig;
    use crate::finding::{Language, Severity, Source};
    use serde_json::json;

    fn route(name: &str, more: serde_json::Value) -> RouteConfig {
        let mut route = json!({
            "name": name, "language": Language::Ja, "minimumSeverity": "MEDIUM",
            "channel": { "kind": "topic", "topicArn": "arn:aws:sns:eu-west-1:111122223333:t" },
        });
        route.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        serde_json::from_value(route).expect("fits the contract")
    }

    fn config(routes: Vec<RouteConfig>) -> HandlerConfig {
        HandlerConfig {
            ledger_table: "t".into(),
            models: vec!["m".into()],
            advice: AdviceConfig::default(),
            default_route: route("default", json!({})),
            routes,
            queue_url: "q".into(),
        }
    }

    /// HIGH, GuardDuty's, on a tagged instance.
    fn finding() -> Finding {
        let mut finding = crate::notification::sample::finding();
        finding.severity = Some(Severity::High);
        finding.source = Source::GuardDuty;
        finding.product = Plain::new("GuardDuty");
        finding.types = vec![Plain::new("UnauthorizedAccess:EC2/SSHBruteForce")];
        finding.account = Plain::new("111122223333");
        finding.region = Plain::new("eu-west-1");
        finding.resources = vec![crate::finding::Resource {
            kind: Plain::new("Instance"),
            id: Plain::new("i-0123456789abcdef0"),
            tags: vec![(Plain::new("env"), Plain::new("prod")), (Plain::new("team"), Plain::new("shop"))],
        }];
        finding
    }

    fn missed(finding: &Finding, more: serde_json::Value) -> Option<Miss> {
        miss(finding, &route("r", more))
    }

    #[test]
    fn a_route_takes_what_has_one_value_of_each_field_and_says_what_was_missing() {
        for (matching, other, miss) in [
            (json!({ "severities": ["LOW", "HIGH"] }), json!({ "severities": ["CRITICAL"] }), Miss::Severity),
            (json!({ "sources": ["guardduty"] }), json!({ "sources": ["asff"] }), Miss::Source),
            (json!({ "products": ["guardduty"] }), json!({ "products": ["Macie"] }), Miss::Product),
            (
                json!({ "typePrefixes": ["X", "UnauthorizedAccess:"] }),
                json!({ "typePrefixes": ["Access"] }),
                Miss::Type,
            ),
            (json!({ "accounts": ["111122223333"] }), json!({ "accounts": ["444455556666"] }), Miss::Account),
            (json!({ "regions": ["eu-west-1"] }), json!({ "regions": ["eu-west-2"] }), Miss::Region),
            (
                json!({ "resourceTypes": ["AwsEc2Instance"] }),
                json!({ "resourceTypes": ["AwsS3Bucket"] }),
                Miss::ResourceType,
            ),
            (
                json!({ "tags": { "env": ["dev", "prod"], "team": ["shop"] } }),
                json!({ "tags": { "env": ["prod"], "team": ["web"] } }),
                Miss::Tag,
            ),
        ] {
            assert_eq!(missed(&finding(), json!({ "match": matching })), None, "{matching}");
            assert_eq!(missed(&finding(), json!({ "match": other })), Some(miss), "{other}");
            assert_eq!(missed(&finding(), json!({ "except": matching })), Some(Miss::Excepted), "{matching}");
            assert_eq!(missed(&finding(), json!({ "except": other })), None, "{other}");
        }
    }

    #[test]
    fn a_route_takes_its_minimum_severity_and_what_is_above() {
        for (minimum, misses) in [("MEDIUM", None), ("HIGH", None), ("CRITICAL", Some(Miss::BelowSeverity))] {
            assert_eq!(missed(&finding(), json!({ "minimumSeverity": minimum })), misses, "{minimum}");
        }
    }

    #[test]
    fn every_miss_has_a_word_of_its_own() {
        let words = [
            Miss::BelowSeverity,
            Miss::Severity,
            Miss::Source,
            Miss::Product,
            Miss::Type,
            Miss::Account,
            Miss::Region,
            Miss::ResourceType,
            Miss::Tag,
            Miss::Excepted,
            Miss::TakenElsewhere,
        ]
        .map(Miss::word);
        let distinct: std::collections::BTreeSet<_> = words.into_iter().collect();
        assert_eq!(distinct.len(), words.len(), "{words:?}");
    }

    #[test]
    fn an_exception_holds_only_when_all_its_fields_do() {
        let half = json!({ "except": { "sources": ["guardduty"], "regions": ["us-east-1"] } });
        assert_eq!(missed(&finding(), half), None);
    }

    #[test]
    fn only_the_severity_is_passed_by_what_was_asked_for_or_has_none() {
        let mut low = finding();
        low.severity = Some(Severity::Low);
        assert_eq!(missed(&low, json!({})), Some(Miss::BelowSeverity));
        let mut asked = low.clone();
        asked.asked_for = Some(Plain::new("ask"));
        let mut unrated = finding();
        unrated.severity = None;
        for passes in [asked, unrated] {
            assert_eq!(missed(&passes, json!({ "match": { "severities": ["CRITICAL"] } })), None);
            let elsewhere = json!({ "match": { "severities": ["CRITICAL"], "regions": ["us-east-1"] } });
            assert_eq!(missed(&passes, elsewhere), Some(Miss::Region));
        }
        let mut unrated = finding();
        unrated.severity = None;
        assert_eq!(missed(&unrated, json!({ "except": { "severities": ["LOW"] } })), None, "unknown is no exception");
    }

    #[test]
    fn the_default_route_takes_what_no_other_takes_and_its_own_match_allows() {
        let reach = |routes| {
            let config = config(routes);
            weigh(&finding(), &config).iter().map(|reach| (reach.route.name.clone(), reach.miss)).collect::<Vec<_>>()
        };
        let takes = route("takes", json!({}));
        let misses = route("misses", json!({ "match": { "regions": ["us-east-1"] } }));
        assert_eq!(
            reach(vec![takes, misses.clone()]),
            [
                ("takes".into(), None),
                ("misses".into(), Some(Miss::Region)),
                ("default".into(), Some(Miss::TakenElsewhere))
            ]
        );
        assert_eq!(reach(vec![misses]), [("misses".into(), Some(Miss::Region)), ("default".into(), None)]);
        let mut picky = config(Vec::new());
        picky.default_route = route("default", json!({ "minimumSeverity": "CRITICAL" }));
        assert_eq!(weigh(&finding(), &picky)[0].miss, Some(Miss::BelowSeverity));
    }
}
