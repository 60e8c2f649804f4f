//! What may be said of what runs: a process on an instance or in a container, the workload around it, and a database's login.

use serde_json::Value;

use super::guardduty::{list, text};
use super::{Sheet, safe};

/// Fields of a process' context, and what their presence tells, Japanese and English.
const CONTEXT: [(&str, &str, &str); 9] = [
    ("modifyingProcess", "別のプロセスによる実行ファイルの書き換え", "another process changed the program"),
    ("ldPreloadValue", "LD_PRELOAD による差し込み", "code was put in by LD_PRELOAD"),
    ("moduleName", "カーネルモジュールの読み込み", "a kernel module was loaded"),
    ("runcBinaryPath", "runc の書き換え", "runc was overwritten"),
    ("releaseAgentPath", "cgroup の release_agent の書き換え", "the release_agent of a cgroup was changed"),
    ("socketPath", "コンテナの外のソケットへの接続", "a socket outside the container was used"),
    ("mountSource", "マウント", "a mount"),
    ("shellHistoryFilePath", "シェルの履歴の操作", "the shell's history was touched"),
    ("targetProcess", "別のプロセスへの書き込み", "another process was written into"),
];
/// Programs that everybody knows by these names. Any other name may be a sentence of whoever started it.
const PROGRAMS: &str = "apache2 ash awk base64 bash busybox chmod chown containerd-shim containerd-shim-runc-v2 cron crond curl \
    dash docker dockerd dotnet find gcc git httpd java kubectl kubelet ksh make mysqld nc ncat netcat nginx node npm openssl perl \
    php php-fpm pip postgres python python2 python3 redis-server rm rsync ruby runc scp sed sh socat ssh sshd su sudo supervisord \
    systemd tar tini wget xmrig zsh";
/// Kubernetes' own words for workloads, as GuardDuty writes them.
const WORKLOADS: [&str; 8] =
    ["pods", "jobs", "cronjobs", "deployments", "daemonsets", "statefulsets", "replicasets", "replicationcontrollers"];
const VERBS: [&str; 8] = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];
const KINDS: [&str; 14] = [
    "pods",
    "secrets",
    "configmaps",
    "deployments",
    "daemonsets",
    "jobs",
    "cronjobs",
    "roles",
    "rolebindings",
    "clusterroles",
    "clusterrolebindings",
    "serviceaccounts",
    "nodes",
    "namespaces",
];
const ENGINES: [&str; 6] =
    ["Aurora MySQL", "Aurora PostgreSQL", "aurora-mysql", "aurora-postgresql", "mysql", "postgres"];

/// The process that Runtime Monitoring saw.
pub(super) fn process(sheet: &mut Sheet<'_>, service: &Value) {
    let language = sheet.language;
    let Some(details) = service.get("runtimeDetails") else { return };
    let process = details.get("process").unwrap_or(&Value::Null);
    if let Some(hash) = text(process, "/executableSha256").filter(|hash| safe::is_hash(hash)) {
        let name = sheet.name('H', "hash", hash);
        sheet.add(say!(
            language,
            "プロセスの実行ファイルの SHA-256 は {name}",
            "The SHA-256 of the process' program is {name}"
        ));
    }
    let program = |process: &Value| {
        let name = text(process, "/name")?;
        PROGRAMS.split_ascii_whitespace().find(|known| *known == name)
    };
    match (program(process), parent(process).and_then(program)) {
        (Some(name), Some(parent)) => sheet.add(say!(
            language,
            "プロセスは {name}、親のプロセスは {parent} (名前は動かした側が決められる)",
            "The process is {name}, its parent {parent} (whoever runs a program can choose its name)"
        )),
        (Some(name), None) => sheet.add(say!(
            language,
            "プロセスは {name} (名前は動かした側が決められる)",
            "The process is {name} (whoever runs a program can choose its name)"
        )),
        (None, Some(parent)) => sheet.add(say!(
            language,
            "親のプロセスは {parent} (名前は動かした側が決められる)",
            "The parent process is {parent} (whoever runs a program can choose its name)"
        )),
        (None, None) => {}
    }
    match process.get("euid").and_then(Value::as_u64) {
        Some(0) => sheet.add(say!(language, "プロセスは root の権限で動いた", "The process ran with root's rights")),
        Some(_) => {
            sheet.add(say!(
                language,
                "プロセスは root の権限では動いていない",
                "The process did not run with root's rights"
            ));
        }
        None => {}
    }
    let context = details.get("context").unwrap_or(&Value::Null);
    let seen = CONTEXT.iter().filter(|(field, ..)| context.get(*field).is_some_and(is_told));
    let words: Vec<&str> =
        seen.map(|(_, ja, en)| if language == crate::finding::Language::Ja { *ja } else { *en }).collect();
    if !words.is_empty() {
        let words = words.join(say!(language, "、", ", ").as_str());
        sheet.add(say!(language, "記録された動き: {words}", "What was recorded: {words}"));
    }
    sheet.hide(say!(
        language,
        "よく知られたもののほかのプロセスの名前、パス、コマンドライン、さらに上の親",
        "names of processes that are not well known, paths, command lines and earlier parents"
    ));
}

/// The process that started another: by its id, or the only one that is named.
fn parent(process: &Value) -> Option<&Value> {
    let id = text(process, "/parentUuid");
    let of_id = list(process, "lineage").find(|one| id.is_some() && text(one, "/uuid") == id);
    of_id.or_else(|| {
        let mut all = list(process, "lineage");
        all.next().filter(|only| all.next().is_none() && text(only, "/uuid").is_none())
    })
}

