import type { NodeCore } from '../node-core.ts'

/** A port that an emulated node opens. `serves` is "nothing" where EMQX would speak TLS or WebSocket: what comes there is closed. */
export interface Listener {
  port: number
  serves: 'mqtt' | 'http' | 'nothing'
}

/** Processes under a node's MQTT listener: also sessions whose client is away, but none that was parked here (contract/emqx.md §3). */
export function processesOf(node: NodeCore): number {
  let count = node.connections.size
  for (const { connection, parked, dead } of node.channels.values())
    if (connection === undefined && !parked && !dead) count++
  return count
}
