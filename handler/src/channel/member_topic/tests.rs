//! Where a member's topic is, and what has none.

use super::*;
use crate::channel::{Receipt, Reply, next};
use crate::config::ChannelConfig;
use crate::notification::sample;

fn after(notification: &Notification, replies: &[Reply]) -> Next {
    next(&ChannelConfig::MemberTopic { topic_name: "findings".into() }, notification, None, replies)
}

#[test]
fn a_finding_goes_to_the_topic_of_its_own_account_and_region_as_it_would_to_any_topic() {
    for mut notification in sample::both() {
        notification.labels.account = "444455556666".into();
        notification.labels.region = "cn-north-1".into();
        let topic_arn = "arn:aws-cn:sns:cn-north-1:444455556666:findings".to_owned();
        let sent = after(&notification, &[]);
        assert_eq!(sent, next(&ChannelConfig::Topic { topic_arn }, &notification, None, &[]));
        let end = after(&notification, &[Reply::Accepted("m-1".into())]);
        assert_eq!(end, Next::Done(Receipt::of_message("m-1")));
    }
}

#[test]
fn a_topic_that_is_not_there_is_refused_for_good() {
    let [notification, _] = sample::both();
    for code in ["NotFound", "AuthorizationError", "KMSAccessDenied"] {
        let end = after(&notification, &[Reply::Error(code.into())]);
        assert_eq!(end, Next::Refused(Refusal::Never(code.into()), None));
    }
}

#[test]
fn what_names_no_account_or_no_region_is_refused_by_name_and_nothing_is_sent() {
    let no_member = Next::Refused(Refusal::Never("no_member".into()), None);
    for (account, region) in [("", "eu-west-1"), ("444455556666", ""), ("444455556666", "eu-west-1:1:x")] {
        let [mut notification, _] = sample::both();
        notification.labels.account = account.into();
        notification.labels.region = region.into();
        assert_eq!(after(&notification, &[]), no_member, "{account} {region}");
    }
}
