import type { NodeHooks } from './node-core.ts'

/** A node as EMQX makes it. */
export const HONEST: NodeHooks = {
  connackDelayMs: () => 0,
  subackDelayMs: () => 0,
  subscribeRefusal: () => undefined,
  refusal: () => undefined,
  onConnected() {},
  losesSession: () => false,
  onTakeover() {},
  dropsWill: () => false,
  keepsWill: () => false,
  evictedPerTick: (rate) => rate,
  tickMs: 1000,
  waitsForHealthCheck: true,
  waitsForTakeover: true,
  keepsSessions: () => false,
  endsEvicting: (isBalanced) => isBalanced,
  evictedFrom: (donors) => donors,
  onEvicted() {},
  reportedConnections: (count) => count,
  onJoin() {},
  onEvacuation() {},
  licenceDelayMs: 0,
  admittedSessions: (most) => most,
  onLicence() {},
  listedBeside: () => [],
}
