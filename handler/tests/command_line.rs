//! The command line as a whole: its help, which docs/cli.md shows, what it reads, and how it talks.
#![expect(clippy::expect_used, reason = "a test says what it expected")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const EVENT: &str = "cases/securityhub-public-bucket/1-event.json";

fn run(arguments: &[&str], locale: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_finding-advisor"))
        .args(arguments)
        .current_dir(ROOT)
        .env_clear()
        .env("LANG", locale)
        .output()
        .expect("the command line starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn help(of: &[&str]) -> String {
    let output = run(&[of, &["--help"]].concat(), "C");
    assert_eq!(output.status.code(), Some(0));
    text(&output.stdout)
}

/// The commands that the help lists.
fn commands() -> Vec<String> {
    let help = help(&[]);
    let (_, list) = help.split_once("\nCommands:\n").expect("a list of commands");
    let (list, _) = list.split_once("\n\n").expect("the end of the list");
    let names = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "whether to write it anew is asked from outside")]
fn docs_cli_md_shows_the_help_of_each_command() {
    let place = Path::new(ROOT).join("docs/cli.md");
    let kept = fs::read_to_string(&place).expect("docs/cli.md");
    let mark = kept.find("<!-- the help of each command").expect("the place where the help begins");
    let line = mark + kept[mark..].find('\n').expect("a line") + 1;
    let mut shown = format!("{}\n```\n{}```\n", &kept[..line], help(&[]));
    for command in commands() {
        shown.push_str(&format!("\n## {command}\n\n```\n{}```\n", help(&[&command])));
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(&place, &shown).expect("docs/cli.md can be written");
    }
    let kept = fs::read_to_string(&place).expect("docs/cli.md");
    assert!(kept == shown, "docs/cli.md differs; run: BLESS=1 cargo test --no-default-features --test command_line");
}

#[test]
fn each_help_begins_with_examples_and_fits_a_terminal() {
    let commands = commands();
    assert!(commands.len() >= 7, "{commands:?}");
    for command in commands.iter().map(|name| vec![name.as_str()]).chain([vec![]]) {
        let help = help(&command);
        let example = help.find("Example").expect("an example");
        assert!(example < help.find("Usage:").expect("the usage"), "{help}");
        assert!(help.lines().count() <= 40, "{command:?} has {} lines", help.lines().count());
        let wide: Vec<&str> = help.lines().filter(|line| line.chars().count() > 80).collect();
        assert!(wide.is_empty(), "{wide:?}");
        for line in help[example..].lines().skip(1).take_while(|line| !line.is_empty()) {
            let (_, example) = line.split_once("finding-advisor").expect("an example of ours");
            let named = example.split_whitespace().next().expect("a command");
            assert!(commands.iter().any(|known| named.trim_end_matches(')') == known), "{line}");
        }
    }
}

#[test]
fn usage_ends_with_two_and_data_with_zero() {
    for wrong in [&["frobnicate"][..], &["preview"], &["preview", "--language", "fr", EVENT], &["preview", "nowhere"]] {
        let output = run(wrong, "C");
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert_eq!(text(&output.stdout), "", "{wrong:?}");
        assert_ne!(text(&output.stderr), "", "{wrong:?}");
    }
    let output = run(&["explain", EVENT], "C");
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
}

#[test]
fn messages_are_in_the_language_asked_for_or_in_the_locales() {
    let english = "finding-advisor: cannot read `nowhere`: No such file or directory (os error 2)\n";
    let japanese = "finding-advisor: `nowhere` を読めません: No such file or directory (os error 2)\n";
    assert_eq!(text(&run(&["preview", "nowhere"], "C").stderr), english);
    assert_eq!(text(&run(&["preview", "nowhere"], "ja_JP.UTF-8").stderr), japanese);
    assert_eq!(text(&run(&["preview", "nowhere", "--language", "ja"], "C").stderr), japanese);
    assert_eq!(text(&run(&["preview", "nowhere", "--language", "en"], "ja_JP.UTF-8").stderr), english);
    assert!(text(&run(&["explain", EVENT], "ja_JP.UTF-8").stdout).contains("通知する"));
    assert!(text(&run(&["explain", EVENT], "C").stdout).contains("told"));
}

#[test]
fn a_folder_stands_for_the_events_in_it_and_a_dash_for_standard_input() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("some-events");
    fs::create_dir_all(folder.join("deeper")).expect("a folder");
    fs::create_dir_all(folder.join("deeper/empty")).expect("a folder");
    for name in ["1.json", "deeper/2.json", "notes.txt"] {
        fs::copy(Path::new(ROOT).join(EVENT), folder.join(name)).expect("a copy");
    }
    let line = fs::read_to_string(Path::new(ROOT).join(EVENT)).expect("an event").replace('\n', "");
    fs::write(folder.join("many.jsonl"), format!("{line}\n\n{line}\n")).expect("a file");
    let told = |arguments: &[&str]| text(&run(arguments, "C").stdout).matches("told (new)").count();
    let folder_name = folder.to_str().expect("a name");
    assert_eq!(told(&["explain", EVENT]), 1);
    assert_eq!(told(&["explain", folder_name, EVENT]), 5);
    let empty = run(&["explain", &format!("{folder_name}/deeper/empty")], "C");
    assert_eq!(empty.status.code(), Some(2));
    assert!(text(&empty.stderr).contains("expected at least one event"));
    fs::remove_dir_all(&folder).expect("it can go");

    let mut reading = Command::new(env!("CARGO_BIN_EXE_finding-advisor"))
        .args(["explain", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command line starts");
    let event = fs::read(Path::new(ROOT).join(EVENT)).expect("an event");
    reading.stdin.take().expect("its input").write_all(&event).expect("it reads");
    assert!(text(&reading.wait_with_output().expect("it ends").stdout).contains("(new)"));
}

#[test]
fn neither_an_event_nor_an_argument_can_steer_the_terminal() {
    let hostile = "\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}";
    let event = fs::read_to_string(Path::new(ROOT).join(EVENT)).expect("an event");
    let escaped = hostile.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect::<String>();
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("steering{hostile}.json"));
    fs::write(&place, event.replace("\"Title\": \"", &format!("\"Title\": \"{escaped}"))).expect("an event");
    let name = place.to_str().expect("a name");
    let runs: &[&[&str]] = &[
        &["preview", name],
        &["explain", name],
        &["explain", "--output", "json", name],
        &["prompt", name],
        &["check", name, "--answer", name],
        &["preview", &format!("{name}.gone")],
        &["preview", "--language", hostile, name],
        &[hostile],
    ];
    for arguments in runs {
        let output = run(arguments, "C");
        let printed = text(&output.stdout) + &text(&output.stderr);
        let steering = printed.chars().find(|c| (c.is_control() && !"\n\t".contains(*c)) || *c == '\u{202e}');
        assert_eq!(steering, None, "{arguments:?}: {printed:?}");
        assert_ne!(printed, "");
    }
    fs::remove_file(&place).expect("it can go");
}

#[test]
fn a_shell_gets_its_completions() {
    let bash = run(&["completions", "bash"], "C");
    assert!(text(&bash.stdout).contains("preview") && text(&bash.stdout).contains("--language"));
    if let Ok(mut shell) = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn() {
        shell.stdin.take().expect("its input").write_all(&bash.stdout).expect("it reads");
        assert!(shell.wait().expect("it ends").success(), "bash cannot parse it");
    }
}
