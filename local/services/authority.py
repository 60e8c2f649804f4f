"""A certificate authority that lives as long as the stubs, and the one certificate for all the names that they answer to."""

import subprocess
from pathlib import Path

NAMES = ["slack.com", "hooks.slack.com", "*.backlog.com", "*.atlassian.net"]
DAYS = "2"
KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
SETTINGS = f"""
[req]
distinguished_name = name
prompt = no
[name]
CN = local stubs of services
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[server]
basicConstraints = critical, CA:FALSE
subjectAltName = {", ".join(f"DNS:{name}" for name in NAMES)}
"""


class Authority:
    """`root` is what a client must trust; `chain` and `key` are what the server shows."""

    def __init__(self, folder: Path):
        self.root, self.chain, self.key = folder / "root.pem", folder / "server.pem", folder / "server.key"
        settings, request, root_key = folder / "settings", folder / "request", folder / "root.key"
        settings.write_text(SETTINGS)
        made = ["-config", settings, "-keyout"]
        _openssl("req", "-x509", *KEY, *made, root_key, "-extensions", "authority", "-days", DAYS, "-out", self.root)
        _openssl("req", *KEY, *made, self.key, "-out", request)
        signed = ["-CA", self.root, "-CAkey", root_key, "-set_serial", "1", "-days", DAYS]
        _openssl(
            "x509", "-req", "-in", request, *signed, "-extfile", settings, "-extensions", "server", "-out", self.chain
        )


def _openssl(*arguments) -> None:
    try:
        done = subprocess.run(["openssl", *arguments], capture_output=True, text=True)
    except FileNotFoundError:
        raise OSError("`openssl` is missing, which makes the stubs' certificate (on Debian: apt-get install openssl)") from None
    if done.returncode:
        raise OSError(f"openssl {arguments[0]} failed: {done.stderr.strip()}")
