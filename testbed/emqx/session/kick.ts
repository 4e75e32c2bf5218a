import { REASON } from '../mqtt/codes.ts'
import type { Channel } from './channel.ts'
import { fireWill, forget } from './lifecycle.ts'

/** An administrator ends a client and its session; MQTT 5 hears 0x98. */
export function kick(channel: Channel): void {
  const { connection, node } = channel
  node.counters.sessionTerminated++
  node.endings.count('kicked', channel.listener)
  if (connection !== undefined) {
    node.counters.clientDisconnected++
    channel.connection = undefined
    connection.dismiss(REASON.administrative)
  }
  if (node.version.willOutlivesTakeover) fireWill(channel)
  forget(channel)
}
