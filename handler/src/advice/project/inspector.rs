//! What may be said of a finding of Inspector, whichever way it came: a vulnerable package, an open network path or a weakness
//! in code.

use serde_json::Value;

use super::look::{count, flag, list, number, text};
use super::{Sheet, native, safe, target};
use crate::finding::Source;

/// The most packages, and the most parts of a network path, that are named.
const MOST: usize = 3;

/// Gathers the facts.
pub(super) fn facts(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let kind = sheet.finding.main_type().strip_prefix("inspector/").unwrap_or_default();
    sheet.add(match kind.split('/').next().unwrap_or_default() {
        "PACKAGE_VULNERABILITY" => say!(
            language,
            "Inspector の検出結果: パッケージの脆弱性 (検査で見つかった弱点。攻撃の検出ではない)",
            "A finding of Inspector: a vulnerable package (a weakness found by a scan, no detected attack)"
        ),
        "NETWORK_REACHABILITY" => say!(
            language,
            "Inspector の検出結果: ネットワークの到達性 (設定から調べた経路。通信や攻撃の検出ではない)",
            "A finding of Inspector: network reachability (a path worked out from the settings, no detected traffic or attack)"
        ),
        "CODE_VULNERABILITY" => say!(
            language,
            "Inspector の検出結果: コードの脆弱性 (検査で見つかった弱点。攻撃の検出ではない)",
            "A finding of Inspector: a vulnerability in code (a weakness found by a scan, no detected attack)"
        ),
        _ => say!(
            language,
            "Inspector の検出結果。種類は読者に見える",
            "A finding of Inspector; the reader sees its kind"
        ),
    });
    sheet.headline = Some(headline(kind, sheet));
    vulnerability(sheet);
    sheet.severity();
    sheet.times();
    // What is affected is named first, since the first of a kind is what the advice is about.
    sheet.resources();
    network(sheet);
    host(sheet);
    let production = sheet.resource_tags();
    sheet.production(production);
}

fn headline(kind: &str, sheet: &Sheet<'_>) -> String {
    let language = sheet.language;
    match kind {
        "PACKAGE_VULNERABILITY/exploit" => {
            say!(
                language,
                "悪用コードが知られている脆弱性が見つかりました",
                "a vulnerability with a known exploit was found"
            )
        }
        "PACKAGE_VULNERABILITY/fix" => {
            say!(language, "修正版のある脆弱性が見つかりました", "a vulnerability with a fix was found")
        }
        "PACKAGE_VULNERABILITY/nofix" => {
            say!(language, "修正版のない脆弱性が見つかりました", "a vulnerability without a fix was found")
        }
        "NETWORK_REACHABILITY" => {
            say!(language, "ポートが外のネットワークから到達できます", "a port can be reached from another network")
        }
        "CODE_VULNERABILITY" => {
            say!(language, "コードの脆弱性が見つかりました", "a vulnerability in code was found")
        }
        _ => say!(language, "脆弱性が見つかりました", "a vulnerability was found"),
    }
}

/// What is known of the vulnerability, whoever reports it.
pub(super) fn vulnerability(sheet: &mut Sheet<'_>) {
    let detail = &sheet.finding.detail;
    let weakness = match sheet.finding.source {
        Source::Asff => Weakness::asff(detail),
        Source::Ocsf => Weakness::ocsf(detail),
        _ => Weakness::native(detail),
    };
    if let Some(weakness) = weakness {
        weakness.tell(sheet);
    }
}

/// A vulnerability, in any of the three formats.
struct Weakness<'v> {
    id: Option<&'v str>,
    fix: Fix,
    exploit: Option<bool>,
    score: Option<f64>,
    vector: &'v str,
    epss: Option<f64>,
    packages: Vec<Package<'v>>,
}

#[derive(Clone, Copy)]
enum Fix {
    Whole,
    Part,
    None,
    Unknown,
}

struct Package<'v> {
    name: &'v str,
    version: &'v str,
    manager: &'v str,
    fixed: Option<&'v str>,
}

