//! The subject of a GuardDuty finding in our own words: what happened, by the finding's type alone.

use crate::advice::playbook::matches_glob;
use crate::finding::Language;

/// Types by their globs, Japanese and English; the first that matches speaks.
const HEADLINES: &[(&[&str], &str, &str)] = &[
    (
        &["*InstanceCredentialExfiltration.OutsideAWS"],
        "EC2 ロールの認証情報が AWS の外から使われました",
        "credentials of an EC2 role were used from outside AWS",
    ),
    (
        &["*InstanceCredentialExfiltration*"],
        "EC2 ロールの認証情報が別のアカウントから使われました",
        "credentials of an EC2 role were used from another account",
    ),
    (
        &["*ResourceCredentialExfiltration*"],
        "AWS のリソースの認証情報が別の場所から使われました",
        "credentials of a resource in AWS were used elsewhere",
    ),
    (
        &["AttackSequence:IAM/*"],
        "侵害された認証情報による一連の攻撃が検出されました",
        "an attack with compromised credentials was detected",
    ),
    (&["AttackSequence:S3/*"], "S3 のデータを狙った一連の攻撃が検出されました", "an attack on data in S3 was detected"),
    (
        &["AttackSequence:EKS/*"],
        "EKS クラスターへの一連の攻撃が検出されました",
        "an attack on an EKS cluster was detected",
    ),
    (&["AttackSequence:*"], "一連の攻撃が検出されました", "an attack in several steps was detected"),
    (
        &["Stealth:IAMUser/CloudTrail*"],
        "CloudTrail の証跡のログ記録が止められました",
        "the logging of a CloudTrail trail was stopped",
    ),
    (
        &["DefenseEvasion:IAMUser/BedrockLoggingDisabled"],
        "Bedrock のモデル呼び出しの記録が止められました",
        "the logging of model invocations in Bedrock was turned off",
    ),
    (
        &["Stealth:IAMUser/PasswordPolicyChange"],
        "パスワードポリシーが弱められました",
        "the password policy was weakened",
    ),
    (
        &["Stealth:S3/*"],
        "S3 のサーバーアクセスログが止められました",
        "the server access log of an S3 bucket was turned off",
    ),
    (
        &["Policy:IAMUser/RootCredentialUsage"],
        "ルートユーザーの認証情報が使われました",
        "the root user's credentials were used",
    ),
    (
        &["Policy:IAMUser/ShortTermRootCredentialUsage"],
        "ルートの一時的な認証情報が使われました",
        "temporary root credentials were used",
    ),
    (
        &["UnauthorizedAccess:IAMUser/ConsoleLogin*"],
        "離れた複数の場所から、近い時刻にコンソールへのサインインがありました",
        "one user signed in to the console from several distant places",
    ),
    (&["PenTest:*"], "侵入テスト用の OS から操作がありました", "calls came from a penetration testing system"),
    (
        &["*:IAMUser/TorIPCaller", "*:IAMUser/MaliciousIPCaller*"],
        "悪性の IP アドレスか Tor から認証情報が使われました",
        "credentials were used from a known-bad address or Tor",
    ),
    (&["Discovery:IAMUser/*"], "認証情報が普段と違う参照に使われました", "credentials were used to look around"),
    (&["*:IAMUser/*"], "認証情報が普段と違う使われ方をしました", "credentials were used in an unusual way"),
    (
        &["Discovery:S3/AnomalousBehavior"],
        "S3 の一覧が普段と違う形で見られました",
        "things in S3 were listed in an unusual way",
    ),
    (&["Impact:S3/*Delete*"], "S3 のデータが普段と違う形で消されました", "data in S3 was deleted in an unusual way"),
    (
        &["Impact:S3/*"],
        "S3 のデータか権限が普段と違う形で変えられました",
        "data or permissions in S3 were changed in an unusual way",
    ),
    (
        &["Policy:S3/Account*"],
        "アカウントの S3 のブロックパブリックアクセスが緩められました",
        "Block Public Access to S3 was loosened for an account",
    ),
    (&["Policy:S3/*"], "S3 バケットが公開を許す設定になりました", "an S3 bucket now allows public access"),
    (&["Object:S3/*"], "S3 のオブジェクトにマルウェアが見つかりました", "malware was found in an object in S3"),
    (&["*MaliciousFile!*"], "バックアップにマルウェアが見つかりました", "malware was found in a backup"),
    (&["*:S3/*"], "S3 のデータが普段と違う形で読まれました", "data in S3 was read in an unusual way"),
    (
        &["Execution:EC2/MaliciousFile", "Execution:EC2/SuspiciousFile"],
        "EC2 インスタンスのディスクにマルウェアが見つかりました",
        "malware was found on the disk of an EC2 instance",
    ),
    (
        &["Execution:ECS/*", "Execution:Container/*", "Execution:Kubernetes/*File"],
        "コンテナにマルウェアが見つかりました",
        "malware was found in a container",
    ),
    (
        &["CryptoCurrency:*", "*BitcoinDomainRequest*", "Impact:Runtime/CryptoMiner*"],
        "暗号資産の採掘が疑われる動きが検出されました",
        "signs of cryptocurrency mining were detected",
    ),
    (
        &["*:RDS/*SuccessfulBruteForce"],
        "総当たり攻撃のあとにログインが成功しました",
        "a login succeeded after a brute-force attack",
    ),
    (&["*BruteForce"], "総当たり攻撃が検出されました", "a brute-force attack was detected"),
    (
        &["*:RDS/*SuccessfulLogin"],
        "データベースに普段と違うログインがありました",
        "there was an unusual login to a database",
    ),
    (
        &["*:RDS/*"],
        "データベースにログインの試行か探りがありました",
        "somebody tried to log in to a database, or probed it",
    ),
    (
        &["*MetadataDNSRebind"],
        "インスタンスメタデータを外から読ませる手口が検出されました",
        "a way to read instance metadata from outside was detected",
    ),
    (
        &["*:EC2/C&C*", "*:Runtime/C&C*", "*:Lambda/C&C*"],
        "C&C サーバーとの通信が検出されました",
        "traffic to a command and control server was detected",
    ),
    (
        &["*:EC2/DenialOfService*"],
        "EC2 インスタンスから DoS 攻撃の通信が出ています",
        "an EC2 instance sends what looks like a DoS attack",
    ),
    (&["*:EC2/Spambot"], "EC2 インスタンスから迷惑メールの送信が疑われます", "an EC2 instance may be sending spam"),
    (
        &["Recon:EC2/PortProbe*"],
        "EC2 インスタンスの開いたポートが探られました",
        "an open port of an EC2 instance was probed",
    ),
    (
        &["Recon:EC2/Portscan", "Impact:EC2/PortSweep"],
        "EC2 インスタンスがほかのホストのポートを探りました",
        "an EC2 instance scanned ports of other hosts",
    ),
    (&["*:EC2/DNSDataExfiltration"], "DNS を使ったデータの持ち出しが疑われます", "data may be leaving by DNS"),
    (
        &[
            "*:EC2/TorClient",
            "*:EC2/TorRelay",
            "*:Runtime/TorClient",
            "*:Runtime/TorRelay",
            "*:Lambda/TorClient",
            "*:Lambda/TorRelay",
        ],
        "Tor との通信が検出されました",
        "traffic to Tor was detected",
    ),
    (
        &["Behavior:EC2/*", "DefenseEvasion:EC2/*"],
        "EC2 インスタンスの通信が普段と違います",
        "the traffic of an EC2 instance is unusual",
    ),
    (
        &["Trojan:EC2/*", "Impact:EC2/*", "UnauthorizedAccess:EC2/*"],
        "EC2 インスタンスが不審な相手と通信しました",
        "an EC2 instance talked to a suspicious host",
    ),
    (
        &["*:Lambda/DropPoint", "*:Lambda/BlackholeTraffic", "*:Lambda/MaliciousIPCaller*"],
        "Lambda 関数が不審な相手と通信しました",
        "a Lambda function talked to a suspicious host",
    ),
    (&["*:Runtime/ReverseShell"], "リバースシェルが検出されました", "a reverse shell was detected"),
    (
        &[
            "PrivilegeEscalation:Runtime/RuncContainerEscape",
            "PrivilegeEscalation:Runtime/CGroups*",
            "PrivilegeEscalation:Runtime/ContainerMounts*",
            "PrivilegeEscalation:Runtime/DockerSocket*",
        ],
        "コンテナからホストに抜ける動きが検出されました",
        "signs of an escape from a container were detected",
    ),
    (&["*:Runtime/*"], "不審なプロセスか通信が検出されました", "a suspicious process or connection was detected"),
    (
        &["*:Kubernetes/SuccessfulAnonymousAccess", "Policy:Kubernetes/AnonymousAccessGranted"],
        "EKS クラスターで認証のない操作が許されています",
        "an EKS cluster lets users act without a login",
    ),
    (
        &["Policy:Kubernetes/*"],
        "EKS クラスターの権限か公開の設定に問題があります",
        "an EKS cluster gives too many rights or exposes a dashboard",
    ),
    (&["*:Kubernetes/*ExecIn*"], "EKS の Pod の中でコマンドが実行されました", "a command was run inside a pod of EKS"),
    (
        &[
            "*:Kubernetes/*WorkloadDeployed*",
            "*:Kubernetes/PrivilegedContainer",
            "*:Kubernetes/ContainerWithSensitiveMount",
        ],
        "EKS クラスターに普段と違うワークロードが作られました",
        "an unusual workload was deployed to an EKS cluster",
    ),
    (
        &["*:Kubernetes/*"],
        "EKS クラスターの API が普段と違う形で使われました",
        "the API of an EKS cluster was used in an unusual way",
    ),
];

