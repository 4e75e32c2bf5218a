import type { ClusterState, Dialect } from './types.ts'

/** Versions that both the emulated registry and the operator have; the first is what a fresh cluster runs. */
export const VERSIONS: Readonly<Record<Dialect, readonly string[]>> = {
  v1beta4: ['4.4.14', '4.4.19', '4.4.20', '4.4.24'],
  v2beta1: ['5.8.6', '5.8.7', '5.8.8', '5.8.9'],
}

/** In no registry. */
export const NO_VERSION: Readonly<Record<Dialect, string>> = { v1beta4: '4.4.99', v2beta1: '5.8.99' }

export const START_NODES = 2

/** A fresh cluster, ready, with every client connected. */
export const startState = (dialect: Dialect): ClusterState => ({
  dialect,
  phase: 'rest',
  version: VERSIONS[dialect][0]!,
  versionBefore: VERSIONS[dialect][0]!,
  nodes: START_NODES,
  updates: 0,
  isChanged: false,
  isOperatorAway: false,
  isDisturbed: false,
  pauses: 0,
  idleNodes: 0,
  occupied: START_NODES,
  isLittered: false,
})
