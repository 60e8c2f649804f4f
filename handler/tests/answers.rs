//! The good answers: written with care about the cases, in both languages. The check takes nearly all of them whole, or it
//! would cost readers what a model has to say. `finding-advisor eval --cases cases` shows each.

use std::process::Command;

#[test]
fn of_fifty_good_answers_hardly_one_is_rejected_and_hardly_an_item_struck() {
    let output = Command::new(env!("CARGO_BIN_EXE_finding-advisor"))
        .args(["eval", "--cases", "cases"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("the command line starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let [mut answers, mut accepted, mut rejected, mut struck, mut items] = [0; 5];
    for line in text.lines().filter(|line| line.starts_with("en: ") || line.starts_with("ja: ")) {
        let numbers: Vec<usize> =
            line.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
        let [all, taken, _, refused, taken_out, parts] = numbers.as_slice() else { panic!("{line}") };
        answers += all;
        accepted += taken;
        rejected += refused;
        struck += taken_out;
        items += parts;
    }
    assert!(answers >= 50 && answers == accepted + rejected, "{text}");
    assert!(rejected * 100 <= 3 * answers, "{rejected} of {answers} rejected\n{text}");
    assert!(struck * 100 <= 5 * items, "{struck} of {items} struck\n{text}");
}
