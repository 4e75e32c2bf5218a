import type { ListenerKind } from '../listeners/wire.ts'
import type { NodeCore } from '../node-core.ts'

/** A port that an emulated node opens. */
export interface Listener {
  port: number
  serves: ListenerKind | 'http'
}

/**
 * Processes under one MQTT listener of a node: also sessions whose client is away, but none that was parked here
 * (docs/contract/emqx.md#listeners).
 */
export function processesOf(node: NodeCore, kind: ListenerKind): number {
  let count = 0
  for (const { listener } of node.connections) if (listener === kind) count++
  for (const { connection, listener, parked, dead } of node.channels.values())
    if (connection === undefined && listener === kind && !parked && !dead) count++
  return count
}
