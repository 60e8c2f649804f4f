// Members: the accounts whose findings a hub takes.
import { Token } from 'aws-cdk-lib';
import { type PolicyStatementProps, AccountPrincipal, AnyPrincipal } from 'aws-cdk-lib/aws-iam';

/** The accounts that forward their findings to a hub: an organization, or accounts by number. */
export class Members {
  /**
   * Every account of an organization, also those that join later.
   *
   * @param organizationId such as `o-a1b2c3d4e5`
   */
  public static organization(organizationId: string): Members {
    if (!Token.isUnresolved(organizationId) && !/^o-[a-z0-9]{10,32}$/.test(organizationId)) {
      throw new Error(`an organization is an id such as o-a1b2c3d4e5, got ${JSON.stringify(organizationId)}`);
    }
    return new Members(organizationId, []);
  }

  /**
   * Some accounts, of 12 digits each.
   *
   * @param accountIds at least one
   */
  public static accounts(accountIds: string[]): Members {
    if (accountIds.length === 0) throw new Error('supply at least one account of `Members.accounts()`, got []');
    const wrong = accountIds.find((id) => !Token.isUnresolved(id) && !/^\d{12}$/.test(id));
    if (wrong !== undefined) throw new Error(`an account is 12 digits, got ${JSON.stringify(wrong)}`);
    return new Members(undefined, accountIds);
  }

  private constructor(
    private readonly organizationId: string | undefined,
    private readonly accountIds: string[],
  ) {}

  /**
   * Whom a resource of the hub lets in.
   * @internal
   */
  public _asPrincipals(): Required<Pick<PolicyStatementProps, 'principals' | 'conditions'>> {
    return this.organizationId === undefined
      ? { principals: this.accountIds.map((id) => new AccountPrincipal(id)), conditions: {} }
      : {
          principals: [new AnyPrincipal()],
          conditions: { StringEquals: { 'aws:PrincipalOrgID': this.organizationId } },
        };
  }

  /**
   * What of the members the hub may use. `arn` makes the ARN in one account.
   * @internal
   */
  public _asResources(
    arn: (account: string) => string,
  ): Required<Pick<PolicyStatementProps, 'resources' | 'conditions'>> {
    return this.organizationId === undefined
      ? { resources: this.accountIds.map(arn), conditions: {} }
      : { resources: [arn('*')], conditions: { StringEquals: { 'aws:ResourceOrgID': this.organizationId } } };
  }
}
