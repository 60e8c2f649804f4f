"""`finding-advisor name-accounts`: a notification calls an account by its name."""

import json

import command
import findings


def test_an_account_is_called_by_the_name_that_was_written_down(deployment, tmp_path):
    event = findings.guardduty()
    account = event["detail"]["accountId"]
    listed = tmp_path / "accounts.json"
    listed.write_text(json.dumps({"Accounts": [{"Id": account, "Name": "決済 本番", "Status": "ACTIVE"}]}))
    arguments = ["name-accounts", listed, "--table", deployment.config["ledgerTable"]]
    ran = command.run(*arguments, aws=deployment.aws, account=deployment.account)
    assert (ran.returncode, ran.stdout) == (0, "1 named, 0 refused\n"), ran.stderr
    deployment.put_service_event(event)
    deployment.invocations_ended()
    (notification,) = deployment.arrived()
    assert f"決済 本番 {account}" in notification["text"]


def test_what_is_no_list_of_accounts_is_refused(tmp_path):
    for text in ("{}", '{"Accounts": []}', '{"Accounts": [{"Id": "1", "Name": "a"}]}', "Accounts"):
        wrong = tmp_path / "wrong.json"
        wrong.write_text(text)
        ran = command.run("name-accounts", wrong, "--table", "ledger", "--language", "en")
        assert ran.returncode == 2
        assert "aws organizations list-accounts" in ran.stderr
