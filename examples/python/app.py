"""One account and Region, from Python: pip install cdk-finding-advisor."""

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from cdk_finding_advisor import Channel, FindingAdvisor, FindingMatch, FindingSource, Language, Route, Severity

app = App()
stack = Stack(app, "Security", env=Environment(region="ap-northeast-1"))

findings = sns.Topic(stack, "Findings", enforce_ssl=True)
findings.add_subscription(subscriptions.EmailSubscription("security@example.com"))

operations = sns.Topic(stack, "Operations", enforce_ssl=True)
operations.add_subscription(subscriptions.EmailSubscription("operations@example.com"))

shop = sns.Topic(stack, "Shop", enforce_ssl=True)
shop.add_subscription(subscriptions.EmailSubscription("shop@example.com"))

FindingAdvisor(
    stack,
    "Advisor",
    sources=[FindingSource.security_hub(), FindingSource.guard_duty()],
    default_route=Route.to(Channel.topic(findings), language=Language.JAPANESE),
    routes=[
        Route.to(
            Channel.topic(shop),
            name="shop",
            language=Language.ENGLISH,
            minimum_severity=Severity.MEDIUM,
            match=FindingMatch(accounts=["111122223333"]),
        )
    ],
    operations_topic=operations,
)

app.synth()
