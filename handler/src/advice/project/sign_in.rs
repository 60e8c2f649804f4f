//! What may be said of a sign-in: of the root user, or one that AWS calls an anomaly.

use serde_json::json;

use super::guardduty::text;
use super::{Sheet, remote};

/// Gathers the facts.
pub(super) fn facts(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let (said, headline) = match sheet.finding.main_type() {
        "sign-in/root/success" => (
            say!(language, "root ユーザーがコンソールにサインインした", "The root user signed in to the console"),
            say!(language, "root ユーザーがサインインしました", "the root user signed in"),
        ),
        "sign-in/root/failure" => (
            say!(
                language,
                "root ユーザーとしてのサインインが失敗した。誰かがメールアドレスを知っている",
                "A sign-in as the root user failed; somebody knows its mail address"
            ),
            say!(language, "root ユーザーのサインインが失敗しました", "a sign-in as the root user failed"),
        ),
        "sign-in/root/password-recovery" => (
            say!(
                language,
                "root ユーザーのパスワードの再設定が行われた",
                "The password of the root user was asked to be reset, or was reset"
            ),
            say!(language, "root ユーザーのパスワードの再設定がありました", "the root user's password is being reset"),
        ),
        "sign-in/root/mfa-check" => (
            say!(
                language,
                "root ユーザーのサインインの途中で、多要素認証が求められた",
                "A sign-in as the root user was asked for its second factor"
            ),
            say!(language, "root ユーザーに多要素認証が求められました", "the root user was asked for a second factor"),
        ),
        "sign-in/anomaly" => (
            say!(
                language,
                "AWS が、普段と違うサインインを検出した。内容は読者に見える",
                "AWS detected an unusual sign-in; the reader sees its content"
            ),
            say!(language, "普段と違うサインインが検出されました", "an unusual sign-in was detected"),
        ),
        _ => (
            say!(
                language,
                "root ユーザーのサインインの記録。結果は読み取れない",
                "A record of a sign-in of the root user; how it ended could not be read"
            ),
            say!(language, "root ユーザーのサインインの記録があります", "the root user was at the sign-in page"),
        ),
    };
    sheet.add(said);
    sheet.headline = Some(headline);
    // Who is refused never comes to the second factor.
    if sheet.finding.main_type() != "sign-in/root/failure" {
        second_factor(sheet);
    }
    let detail = &sheet.finding.detail;
    if let Some(address) = text(detail, "/sourceIPAddress") {
        remote::source(sheet, &json!({ "remoteIpDetails": { "ipAddressV4": address } }));
    }
    if let Some(agent) = text(detail, "/userAgent").filter(|agent| !agent.is_empty()) {
        let agent = remote::agent(agent, language);
        sheet.add(say!(
            language,
            "ユーザーエージェントは {agent} (自己申告)",
            "The user agent is {agent} (as it says itself)"
        ));
    }
    sheet.own_severity();
    sheet.times();
    sheet.resources();
    sheet.production(None);
}

fn second_factor(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    match text(&sheet.finding.detail, "/additionalEventData/MFAUsed") {
        Some("Yes") => {
            sheet.add(say!(language, "多要素認証 (MFA) が使われた", "Multi-factor authentication (MFA) was used"));
        }
        Some("No") => sheet.add(say!(
            language,
            "多要素認証 (MFA) は使われていない",
            "Multi-factor authentication (MFA) was not used"
        )),
        _ => {}
    }
}