/// Some senders leave a field out, some leave it empty.
fn is_told(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// The container, task or Kubernetes workload that is affected.
pub(super) fn workload(sheet: &mut Sheet<'_>, resource: &Value) {
    let language = sheet.language;
    let kubernetes = resource.get("kubernetesDetails").unwrap_or(&Value::Null);
    let workload = kubernetes.get("kubernetesWorkloadDetails").unwrap_or(&Value::Null);
    if let Some(value) = text(workload, "/name").filter(|name| safe::is_path(name)) {
        let kind =
            WORKLOADS.into_iter().find(|kind| text(workload, "/type").is_some_and(|it| it.eq_ignore_ascii_case(kind)));
        // A command takes a pod by its name; of a deployment and the like only the pods below it.
        let name = sheet.name('W', if kind == Some("pods") { "pod" } else { "workload" }, value);
        let kind = kind.map_or_else(String::new, |kind| format!(" ({kind})"));
        sheet.add(say!(
            language,
            "Kubernetes のワークロードは {name}{kind}",
            "The Kubernetes workload is {name}{kind}"
        ));
        if let Some(namespace) = text(workload, "/namespace").filter(|name| safe::is_path(name)) {
            let namespace = sheet.name('W', "namespace", namespace);
            sheet.add(say!(language, "{name} の名前空間は {namespace}", "The namespace of {name} is {namespace}"));
        }
    }
    let containers = || list(workload, "containers").chain(resource.get("containerDetails"));
    if let Some(image) =
        containers().find_map(|container| text(container, "/image")).filter(|image| safe::is_image(image))
    {
        let name = sheet.name('R', "container_image", image);
        sheet.add(say!(language, "コンテナのイメージは {name}", "The container's image is {name}"));
    }
    let privileged =
        |container: &Value| container.pointer("/securityContext/privileged").and_then(Value::as_bool) == Some(true);
    if containers().any(privileged) {
        sheet.add(say!(
            language,
            "特権コンテナ (ホストを操作できる)",
            "It is a privileged container (it can act on its host)"
        ));
    }
    if workload.get("hostNetwork").and_then(Value::as_bool) == Some(true) {
        sheet.add(say!(language, "ホストのネットワークを使うワークロード", "The workload uses its host's network"));
    }
    if let Some(task) = text(resource, "/ecsClusterDetails/taskDetails/arn").filter(|arn| safe::is_task(arn)) {
        let name = sheet.name('R', "ecs_task", task);
        sheet.add(say!(language, "ECS タスクは {name}", "The ECS task is {name}"));
    }
    match text(kubernetes, "/kubernetesUserDetails/username") {
        Some("system:anonymous") => sheet.add(say!(
            language,
            "操作したのは匿名の利用者 (system:anonymous)。認証されていない",
            "Who acted is the anonymous user (system:anonymous): nobody was authenticated"
        )),
        Some(user) if user.starts_with("system:serviceaccount:") => sheet.add(say!(
            language,
            "操作したのは Kubernetes のサービスアカウント",
            "Who acted is a Kubernetes service account"
        )),
        Some(user) if !user.is_empty() => {
            sheet.add(say!(language, "操作したのは Kubernetes の利用者", "Who acted is a Kubernetes user"));
        }
        _ => {}
    }
}

/// An operation of Kubernetes.
pub(super) fn kubernetes_call(sheet: &mut Sheet<'_>, call: &Value) {
    let language = sheet.language;
    let known =
        |field: &str, words: &[&'static str]| words.iter().copied().find(|word| text(call, field) == Some(*word));
    let (Some(verb), Some(kind)) = (known("/verb", &VERBS), known("/resource", &KINDS)) else { return };
    sheet.add(match call.get("statusCode").and_then(Value::as_u64) {
        Some(200..=299) => say!(
            language,
            "Kubernetes の操作: {kind} の {verb} (成功した)",
            "The operation of Kubernetes: {verb} of {kind}; it succeeded"
        ),
        Some(400..=499) => say!(
            language,
            "Kubernetes の操作: {kind} の {verb} (拒否された)",
            "The operation of Kubernetes: {verb} of {kind}; it was refused"
        ),
        _ => say!(language, "Kubernetes の操作: {kind} の {verb}", "The operation of Kubernetes: {verb} of {kind}"),
    });
}

/// A login to a database.
pub(super) fn login(sheet: &mut Sheet<'_>, resource: &Value, action: &Value) {
    let language = sheet.language;
    if let Some(user) = text(resource, "/rdsDbUserDetails/user").filter(|user| safe::is_name(user)) {
        let name = sheet.name('P', "db_user", user);
        sheet.add(say!(language, "データベースの利用者は {name}", "The database user is {name}"));
    }
    let engine = text(resource, "/rdsDbInstanceDetails/engine");
    if let Some(engine) = ENGINES.into_iter().find(|known| engine.is_some_and(|it| it.eq_ignore_ascii_case(known))) {
        sheet.add(say!(language, "データベースの種類は {engine}", "The database is {engine}"));
    }
    // The format's only field with a capital letter.
    let attempts = |field: &str| {
        let all = list(action, "LoginAttributes").chain(list(action, "loginAttributes"));
        all.filter_map(|one| one.get(field).and_then(Value::as_u64)).fold(0_u64, u64::saturating_add)
    };
    let (passed, failed) = (attempts("successfulLoginAttempts"), attempts("failedLoginAttempts"));
    if passed > 0 {
        sheet.add(say!(language, "成功したログインがある", "A login succeeded"));
    } else if failed > 0 {
        sheet.add(say!(language, "ログインはすべて失敗した", "Every login failed"));
    }
    if failed >= 10 {
        sheet.add(say!(language, "失敗したログインは 10 回以上", "10 logins or more failed"));
    }
}
