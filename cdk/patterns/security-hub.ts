// Security Hub: CSPM, which speaks the AWS Security Finding Format, and V2, which speaks OCSF.
import { type EventPattern, Match } from 'aws-cdk-lib/aws-events';
import { severitiesBelow, severitiesFrom, Severity, words } from '../severity';
import { type Listening } from './listening';

const HUB = ['aws.securityhub'];

/** Findings, what people send by hand, and the closes of controls on demand. */
export function securityHub({
  minimumSeverity,
  nativeProducts,
  controlCloses,
}: Listening): Record<string, EventPattern> {
  const imported = (findings: Record<string, unknown>): EventPattern => ({
    source: HUB,
    detailType: ['Security Hub Findings - Imported'],
    detail: { findings: { ...findings, ...without('ProductArn', nativeProducts) } },
  });
  return {
    Findings: imported({ Severity: { Label: severitiesFrom(minimumSeverity) } }),
    CustomActions: {
      source: HUB,
      detailType: ['Security Hub Findings - Custom Action', 'Security Hub Insight Results'],
    },
    ...closes(controlCloses, severitiesBelow(minimumSeverity), (below) =>
      imported({ Severity: { Label: below }, Compliance: { Status: ['PASSED'] } }),
    ),
  };
}

/** `severity_id`: 6 is Fatal. (OCSF, "Finding".) */
const OCSF_IDS = {
  [Severity.INFORMATIONAL]: [1],
  [Severity.LOW]: [2],
  [Severity.MEDIUM]: [3],
  [Severity.HIGH]: [4],
  [Severity.CRITICAL]: [5, 6],
};
/** Unknown and Other: the vendor's own severity decides, which the handler reads. */
const OCSF_UNSAID = [0, 99];

/** Findings, and the closes of controls on demand. There is no custom action. */
export function securityHubV2({
  minimumSeverity,
  nativeProducts,
  controlCloses,
}: Listening): Record<string, EventPattern> {
  const imported = (findings: Record<string, unknown>): EventPattern => ({
    source: HUB,
    detailType: ['Findings Imported V2'],
    detail: { findings: { ...findings, ...without('metadata.product.uid', nativeProducts) } },
  });
  return {
    Findings: imported({ severity_id: [...words(OCSF_IDS, severitiesFrom(minimumSeverity)), ...OCSF_UNSAID] }),
    ...closes(controlCloses, words(OCSF_IDS, severitiesBelow(minimumSeverity)), (below) =>
      imported({ severity_id: below, compliance: { status_id: [1] } }),
    ),
  };
}

/** A control that passes turns INFORMATIONAL. Only what the first rule leaves: nothing is to come twice. */
function closes<T>(wanted: boolean, below: T[], pattern: (below: T[]) => EventPattern): Record<string, EventPattern> {
  return wanted && below.length > 0 ? { ControlCloses: pattern(below) } : {};
}

/**
 * By the product's ARN, which nobody can borrow: a product may give itself any name, and in V2 it may have none. It ends the
 * same in `::product/aws/guardduty` and `::productv2/aws/guardduty`. A field that is absent matches no `anything-but`, and a
 * finding without it must not be lost.
 */
function without(path: string, products: string[]): Record<string, unknown> {
  if (products.length === 0) return {};
  const at = (match: unknown) => path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), match);
  return { $or: [at(Match.anythingButSuffix(...products.map((product) => `/${product}`))), at(Match.doesNotExist())] };
}