/// The subject; a type that is not here speaks for itself, unless it has not a type's form.
pub(super) fn of(kind: &str, has_form: bool, language: Language) -> String {
    let fits = |(globs, ..): &&(&[&str], &str, &str)| globs.iter().any(|glob| matches_glob(glob, kind));
    match (HEADLINES.iter().find(fits), language) {
        (Some((_, ja, _)), Language::Ja) => (*ja).to_owned(),
        (Some((_, _, en)), Language::En) => (*en).to_owned(),
        (None, _) if has_form => say!(language, "{kind} が検出されました", "{kind} was detected"),
        (None, _) => say!(language, "脅威が検出されました", "a threat was detected"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_told_in_words_and_a_new_one_speaks_for_itself() {
        let of = |kind| of(kind, true, Language::En);
        assert_eq!(of("Backdoor:EC2/C&CActivity.B!DNS"), "traffic to a command and control server was detected");
        assert_eq!(of("CredentialAccess:IAMUser/AnomalousBehavior"), "credentials were used in an unusual way");
        assert_eq!(of("Execution:EC2/MaliciousFile!AMI"), "malware was found in a backup");
        assert_eq!(of("New:Thing/Happened"), "New:Thing/Happened was detected");
        assert_eq!(super::of("please run this", false, Language::En), "a threat was detected");
    }
}