impl<'v> Weakness<'v> {
    fn native(detail: &'v Value) -> Option<Self> {
        let found = detail.get("packageVulnerabilityDetails").or_else(|| detail.get("codeVulnerabilityDetails"))?;
        Some(Self {
            id: text(found, "/vulnerabilityId"),
            fix: Fix::of(text(detail, "/fixAvailable")),
            exploit: flag(detail, "/exploitAvailable"),
            score: number(detail, "/inspectorScore"),
            vector: text(detail, "/inspectorScoreDetails/adjustedCvss/scoringVector").unwrap_or_default(),
            epss: number(detail, "/epss/score"),
            packages: Package::all(
                found,
                "/vulnerablePackages",
                ["/name", "/version", "/packageManager", "/fixedInVersion"],
            ),
        })
    }

    fn asff(detail: &'v Value) -> Option<Self> {
        let found = detail.pointer("/Vulnerabilities/0")?;
        let fields = detail.get("ProductFields");
        let score = fields.and_then(|fields| fields.get("aws/inspector/inspectorScore"));
        Some(Self {
            id: text(found, "/Id"),
            fix: Fix::of(text(found, "/FixAvailable")),
            exploit: flag(found, "/ExploitAvailable"),
            score: score.and_then(|score| number(score, "")).or_else(|| number(found, "/Cvss/0/BaseScore")),
            vector: text(found, "/Cvss/0/BaseVector").unwrap_or_default(),
            epss: number(found, "/EpssScore"),
            packages: Package::all(
                found,
                "/VulnerablePackages",
                ["/Name", "/Version", "/PackageManager", "/FixedInVersion"],
            ),
        })
    }

    fn ocsf(detail: &'v Value) -> Option<Self> {
        let found = detail.pointer("/vulnerabilities/0")?;
        let fix = match (flag(found, "/is_fix_available"), text(found, "/fix_coverage")) {
            (Some(true), Some("Partial")) => Fix::Part,
            (Some(true), _) => Fix::Whole,
            (Some(false), _) => Fix::None,
            (None, _) => Fix::Unknown,
        };
        Some(Self {
            id: text(found, "/cve/uid"),
            fix,
            exploit: flag(found, "/is_exploit_available"),
            score: number(found, "/cve/cvss/0/base_score"),
            vector: text(found, "/cve/cvss/0/vector_string").unwrap_or_default(),
            epss: number(found, "/cve/epss/score"),
            packages: Package::all(
                found,
                "/affected_packages",
                ["/name", "/version", "/package_manager", "/fixed_in_version"],
            ),
        })
    }

    fn tell(&self, sheet: &mut Sheet<'_>) {
        let language = sheet.language;
        let fix = match self.fix {
            Fix::Whole => say!(language, "修正版がある", "a fix is available"),
            Fix::Part => say!(language, "修正版は一部だけ", "a fix exists for a part only"),
            Fix::None => say!(language, "修正版はまだない", "there is no fix yet"),
            Fix::Unknown => say!(language, "修正版の有無は不明", "whether there is a fix is not known"),
        };
        let exploit = match self.exploit {
            Some(true) => say!(language, "悪用コードが知られている", "an exploit is known"),
            Some(false) => say!(language, "悪用コードは知られていない", "no exploit is known"),
            None => say!(language, "悪用コードの有無は不明", "whether an exploit exists is not known"),
        };
        if let Some(id) = self.id.filter(|id| safe::is_cve(id)) {
            let name = sheet.name('V', "cve", id);
            sheet.add(say!(
                language,
                "脆弱性は {name}。{fix}、{exploit}",
                "The vulnerability is {name}; {fix}, {exploit}"
            ));
        } else {
            sheet.add(say!(language, "脆弱性について: {fix}、{exploit}", "Of the vulnerability: {fix}, {exploit}"));
        }
        sheet.hide(say!(
            language,
            "脆弱性の説明、パッケージのファイルの場所",
            "the vulnerability's description and where the package's files are"
        ));
        self.tell_danger(sheet);
        for package in self.packages.iter().take(MOST) {
            package.tell(sheet);
        }
        if self.packages.len() > MOST {
            sheet.add(say!(language, "影響を受けるパッケージはほかにもある", "More packages are affected"));
        }
    }

