"""Starts MiniStack with the patches, on loopback, and ends with the process that started it."""

import os
import signal
import sys
import tempfile
import threading

from . import seams
from .real_bedrock import RealBedrock


def take_credentials_out() -> None:
    """The handler inherits this process's environment, and must never see the caller's credentials."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]


def end_with_the_parent() -> None:
    """Standard input is a pipe that the parent holds: its end means that the parent is gone, however it went."""

    def wait() -> None:
        while sys.stdin.buffer.read(1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def main() -> None:
    seams.check_version()
    real = RealBedrock(os.environ["MINISTACK_REGION"]) if os.environ.pop("LOCAL_BEDROCK", None) == "real" else None
    take_credentials_out()
    # Else the handler would call the real AWS, or ask the machine's metadata service who it is.
    os.environ["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}"
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"

    with tempfile.TemporaryDirectory(prefix="local-aws-") as scratch:
        # MiniStack unpacks the functions there and would leave them behind.
        os.environ["TMPDIR"] = tempfile.tempdir = scratch
        run(real)


def run(real) -> None:
    # Only now: MiniStack reads the environment when it is imported.
    seams.check_names()
    import ministack.app
    from ministack.core import lambda_runtime

    from . import alarms, bedrock, deliveries, doors, faults, invocations, keys, mails, organizations, permissions, resources

    for patch in (alarms, resources, organizations, deliveries, permissions, keys, invocations, faults, mails, doors):
        patch.install()
    bedrock.install(real)
    end_with_the_parent()
    try:
        ministack.app.main()
    finally:
        lambda_runtime.reset()  # ends the handlers, which would outlive this process


if __name__ == "__main__":
    main()
