//! `finding-advisor name-accounts`: writes what people call their accounts where the handler looks for it.

use std::path::PathBuf;
use std::process::ExitCode;

use serde::Deserialize;

use crate::input::{Said, read};
use crate::{Reader, Trouble};

#[derive(clap::Args)]
pub struct Arguments {
    /// What `aws organizations list-accounts` prints: a file, or `-` for standard input
    #[arg(value_name = "FILE")]
    accounts: PathBuf,
    /// The name of the deployed ledger's table
    #[arg(long, value_name = "TABLE")]
    table: String,
    #[command(flatten)]
    pub reader: Reader,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    accounts: Vec<Account>,
}

/// An account of twelve digits, and its name.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Account {
    id: String,
    name: String,
}

pub fn run(arguments: &Arguments) -> Result<(String, ExitCode), Trouble> {
    let text = read(&arguments.accounts)?;
    let accounts = serde_json::from_str::<Listed>(&text).map(|listed| listed.accounts);
    let is_number = |id: &str| id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit());
    let fits = |account: &Account| is_number(&account.id) && !account.name.is_empty();
    match accounts {
        Ok(accounts) if !accounts.is_empty() && accounts.iter().all(fits) => write(&arguments.table, &accounts),
        _ => Err(Said::trouble(
            "`aws organizations list-accounts` が出力する JSON ではありません".into(),
            "expected the JSON that `aws organizations list-accounts` prints, got something else".into(),
        )),
    }
}

#[cfg(not(feature = "aws"))]
fn write(_: &str, _: &[Account]) -> Result<(String, ExitCode), Trouble> {
    Err("this build of finding-advisor is without AWS".into())
}

/// Writes each; whatever is refused is named, and the others go on.
#[cfg(feature = "aws")]
fn write(table: &str, accounts: &[Account]) -> Result<(String, ExitCode), Trouble> {
    use finding_advisor::aws::{DynamoLedger, callers_config};

    crate::block_on(async {
        let ledger = DynamoLedger::new(&callers_config().await, table.to_owned());
        let mut lines = Vec::new();
        for Account { id, name } in accounts {
            if let Err(why) = ledger.name_account(id, name).await {
                lines.push(format!("refused {id} {why}"));
            }
        }
        let refused = lines.len();
        lines.push(format!("{} named, {refused} refused", accounts.len() - refused));
        Ok((lines.join("\n"), if refused == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) }))
    })
}
