import type { Rebalance } from '#weir/facts/index.ts'
import type { ImportOptions } from '../options.ts'
import type { NodeDrain } from './drained-nodes.ts'
import type { Recording } from './recording.ts'

/** EMQX's defaults of POST …/load_rebalance/{node}/start (docs/contract/emqx.md#rebalance). */
const DEFAULTS = { absConnThreshold: 1000, relConnThreshold: 1.1 }

/**
 * Who took part in a rebalance, in EMQX's words, and what it calls balanced; undefined when the recording is none. EMQX's answers do not
 * name the thresholds, so without the user's word (`isTold`) they are unknown.
 */
export function rebalanceOf(
  recording: Recording,
  drains: readonly NodeDrain[],
  { absConnThreshold, relConnThreshold }: ImportOptions,
  nameOf: (node: string) => string,
): { rebalance: Rebalance; isTold: boolean } | undefined {
  const donors = drains.filter(({ process }) => process === 'rebalance').map(({ node }) => nameOf(node))
  if (donors.length === 0) return undefined
  const recipients = new Set(recording.nodes.flatMap(({ body }) => body?.recipients ?? []))
  return {
    rebalance: {
      donors,
      recipients: [...recipients].filter((node) => !donors.includes(node)),
      absConnThreshold: absConnThreshold ?? DEFAULTS.absConnThreshold,
      relConnThreshold: relConnThreshold ?? DEFAULTS.relConnThreshold,
    },
    isTold: absConnThreshold !== undefined || relConnThreshold !== undefined,
  }
}

/** When the last donor answered that it is as any other node; undefined when the recording ends before. */
export function rebalancedMs(recording: Recording, drains: readonly NodeDrain[]): number | undefined {
  const times = drains.map(({ node, toMs }) => {
    return recording.nodes.find((row) => row.node === node && row.tMs > toMs && row.state === '')?.tMs
  })
  return times.some((tMs) => tMs === undefined) ? undefined : Math.max(...times.map((tMs) => tMs ?? 0))
}
