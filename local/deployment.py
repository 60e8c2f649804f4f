"""Deployment of a synthesised app into the local AWS by API, and the deployed parts by what they are for."""

import hashlib
import io
import json
import shutil
import subprocess
import tempfile
import zipfile
from functools import cached_property
from pathlib import Path

from .aws import REGION, ROOT, WORK, LocalAws, LocalAwsError, wait_for
from .inbox import Inbox

BINARY = ROOT / "target" / "debug" / "bootstrap"
LARGEST_TEMPLATE_BODY = 51_200  # bytes; CloudFormation, CreateStack


def handler_zip(binary: Path) -> bytes:
    """The handler built for this machine, as the zip of a function: the packaged one is built for arm64."""
    if not binary.exists():
        raise LocalAwsError(f"{binary.relative_to(ROOT)} is missing; run: cargo build --all-targets --locked")
    name = hashlib.sha256(binary.read_bytes()).hexdigest()[:16]
    kept = WORK / "handler" / f"{name}.zip"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        for stale in kept.parent.glob("*.zip"):
            stale.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as making:
            stripped = Path(making, "bootstrap")
            strip = ["strip", "-o", stripped, binary]
            if not shutil.which("strip") or subprocess.run(strip, capture_output=True).returncode:
                shutil.copy(binary, stripped)
            whole = Path(making, "whole.zip")
            whole.write_bytes(_zip({"bootstrap": stripped.read_bytes()}))
            whole.replace(kept)
    return kept.read_bytes()


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o755 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return buffer.getvalue()


