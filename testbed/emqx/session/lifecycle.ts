import { type Channel, type SessionNode, willDelaySeconds } from './channel.ts'
import type { Ending } from './ending.ts'
import { makeMessage } from './message.ts'
import { publish } from './publish.ts'
import { unsubscribeAll } from './subscriptions.ts'

/**
 * The connection of a channel is over. With an expiry the session stays here detached; without one it ends now
 * (docs/contract/emqx.md#what-clients-see). `willFires` is false after a proper DISCONNECT.
 */
export function connectionEnded(channel: Channel, willFires: boolean, ending: Ending): void {
  const { node } = channel
  node.counters.clientDisconnected++
  node.live.delete(channel.clientId)
  channel.connection = undefined
  channel.disconnectedAtMs = node.clock.now()
  if (!willFires || node.hooks.dropsWill(channel, ending)) channel.will = undefined
  if (channel.expirySeconds === 0) {
    node.endings.count(ending, channel.listener)
    fireWill(channel)
    endSession(channel)
    return
  }
  channel.expiresAtMs = node.clock.now() + channel.expirySeconds * 1000
  const delaySeconds = willDelaySeconds(channel)
  if (channel.will === undefined || delaySeconds === 0) {
    fireWill(channel)
    return
  }
  channel.cancelWill = node.clock.after(delaySeconds * 1000, () => fireWill(channel))
}

/** Publishes the will unless it was published or dropped before. A session that ends fires it whatever its delay. */
export function fireWill(channel: Channel): void {
  const { will, node } = channel
  dropWill(channel)
  if (will === undefined) return
  publish(node, makeMessage(channel.clientId, will, node.clock.now()))
}

export function dropWill(channel: Channel): void {
  channel.cancelWill?.()
  channel.cancelWill = undefined
  channel.will = undefined
}

/** Ends the session; its row leaves the table a moment later. */
function endSession(channel: Channel): void {
  const { node } = channel
  node.counters.sessionTerminated++
  forget(channel)
}

export function expireSession(channel: Channel): void {
  if (!channel.parked) channel.node.endings.count('expired', channel.listener)
  fireWill(channel)
  endSession(channel)
}

/** Takes session and row away without counting an end. */
export function forget(channel: Channel): void {
  const { node } = channel
  dropWill(channel)
  unsubscribeAll(node, channel.session)
  retire(channel)
}

/** The channel's row leaves the table; the session may go on elsewhere. */
export function retire(channel: Channel): void {
  const { node } = channel
  channel.dead = true
  node.live.delete(channel.clientId)
  if (node.group.registry.get(channel.clientId) === channel) node.group.registry.delete(channel.clientId)
  node.removeRowSoon(channel)
}

/** Puts a channel into the tables of its node and of the cluster. */
export function register(node: SessionNode, channel: Channel): void {
  channel.session.channel = channel
  node.channels.set(channel.clientId, channel)
  if (channel.connection !== undefined) node.live.set(channel.clientId, channel)
  node.group.registry.set(channel.clientId, channel)
}
