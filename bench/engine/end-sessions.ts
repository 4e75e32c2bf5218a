import { readConnack } from '../codec/connack.ts'
import { writeConnect } from '../codec/connect.ts'
import { DISCONNECT_BYTES } from '../codec/disconnect.ts'
import { type Partial, readPackets } from '../codec/packet-stream.ts'
import { CONNACK } from '../codec/packet-type.ts'
import { MalformedPacket } from '../codec/reason-code.ts'
import type { Connection, ConnectionOwner, Dial, Route } from '../transport/connection.ts'
import type { EndedSessions } from '../types.ts'
import type { ShardOutlets } from './engine.ts'
import { type FleetClient, userOf } from './lifecycle/fleet-client.ts'
import { OwnRoutes } from './lifecycle/own-route.ts'
import { sessionExpirySeconds } from './session-expiry.ts'
import type { ShardSpec } from './shard-spec.ts'

/** A server may refuse for a moment: it drains, or its rate of new connections is limited. */
const TRIES = 3
const RETRY_MS = 500
/** How long one try may take. */
const ANSWER_MS = 3000

/** How long ending so many sessions may take: a busy server accepts about a thousand connections a second. */
export const endSessionsLimitMs = (sessions: number): number => 10_000 + sessions

/** Clients of the spec whose sessions outlive a connection, and that may have one on a server. */
function holders({ endSessions }: ShardSpec, clients: readonly FleetClient[]): FleetClient[] {
  if (!endSessions) return []
  return clients.filter(({ group, id, attempts, left }) => {
    const isFive = group.protocol === '5'
    // An MQTT 5 client that was online ended its session with its DISCONNECT.
    if (attempts === 0 || id === '' || (isFive && left)) return false
    return isFive ? sessionExpirySeconds(group) > 0 : group.persistent
  })
}

/**
 * Ends the sessions that servers still hold of clients that are gone: each connects once more with a clean start and disconnects
 * (MQTT 3.1.1 §3.1.2.4, MQTT 5 §3.1.2.4). Call it when all connections are closed: a server takes over one that is still open, and
 * publishes its will. Resolves within `endSessionsLimitMs`, and at once without such clients.
 */
export async function endSessions(
  spec: ShardSpec,
  clients: readonly FleetClient[],
  dial: NonNullable<ShardOutlets['dial']>,
): Promise<EndedSessions> {
  const waiting = holders(spec, clients).map((client) => ({ client, tries: 0, dueMs: 0 }))
  const sessions = waiting.length
  const deadlineMs = performance.now() + endSessionsLimitMs(sessions)
  const routes = new OwnRoutes(spec)
  let ended = 0
  const work = async () => {
    for (let one = waiting.shift(); one && performance.now() < deadlineMs; one = waiting.shift()) {
      const waitMs = Math.min(one.dueMs, deadlineMs) - performance.now()
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
      const limitMs = Math.min(ANSWER_MS, Math.max(1, deadlineMs - performance.now()))
      if (await new CleanConnect(spec, routes, one.client).make(dial, limitMs)) ended++
      else if (++one.tries < TRIES) waiting.push({ ...one, dueMs: performance.now() + RETRY_MS })
    }
  }
  await Promise.all(Array.from({ length: Math.min(sessions, Math.max(1, spec.connectsInFlight)) }, work))
  return { ended, left: sessions - ended }
}

/** One connect with a clean start, and its disconnect. */
class CleanConnect implements ConnectionOwner<CleanConnect> {
  readonly #spec: ShardSpec
  readonly #routes: OwnRoutes
  readonly #client: FleetClient
  #connection: Connection<CleanConnect> | undefined
  #partial: Partial | null = null
  #accepted = false
  readonly #over = Promise.withResolvers<void>()

  constructor(spec: ShardSpec, routes: OwnRoutes, client: FleetClient) {
    this.#spec = spec
    this.#routes = routes
    this.#client = client
  }

  /** True when the server accepted it: the session is gone. */
  async make(dial: Dial<CleanConnect>, limitMs: number): Promise<boolean> {
    const limit = setTimeout(() => {
      this.#connection?.destroy()
      this.#over.resolve()
    }, limitMs)
    this.#connection = dial(this, this, this.#route())
    await this.#over.promise
    clearTimeout(limit)
    return this.#accepted
  }

  #route(): Route {
    const { targets } = this.#spec
    return this.#routes.of(this.#client, targets[this.#client.home] ?? targets[0]!)
  }

  onConnect(): void {
    const { keepAliveSeconds } = this.#spec
    const { group, id } = this.#client
    const options = { protocol: group.protocol, clientId: id, clean: true, keepAliveSeconds }
    this.#connection?.write(writeConnect({ ...options, ...userOf(this.#client, this.#spec) }))
  }

  onBytes(_self: CleanConnect, bytes: Buffer, length: number): void {
    const { protocol } = this.#client.group
    let isComplete = false
    try {
      this.#partial = readPackets(this.#partial, bytes, length, this, (_, first, body, start, end) => {
        isComplete = true
        this.#accepted = first === CONNACK && readConnack(body, start, end, protocol).code === 0
        return false
      })
    } catch (error) {
      if (!(error instanceof MalformedPacket)) throw error
      this.#connection?.destroy()
      return
    }
    if (!isComplete) return
    if (this.#accepted) this.#connection?.end(DISCONNECT_BYTES)
    else this.#connection?.destroy()
  }

  onFin(): void {
    this.#connection?.destroy()
  }

  onError(): void {
    this.#connection?.destroy()
  }

  onSocketGone(): void {
    this.#over.resolve()
  }
}