def create_stack(formation, name: str, **template) -> None:
    """Creates a stack and waits for it; an error says which resource failed and why."""
    formation.create_stack(StackName=name, Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"], **template)

    def ended():
        found = formation.describe_stacks(StackName=name)["Stacks"][0]
        return None if found["StackStatus"].endswith("_IN_PROGRESS") else found["StackStatus"]

    status = wait_for(f"the stack {name}", ended, seconds=60)
    if status != "CREATE_COMPLETE":
        events = formation.describe_stack_events(StackName=name)["StackEvents"]
        why = [
            f"{event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason')}"
            for event in events
            if "FAILED" in event["ResourceStatus"]
        ]
        raise LocalAwsError(f"the stack {name} ended as {status}\n" + "\n".join(why))


class Deployment:
    """A deployed app with one `FindingAdvisor`. Its parts are found by following the function's own configuration."""

    def __init__(self, aws: LocalAws, account: str, assembly: Path, binary: Path = BINARY):
        self.aws = aws
        self.account = account
        self._assembly = assembly
        self._binary = binary
        self._inboxes: list[Inbox] = []
        self.stack = self._deploy()

    def client(self, service: str):
        return self.aws.client(service, self.account)

    def _deploy(self) -> str:
        manifest = json.loads((self._assembly / "manifest.json").read_text())
        stacks = [id for id, part in manifest["artifacts"].items() if part["type"] == "aws:cloudformation:stack"]
        if len(stacks) != 1:
            raise LocalAwsError(f"expected an app with one stack, got {stacks}")
        (stack,) = stacks
        template = self._upload(stack)
        self.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String")
        create_stack(self.client("cloudformation"), stack, **template)
        return stack

    def _upload(self, stack: str) -> dict:
        """Puts the assets where the template expects them; returns how CreateStack gets the template."""
        assets = json.loads((self._assembly / f"{stack}.assets.json").read_text())["files"].values()
        s3 = self.client("s3")
        template = (self._assembly / f"{stack}.template.json").read_bytes()
        how = {"TemplateBody": template.decode()}
        buckets = set()
        for asset in assets:
            (destination,) = asset["destinations"].values()
            bucket = _resolve(destination["bucketName"], self.account)
            if bucket not in buckets:
                s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
                buckets.add(bucket)
            # The one other asset is the function's code, whatever was packaged.
            is_template = asset["source"]["path"].endswith(".template.json")
            content = template if is_template else handler_zip(self._binary)
            s3.put_object(Bucket=bucket, Key=destination["objectKey"], Body=content)
            if is_template and len(template) > LARGEST_TEMPLATE_BODY:
                how = {"TemplateURL": f"{self.aws.endpoint}/{bucket}/{destination['objectKey']}"}
        return how

    # The deployed parts.

    @cached_property
    def function(self) -> str:
        mappings = self.client("lambda").list_event_source_mappings()["EventSourceMappings"]
        if len(mappings) != 1:
            raise LocalAwsError(f"expected one event source mapping, got {len(mappings)}")
        self.mapping = mappings[0]
        return self.mapping["FunctionArn"].rpartition(":")[2]

    @cached_property
    def config(self) -> dict:
        """The contract, as the construct wrote it."""
        variables = self.client("lambda").get_function_configuration(FunctionName=self.function)["Environment"]
        return json.loads(variables["Variables"]["HANDLER_CONFIG"])

    @cached_property
    def queue(self) -> str:
        name = self.function and self.mapping["EventSourceArn"].rpartition(":")[2]
        return self.client("sqs").get_queue_url(QueueName=name)["QueueUrl"]

    @cached_property
    def dead_letter_queue(self) -> str:
        attributes = self.client("sqs").get_queue_attributes(QueueUrl=self.queue, AttributeNames=["RedrivePolicy"])
        arn = json.loads(attributes["Attributes"]["RedrivePolicy"])["deadLetterTargetArn"]
        return self.client("sqs").get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"]

    @cached_property
    def role(self) -> str:
        role = self.client("lambda").get_function_configuration(FunctionName=self.function)["Role"]
        return role.rpartition("/")[2]

    @property
    def topics(self) -> dict[str, str]:
        """The topic of each route that names one, by the route's name."""
        routes = [self.config["defaultRoute"], *self.config["routes"]]
        return {route["name"]: route["channel"]["topicArn"] for route in routes if "topicArn" in route["channel"]}

    # What goes in.

    def put_service_event(self, event: dict) -> list[dict]:
        return self.aws.put_service_event(self.account, event)

    def send_to_queue(self, body: str) -> None:
        """Past the rules, straight into the queue."""
        self.client("sqs").send_message(QueueUrl=self.queue, MessageBody=body)

    def send_as_one_batch(self, *bodies: str) -> None:
        """One invocation for all: the mapping sleeps while they are sent."""
        self._enable_mapping(False)
        for body in bodies:
            self.send_to_queue(body)
        self._enable_mapping(True)

    def _enable_mapping(self, enabled: bool) -> None:
        self.client("lambda").update_event_source_mapping(
            UUID=self.function and self.mapping["UUID"], Enabled=enabled
        )

    def stop(self) -> None:
        """Takes nothing more from the queue."""
        self._enable_mapping(False)

    def set_variable(self, name: str, value: str) -> None:
        """Gives the function one more environment variable."""
        function = self.client("lambda").get_function_configuration(FunctionName=self.function)
        variables = function["Environment"]["Variables"] | {name: value}
        self.client("lambda").update_function_configuration(
            FunctionName=self.function, Environment={"Variables": variables}
        )

    def set_secrets(self, secrets: dict[str, str]) -> None:
        """Puts what the handler may read into AWS Secrets Manager, by name."""
        for name, value in secrets.items():
            self.client("secretsmanager").create_secret(Name=name, SecretString=value)

    def verify_identity(self, domain: str) -> None:
        """Lets the account send mail from this domain."""
        self.client("sesv2").create_email_identity(EmailIdentity=domain)

    def hasten(self) -> int:
        """Lets the minute be over for which the call of a burst waits in the queue; returns how many calls there are."""
        return self.aws.hasten(self.account, self.function and self.mapping["EventSourceArn"])

    # What comes out.

    def listen(self) -> None:
        """Subscribes a queue of ours to each topic of a route in this account."""
        own = [topic for topic in dict.fromkeys(self.topics.values()) if topic.split(":")[4] == self.account]
        self._inboxes = [Inbox(self.aws, topic) for topic in own]

    def arrived(self) -> list[dict]:
        """What arrived since the last look: `topic`, `subject`, `text`."""
        return [notification for inbox in self._inboxes for notification in inbox.arrived()]

    def invocations(self) -> list[dict]:
        return self.aws.invocations(self.account)

    def invocations_ended(self, count: int = 1, seconds: float = 30) -> list[dict]:
        """Waits until so many invocations ended, and returns them."""

        def ended():
            done = [invocation for invocation in self.invocations() if invocation["done"]]
            return done if len(done) >= count else None

        return wait_for(f"{count} invocation(s) of the handler", ended, seconds)

    def handler_log(self) -> str:
        return "\n".join(invocation["log"] for invocation in self.invocations() if invocation["done"])

    def reports(self) -> list[dict]:
        """The handler's log lines of findings: what it told and held, and who gave the advice."""
        return [line for line in self._log_lines() if "finding" in line]

    def metric_lines(self) -> list[dict]:
        """The handler's log lines that are metrics too, in the embedded metric format."""
        return [line for line in self._log_lines() if "_aws" in line]

    def bursts(self) -> list[dict]:
        """The handler's log lines of bursts: how many findings it told together."""
        return [line for line in self._log_lines() if "burstOfRoute" in line]

    def _log_lines(self) -> list[dict]:
        return [json.loads(line) for line in self.handler_log().splitlines() if line.startswith("{")]

    def queue_is_empty(self) -> bool:
        """Nothing waits, nothing is being worked on; what was sent with a delay may be on its way."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        attributes = self.client("sqs").get_queue_attributes(QueueUrl=self.queue, AttributeNames=names)["Attributes"]
        return not any(int(attributes[name]) for name in names)

    def dead_letters(self) -> list[str]:
        """The bodies in the dead-letter queue; they stay there."""
        answer = self.client("sqs").receive_message(
            QueueUrl=self.dead_letter_queue, MaxNumberOfMessages=10, VisibilityTimeout=0
        )
        return [message["Body"] for message in answer.get("Messages", [])]

    # What a test turns.

    def set_visibility_timeout(self, seconds: int) -> None:
        """How soon a failed record comes back. In the construct it is six minutes, which no test can wait for."""
        self.client("sqs").set_queue_attributes(
            QueueUrl=self.queue, Attributes={"VisibilityTimeout": str(seconds)}
        )

    def set_function_timeout(self, seconds: int) -> None:
        self.client("lambda").update_function_configuration(FunctionName=self.function, Timeout=seconds)

    def remove_grant(self, action: str, resource: str | None = None) -> None:
        """Takes the statements that hold this action (on this resource) out of the handler's role."""

        def is_meant(statement: dict) -> bool:
            return action in _list(statement["Action"]) and resource in (None, *_list(statement["Resource"]))

        iam = self.client("iam")
        removed = 0
        for name in iam.list_role_policies(RoleName=self.role)["PolicyNames"]:
            policy = iam.get_role_policy(RoleName=self.role, PolicyName=name)["PolicyDocument"]
            kept = [statement for statement in policy["Statement"] if not is_meant(statement)]
            removed += len(policy["Statement"]) - len(kept)
            iam.put_role_policy(
                RoleName=self.role, PolicyName=name, PolicyDocument=json.dumps({**policy, "Statement": kept})
            )
        if not removed:
            raise LocalAwsError(f"the handler's role has no grant of {action}")


def _resolve(name: str, account: str) -> str:
    return name.replace("${AWS::AccountId}", account).replace("${AWS::Region}", REGION)


def _list(value) -> list:
    return value if isinstance(value, list) else [value]
