/** What interferes with an update: a scenario for each, on both main dialects. */
const ON_BOTH = [
  'scaled',
  'twice',
  'reverted',
  'corrected',
  'slowed',
  'operator-restarted',
  'operator-gone',
  'old-node-killed',
  'new-node-killed',
  'machine-drained',
  'api-server-restarted',
  'api-outage',
  'network-cut',
  'clock-step',
]
/** The other dialect has defaults for what the resource does not say. */
const ON_V1BETA4 = ['strategy-removed']

export const interferenceOn = (dialect: string): string[] =>
  dialect === 'v1beta4'
    ? [...ON_BOTH, ...ON_V1BETA4].map((one) => `upgrade-${one}`)
    : ON_BOTH.map((one) => `upgrade-${one}-v5`)
