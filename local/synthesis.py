"""Synthesis of a CDK app into target/local, once for each state of its sources."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .aws import ROOT, WORK, LocalAwsError

APP = ROOT / "bin" / "finding-advisor.ts"  # what a platform team deploys

# All that a template can depend on, beside the app itself.
SOURCES = ["bin", "cdk", "assets", "cdk.json", "package.json", "package-lock.json", "tsconfig.dev.json"]


def synthesise(app: Path = APP) -> Path:
    """The app's cloud assembly. Whatever handler it packages, the deployment puts this machine's in its place."""
    out = WORK / "synth" / f"{app.stem}-{_hash(app)}"
    if out.exists():
        return out
    out.parent.mkdir(parents=True, exist_ok=True)
    for stale in out.parent.glob(f"{app.stem}-*"):
        shutil.rmtree(stale, ignore_errors=True)
    # Into a folder of its own first: another demo or test run may be at the same.
    with tempfile.TemporaryDirectory(prefix="making-", dir=out.parent) as making:
        made = subprocess.run(
            ["npx", "--no-install", "cdk", "synth", "--quiet", "--output", f"{making}/out", "--app", _command(app)],
            cwd=ROOT,
            env=os.environ | {"CDK_VALIDATION": "false", "CDK_DISABLE_CLI_TELEMETRY": "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if made.returncode:
            raise LocalAwsError(f"synthesis of {app.relative_to(ROOT)} failed:\n{made.stderr.strip()}")
        try:
            os.rename(f"{making}/out", out)
        except OSError:
            if not out.exists():
                raise
    return out


def _command(app: Path) -> str:
    return f"npx --no-install tsx --tsconfig tsconfig.dev.json {app.relative_to(ROOT)}"


def _hash(app: Path) -> str:
    digest = hashlib.sha256()
    roots = [app, *(ROOT / source for source in SOURCES)]
    for root in roots:
        files = sorted(path for path in root.rglob("*") if path.is_file()) if root.is_dir() else [root]
        for path in files:
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0")
            digest.update(path.read_bytes() if path.exists() else b"absent")
    return digest.hexdigest()[:16]
