"""What a stack set would make in an account and Region of an organization, deployed there, and its parts."""

import json

from local.aws import LocalAws
from local.deployment import Deployment, create_stack
from local.inbox import Inbox

STACK = "Member"


class Member:
    def __init__(self, hub: Deployment, account: str, region: str):
        self.aws: LocalAws = hub.aws
        self.account, self.region = account, region
        (stack_set,) = hub.aws.stack_sets(hub.account)
        create_stack(
            self.client("cloudformation"),
            STACK,
            TemplateBody=stack_set["TemplateBody"],
            Parameters=stack_set["Parameters"],
        )
        parameters = {one["ParameterKey"]: one["ParameterValue"] for one in stack_set["Parameters"]}
        self.hub_bus = parameters["HubBusArn"]
        self.role = self._id("AWS::IAM::Role")
        if "HubRoleArn" in parameters:  # the stack set makes topics
            self.topic = self._id("AWS::SNS::Topic")
            self.inbox = Inbox(hub.aws, self.topic)

    def client(self, service: str):
        return self.aws.client(service, self.account, self.region)

    @property
    def role_arn(self) -> str:
        return self.client("iam").get_role(RoleName=self.role)["Role"]["Arn"]

    def _id(self, type: str) -> str:
        resources = self.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
        (found,) = [one["PhysicalResourceId"] for one in resources if one["ResourceType"] == type]
        return found

    def put_service_event(self, event: dict) -> list[dict]:
        return self.aws.put_service_event(self.account, event, self.region)

    def of_this_account(self, event: dict) -> dict:
        """The event, as GuardDuty would have sent it here."""
        detail = event["detail"]
        text = json.dumps(event).replace(detail["accountId"], self.account).replace(detail["region"], self.region)
        return json.loads(text)

    def dead_letters(self) -> list[tuple[str, str]]:
        """Why each finding was not forwarded, and its body; they stay there."""
        sqs = self.client("sqs")
        answer = sqs.receive_message(
            QueueUrl=self._id("AWS::SQS::Queue"),
            MaxNumberOfMessages=10,
            VisibilityTimeout=0,
            MessageAttributeNames=["All"],
        )
        return [
            (message["MessageAttributes"]["ERROR_CODE"]["StringValue"], message["Body"])
            for message in answer.get("Messages", [])
        ]
