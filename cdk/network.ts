// The handler in a network of the user's.
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type FunctionProps } from 'aws-cdk-lib/aws-lambda';

type Network = Pick<FunctionProps, 'vpc' | 'vpcSubnets' | 'securityGroups'>;

/** How the handler stands in its network, and what AWS Lambda may do there for it. */
export function network(role: IRole, { vpc, vpcSubnets, securityGroups }: Network): Network {
  if (vpc === undefined) {
    if (vpcSubnets || securityGroups) {
      throw new Error(`\`${vpcSubnets ? 'vpcSubnets' : 'securityGroups'}\` needs \`vpc\`: supply both, got one`);
    }
    return {};
  }
  // What AWS Lambda asks for; interfaces have no names before they are made, so that no resource can be named.
  role.addToPrincipalPolicy(
    new PolicyStatement({
      sid: 'JoinsTheNetwork',
      actions: [
        'ec2:AssignPrivateIpAddresses',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
    }),
  );
  return { vpc, vpcSubnets, securityGroups };
}
