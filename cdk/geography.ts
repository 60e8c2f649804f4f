// Where Amazon Bedrock may process a request: the prefixes of cross-Region inference profiles.

/** Where the Regions lie among which an inference profile chooses. */
export enum Geography {
  /** Tokyo and Osaka. */
  JAPAN = 'jp',
  /** The United States. */
  UNITED_STATES = 'us',
  /** The European Union. */
  EUROPE = 'eu',
  /** Australia. */
  AUSTRALIA = 'au',
  /** Any commercial Region: somewhat cheaper, but what the model reads may leave your country. */
  GLOBAL = 'global',
}

/** The geography that a Region's data stays in, as far as one of its own has profiles. */
export function geographyOf(region: string): Geography | undefined {
  if (['ap-northeast-1', 'ap-northeast-3'].includes(region)) return Geography.JAPAN;
  if (['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'].includes(region)) return Geography.UNITED_STATES;
  if (['ap-southeast-2', 'ap-southeast-4'].includes(region)) return Geography.AUSTRALIA;
  // Zurich and London are in Europe, but no Regions of the `eu.` profiles.
  if (/^eu-(central-1|north-1|south-[12]|west-[13])$/.test(region)) return Geography.EUROPE;
  return undefined;
}
