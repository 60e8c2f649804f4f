//! Events of every source, as poor and as rich as its format allows: what is required and nothing else, and all that may come.

use finding_advisor::finding::Finding;
use finding_advisor::intake;
use serde_json::{Value, json};

pub mod guardduty;
pub mod securityhub;
pub mod sources;

/// The findings of an event with this envelope.
pub fn read(source: &str, detail_type: &str, resources: &[&str], detail: &Value) -> Vec<Finding> {
    let event = json!({
        "version": "0",
        "id": "11111111-2222-4333-8444-555555555555",
        "detail-type": detail_type,
        "source": source,
        "account": "111122223333",
        "time": "2026-11-24T01:55:00Z",
        "region": "ap-northeast-1",
        "resources": resources,
        "detail": detail,
    });
    intake::read(&event.to_string())
}

/// The same object with these fields besides.
pub fn with(mut object: Value, fields: &Value) -> Value {
    if let (Some(object), Some(fields)) = (object.as_object_mut(), fields.as_object()) {
        object.extend(fields.clone());
    }
    object
}

/// A resource of a kind of target: how ASFF and how AWS Config name its type, and its id in ASFF.
pub struct Target {
    pub kind: &'static str,
    pub asff: &'static str,
    pub config: &'static str,
    pub id: &'static str,
}

/// Every kind of target that a format names as a resource.
#[rustfmt::skip]
pub const TARGETS: &[Target] = &[
    target("account", "AwsAccount", "AWS::::Account", "AWS::::Account:111122223333"),
    target("ami", "AwsEc2Image", "AWS::EC2::Image", "arn:aws:ec2:ap-northeast-1:111122223333:image/ami-0123456789abcdef0"),
    target("bucket", "AwsS3Bucket", "AWS::S3::Bucket", "arn:aws:s3:::example-orders"),
    target("db", "AwsRdsDbInstance", "AWS::RDS::DBInstance", "arn:aws:rds:ap-northeast-1:111122223333:db:orders"),
    target("db_snapshot", "AwsRdsDbSnapshot", "AWS::RDS::DBSnapshot", "arn:aws:rds:ap-northeast-1:111122223333:snapshot:orders-1"),
    target("ecs_service", "AwsEcsService", "AWS::ECS::Service", "arn:aws:ecs:ap-northeast-1:111122223333:service/shop/web"),
    target("eks_cluster", "AwsEksCluster", "AWS::EKS::Cluster", "arn:aws:eks:ap-northeast-1:111122223333:cluster/shop-prod"),
    target("file_system", "AwsEfsFileSystem", "AWS::EFS::FileSystem", "arn:aws:elasticfilesystem:ap-northeast-1:111122223333:file-system/fs-0123456789abcdef0"),
    target("function", "AwsLambdaFunction", "AWS::Lambda::Function", "arn:aws:lambda:ap-northeast-1:111122223333:function:order-mailer"),
    target("image", "AwsEcrContainerImage", "AWS::ECR::Image", "arn:aws:ecr:ap-northeast-1:111122223333:repository/shop/sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
    target("instance", "AwsEc2Instance", "AWS::EC2::Instance", "arn:aws:ec2:ap-northeast-1:111122223333:instance/i-0123456789abcdef0"),
    target("kms_key", "AwsKmsKey", "AWS::KMS::Key", "arn:aws:kms:ap-northeast-1:111122223333:key/11112222-3333-4444-8555-666677778888"),
    target("nacl", "AwsEc2NetworkAcl", "AWS::EC2::NetworkAcl", "arn:aws:ec2:ap-northeast-1:111122223333:network-acl/acl-0123456789abcdef0"),
    target("policy", "AwsIamPolicy", "AWS::IAM::Policy", "arn:aws:iam::111122223333:policy/deploy-everything"),
    target("queue", "AwsSqsQueue", "AWS::SQS::Queue", "arn:aws:sqs:ap-northeast-1:111122223333:orders"),
    target("repository", "AwsEcrRepository", "AWS::ECR::Repository", "arn:aws:ecr:ap-northeast-1:111122223333:repository/shop/web"),
    target("resource", "AwsApiGatewayStage", "AWS::ApiGateway::Stage", "arn:aws:apigateway:ap-northeast-1::/restapis/a1b2c3/stages/prod"),
    target("role", "AwsIamRole", "AWS::IAM::Role", "arn:aws:iam::111122223333:role/order-batch"),
    target("secret", "AwsSecretsManagerSecret", "AWS::SecretsManager::Secret", "arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:orders-db-AbCdEf"),
    target("sg", "AwsEc2SecurityGroup", "AWS::EC2::SecurityGroup", "arn:aws:ec2:ap-northeast-1:111122223333:security-group/sg-0123456789abcdef0"),
    target("snapshot", "AwsEc2Snapshot", "AWS::EC2::Snapshot", "arn:aws:ec2:ap-northeast-1:111122223333:snapshot/snap-0123456789abcdef0"),
    target("sns_topic", "AwsSnsTopic", "AWS::SNS::Topic", "arn:aws:sns:ap-northeast-1:111122223333:orders"),
    target("table", "AwsDynamoDbTable", "AWS::DynamoDB::Table", "arn:aws:dynamodb:ap-northeast-1:111122223333:table/orders"),
    target("task_definition", "AwsEcsTaskDefinition", "AWS::ECS::TaskDefinition", "arn:aws:ecs:ap-northeast-1:111122223333:task-definition/shop:7"),
    target("trail", "AwsCloudTrailTrail", "AWS::CloudTrail::Trail", "arn:aws:cloudtrail:ap-northeast-1:111122223333:trail/main-trail"),
    target("user", "AwsIamUser", "AWS::IAM::User", "arn:aws:iam::111122223333:user/deploy"),
    target("volume", "AwsEc2Volume", "AWS::EC2::Volume", "arn:aws:ec2:ap-northeast-1:111122223333:volume/vol-0123456789abcdef0"),
    target("vpc", "AwsEc2Vpc", "AWS::EC2::VPC", "arn:aws:ec2:ap-northeast-1:111122223333:vpc/vpc-0123456789abcdef0"),
];

const fn target(kind: &'static str, asff: &'static str, config: &'static str, id: &'static str) -> Target {
    Target { kind, asff, config, id }
}