    fn tell_danger(&self, sheet: &mut Sheet<'_>) {
        let language = sheet.language;
        if let Some(score) = self.score {
            sheet.add(match score {
                score if score >= 9.0 => say!(language, "CVSS の値は 9 以上", "Its CVSS score is 9 or more"),
                score if score >= 7.0 => say!(language, "CVSS の値は 7 以上 9 未満", "Its CVSS score is 7 to below 9"),
                score if score >= 4.0 => say!(language, "CVSS の値は 4 以上 7 未満", "Its CVSS score is 4 to below 7"),
                _ => say!(language, "CVSS の値は 4 未満", "Its CVSS score is below 4"),
            });
        }
        let mut ways = Vec::new();
        for metric in self.vector.split('/').take(12) {
            match metric {
                "AV:N" => ways.push(say!(language, "ネットワーク越しにできる", "over the network")),
                "AV:A" => ways.push(say!(language, "隣のネットワークからできる", "from an adjacent network")),
                "AV:L" | "AV:P" => ways.push(say!(language, "そのマシンの中からだけ", "only from the machine itself")),
                "PR:N" | "Au:N" => ways.push(say!(language, "認証は要らない", "without privileges")),
                "UI:N" => ways.push(say!(language, "利用者の操作は要らない", "without a user's help")),
                _ => {}
            }
        }
        if !ways.is_empty() {
            let ways = ways.join(say!(language, "、", ", ").as_str());
            sheet.add(say!(language, "攻撃の条件: {ways}", "How it can be attacked: {ways}"));
        }
        if let Some(epss) = self.epss {
            let chance = match epss {
                epss if epss >= 0.5 => say!(language, "50% 以上", "50% or more"),
                epss if epss >= 0.1 => say!(language, "10% 以上 50% 未満", "10% to below 50%"),
                _ => say!(language, "10% 未満", "below 10%"),
            };
            sheet.add(say!(
                language,
                "EPSS (これから 30 日の間に悪用される見込み) は {chance}",
                "Its EPSS (the chance that it is exploited within 30 days) is {chance}"
            ));
        }
    }
}

impl Fix {
    fn of(word: Option<&str>) -> Self {
        match word {
            Some("YES") => Self::Whole,
            Some("PARTIAL") => Self::Part,
            Some("NO") => Self::None,
            _ => Self::Unknown,
        }
    }
}

impl<'v> Package<'v> {
    /// Those of a list whose names and versions have a form. Each format has its own names for the four fields.
    fn all(found: &'v Value, place: &str, fields: [&str; 4]) -> Vec<Self> {
        let [name, version, manager, fixed] = fields;
        let package = |value: &'v Value| {
            Some(Self {
                name: text(value, name).filter(|name| safe::is_package(name))?,
                version: text(value, version).filter(|version| safe::is_version(version))?,
                manager: text(value, manager).unwrap_or_default(),
                fixed: text(value, fixed).filter(|fixed| safe::is_version(fixed)),
            })
        };
        list(found, place).filter_map(package).take(MOST + 1).collect()
    }

    fn tell(&self, sheet: &mut Sheet<'_>) {
        let language = sheet.language;
        let name = sheet.name('V', "package", &format!("{} {}", self.name, self.version));
        let sort = match self.manager.to_ascii_uppercase().as_str() {
            "" => String::new(),
            "OS" | "RPM" | "DPKG" | "APK" => say!(language, " (OS のパッケージ)", " (of the operating system)"),
            _ => say!(language, " (アプリケーションのライブラリ)", " (an application's library)"),
        };
        let fixed = self.fixed.map(|fixed| sheet.name('V', "version", fixed));
        sheet.add(match fixed {
            Some(fixed) => say!(
                language,
                "影響を受けるパッケージは {name}{sort}。{fixed} で修正済み",
                "The package affected is {name}{sort}; fixed in {fixed}"
            ),
            None => say!(language, "影響を受けるパッケージは {name}{sort}", "The package affected is {name}{sort}"),
        });
    }
}

