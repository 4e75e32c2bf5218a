import { REASON } from '../mqtt/codes.ts'
import { type Channel, type ClientSession, type SessionNode, willDelaySeconds } from './channel.ts'
import type { Ending } from './ending.ts'
import { dropWill, fireWill, forget, register, retire } from './lifecycle.ts'
import { Session } from './session.ts'

/** Everything of a new channel but its session. */
export type Arrival = Omit<Channel, 'session' | 'dead' | 'parked' | 'node' | 'expiresAtMs' | 'cancelWill'>

/**
 * Opens the session of a client that has been admitted: a new one, or the one that some node of the cluster holds for
 * it, live or detached (docs/contract/emqx.md#takeover).
 */
export function openSession(
  node: SessionNode,
  arrival: Arrival,
): { channel: Channel; sessionPresent: boolean } {
  const held = node.group.registry.get(arrival.clientId)
  let session: ClientSession | undefined
  if (held !== undefined) {
    if (arrival.cleanStart) discard(held)
    else if (node.hooks.losesSession(held, node)) forget(held)
    else session = takeOver(held, held.node.hooks.keepsWill(held))
  }
  const sessionPresent = session !== undefined
  if (session === undefined) {
    session = new Session()
    node.counters.sessionCreated++
  } else node.counters.sessionResumed++
  const channel: Channel = {
    ...arrival,
    node,
    session,
    dead: false,
    parked: false,
    expiresAtMs: Number.POSITIVE_INFINITY,
    cancelWill: undefined,
  }
  register(node, channel)
  return { channel, sessionPresent }
}

/** 4.4 does not count the end of a connection that was taken over or discarded (`broker.client_disconnect_*` = off). */
function dismiss(held: Channel, ending: Ending): void {
  const { connection, node } = held
  // Only processes under a listener are counted, and a parked session has none.
  if (!held.parked) node.endings.count(ending, held.listener)
  if (connection !== undefined && node.version.countsEveryEnd) node.counters.clientDisconnected++
  held.connection = undefined
  connection?.dismiss(REASON.takenOver)
}

function discard(held: Channel): void {
  held.node.counters.sessionDiscarded++
  if (held.node.version.willOutlivesTakeover) fireWill(held)
  dismiss(held, 'discarded')
  forget(held)
}

/**
 * The session leaves its holder, with subscriptions, queue and messages in flight, and nothing can be published in between:
 * none is lost, none comes twice, and their order is kept. A delayed will is dropped, for its client is back. EMQX 4.4 may
 * deliver a message of these moments twice, and shared messages of a session that was parked may go to another member as
 * well (docs/contract/emqx.md#messages): not here.
 */
function takeOver(held: Channel, keepsWill = false): ClientSession {
  const { counters, hooks, version } = held.node
  counters.sessionTakeovered++
  if (version.willOutlivesTakeover && willDelaySeconds(held) === 0) fireWill(held)
  if (!keepsWill) dropWill(held)
  hooks.onTakeover(held.session)
  dismiss(held, 'takenover')
  retire(held)
  return held.session
}

/**
 * Session eviction: the recipient takes a detached session over and holds it without a connection. Its expiry starts
 * again in full; a pending delayed will is lost, as in 5.8. (What 4.4 does with it is not known.)
 */
export function park(held: Channel, recipient: SessionNode): void {
  const session = takeOver(held)
  recipient.counters.sessionResumed++
  register(recipient, {
    ...held,
    node: recipient,
    session,
    connection: undefined,
    dead: false,
    parked: true,
    disconnectedAtMs: held.disconnectedAtMs ?? recipient.clock.now(),
    expiresAtMs: recipient.clock.now() + held.expirySeconds * 1000,
    createdAtMs: held.createdAtMs,
  })
}

/** An administrator ends a client and its session; MQTT 5 receives 0x98. */
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
