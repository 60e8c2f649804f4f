"""The process that is the local AWS: MiniStack, with what it lacks to run this product's template as AWS would.

Started by `local.aws`, never by hand. Each module patches one thing and says what AWS does there:

- `seams`        which MiniStack is patched, and the check that it is the one we know
- `resources`    CloudFormation: types that MiniStack lacks; a stack set is kept for a test to roll out
- `deliveries`   EventBridge: events of AWS services, the policies of queues, dead letters of rules
- `buses`        EventBridge: buses of other accounts and Regions, and their policies
- `organizations`  IAM: which account belongs to which organization
- `permissions`  IAM: what Converse is authorised as; loopback counts as TLS; what each role asked for
- `keys`         SNS: the key of an encrypted topic
- `invocations`  Lambda: a wrong batch answer fails the batch; the log of each invocation is kept
- `bedrock`      Converse: scripted by a test, else `recorded`, or forwarded to the `real_bedrock`
- `faults`       any other service: refuse, delay, or kill the handler at a chosen call
- `mails`        SES: what it refuses, and each mail as its receivers get it
- `doors`        the paths under /_local/ that drive all this
"""
