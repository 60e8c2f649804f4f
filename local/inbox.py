"""A queue of ours that listens to a topic, as a reader would subscribe an address."""

import hashlib
import json

from .aws import LocalAws


class Inbox:
    """Lies in the account and Region of its topic."""

    def __init__(self, aws: LocalAws, topic: str):
        _, _, _, region, account, _ = topic.split(":")
        name = f"inbox-{hashlib.sha256(topic.encode()).hexdigest()[:8]}"
        arn = f"arn:aws:sqs:{region}:{account}:{name}"
        policy = {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arn,
            },
        }
        self.topic = topic
        self._sqs = aws.client("sqs", account, region)
        self._queue = self._sqs.create_queue(QueueName=name, Attributes={"Policy": json.dumps(policy)})["QueueUrl"]
        aws.client("sns", account, region).subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def arrived(self) -> list[dict]:
        """What arrived since the last look: `topic`, `subject`, `text`."""
        found = []
        while messages := self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                envelope = json.loads(message["Body"])
                found.append({"topic": self.topic, "subject": envelope.get("Subject", ""), "text": envelope["Message"]})
                self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
        return found
