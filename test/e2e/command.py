"""The command line, as a person at a terminal runs it, with the credentials of an account of the local AWS."""

import os
import subprocess

from local.aws import REGION, ROOT, LocalAws

COMMAND = ROOT / "target" / "debug" / "finding-advisor"


def run(
    *arguments, aws: LocalAws | None = None, account: str = "", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess:
    """Without an `aws` it runs where nothing of AWS can be reached; `environment` is what it needs beside."""
    environment = {"PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true"} | (environment or {})
    if aws:
        environment |= {
            "AWS_ENDPOINT_URL": aws.endpoint,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": account,
            "AWS_SECRET_ACCESS_KEY": "test",
        }
    return subprocess.run([COMMAND, *map(str, arguments)], env=environment, capture_output=True, text=True, timeout=60)