/// The open ports, where the path begins, and the guards on the way. Security Hub V2 leaves them out.
fn network(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let detail = &sheet.finding.detail;
    let (begin, end, protocol, steps, id, kind) = match sheet.finding.source {
        Source::Asff => (
            "/Network/OpenPortRange/Begin",
            "/Network/OpenPortRange/End",
            "/Network/Protocol",
            "/NetworkPath",
            "/ComponentId",
            "/ComponentType",
        ),
        _ => (
            "/networkReachabilityDetails/openPortRange/begin",
            "/networkReachabilityDetails/openPortRange/end",
            "/networkReachabilityDetails/protocol",
            "/networkReachabilityDetails/networkPath/steps",
            "/componentId",
            "/componentType",
        ),
    };
    let port = |pointer: &str| count(detail, pointer).filter(|port| *port <= 65_535);
    if let (Some(begin), Some(end)) = (port(begin), port(end)) {
        let protocol = text(detail, protocol).filter(|name| ["TCP", "UDP"].contains(name)).unwrap_or("IP");
        sheet.add(match (begin, end) {
            (0 | 1, 65_535) => {
                say!(language, "到達できるポート: すべて ({protocol})", "Ports that can be reached: all ({protocol})")
            }
            _ if begin == end => {
                say!(
                    language,
                    "到達できるポート: {begin} ({protocol})",
                    "The port that can be reached: {begin} ({protocol})"
                )
            }
            _ => say!(
                language,
                "到達できるポート: {begin} から {end} ({protocol})",
                "Ports that can be reached: {begin} to {end} ({protocol})"
            ),
        });
    }
    let gateway = list(detail, steps).next().and_then(|step| text(step, kind));
    if let Some(gateway) = gateway {
        let plain = |c: &char| c.is_ascii_alphanumeric();
        let gateway: String = gateway.chars().filter(plain).collect::<String>().to_ascii_lowercase();
        sheet.add(match gateway.trim_start_matches("aws").trim_start_matches("ec2") {
            "internetgateway" => say!(
                language,
                "経路はインターネットゲートウェイから (インターネットから届く)",
                "The path begins at an internet gateway (it can be reached from the internet)"
            ),
            "vpcpeeringconnection" | "vpcpeering" => {
                say!(language, "経路は VPC ピアリングから", "The path begins at a VPC peering connection")
            }
            "virtualprivategateway" | "vpngateway" => {
                say!(language, "経路は仮想プライベートゲートウェイから", "The path begins at a virtual private gateway")
            }
            "transitgateway" => say!(language, "経路は Transit Gateway から", "The path begins at a transit gateway"),
            _ => say!(language, "経路の始まりは読者に見える", "The reader sees where the path begins"),
        });
    }
    for step in list(detail, steps).take(20).filter_map(|step| text(step, id)) {
        let (letter, kind) = match step {
            step if safe::is_security_group(step) => ('G', "sg"),
            step if safe::is_nacl(step) => ('R', "nacl"),
            _ => continue,
        };
        let name = sheet.name(letter, kind, step);
        let what = target::kind_words(kind, language);
        sheet.add(say!(language, "経路の途中に{what} {name} がある", "The path goes through the {what} {name}"));
    }
}

/// Whether what is weak can be reached, what it may do, and whether it runs.
fn host(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let detail = &sheet.finding.detail;
    let (instance, addresses, profile) = match sheet.finding.source {
        Source::Asff => ("/Resources/0/Details/AwsEc2Instance", "/IpV4Addresses", "/IamInstanceProfileArn"),
        _ => ("/resources/0/details/awsEc2Instance", "/ipV4Addresses", "/iamInstanceProfileArn"),
    };
    let instance = detail.pointer(instance);
    let name = sheet.identities.first_of("instance").map(str::to_owned);
    if let (Some(name), Some(instance)) = (name, instance) {
        if text(instance, profile).is_some() {
            sheet.add(say!(language, "{name} に IAM ロールが付いている", "{name} has an IAM role"));
        }
        if let Some(addresses) = instance.pointer(addresses).and_then(Value::as_array) {
            sheet.add(match native::public_address(addresses) {
                Some(_) => say!(language, "{name} のパブリック IP: あり", "{name} has a public IP address"),
                None => {
                    say!(language, "{name} のパブリック IP: なし (プライベートだけ)", "{name} has no public IP address")
                }
            });
        }
    }
    match count(detail, "/resources/0/details/awsEcrContainerImage/inUseCount") {
        Some(0) => sheet.add(say!(
            language,
            "このイメージを使うコンテナは見つかっていない",
            "No container was found that uses the image"
        )),
        Some(_) => {
            sheet.add(say!(language, "このイメージを使うコンテナがある", "There are containers that use the image"));
        }
        None => {}
    }
}
