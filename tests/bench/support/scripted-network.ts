import type { Connection, ConnectionOwner } from '#weir/bench/transport/connection.ts'
import type { VirtualTime } from './virtual-time.ts'

/** MQTT 5: accepted; not authorized (0x87); DISCONNECT, server shutting down (0x8b). */
const CONNACK = Buffer.from([0x20, 3, 0, 0, 0])
const REFUSAL = Buffer.from([0x20, 3, 0, 0x87, 0])
const DISCONNECT = Buffer.from([0xe0, 1, 0x8b])

/**
 * A network and a broker in memory, in virtual time: what becomes of an attempt is told in words: "unreachable", "no TCP",
 * "refused", "no CONNACK", "closed after 60", "reset after 0", "DISCONNECT after 5" (seconds since the CONNACK).
 */
export class ScriptedNetwork {
  readonly #time: VirtualTime
  readonly #outcome: (client: unknown) => string

  /** `outcome` is asked once for each attempt. */
  constructor(time: VirtualTime, outcome: (client: unknown) => string) {
    this.#time = time
    this.#outcome = outcome
  }

  readonly dial = <C>(client: C, owner: ConnectionOwner<C>): Connection<C> => {
    const outcome = this.#outcome(client)
    const say = (waitMs: number, tell: (client: C) => void) =>
      this.#time.set(() => {
        if (connection.client !== null) tell(connection.client)
      }, waitMs)
    const gone = () => owner.onSocketGone()
    const connection: Connection<C> = {
      client,
      writableLength: 0,
      write: (bytes) => {
        if (bytes[0] === 0x10) answer(outcome, owner, say)
      },
      end: () => setImmediate(gone),
      destroy: () => setImmediate(gone),
    }
    if (outcome === 'unreachable')
      say(0, (c) => owner.onError(c, Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })))
    else if (outcome !== 'no TCP') say(0, (c) => owner.onConnect(c))
    return connection
  }
}

function answer<C>(
  outcome: string,
  owner: ConnectionOwner<C>,
  say: (waitMs: number, tell: (client: C) => void) => void,
): void {
  if (outcome === 'no CONNACK') return
  if (outcome === 'refused') {
    say(0, (client) => owner.onBytes(client, REFUSAL, REFUSAL.length))
    return
  }
  const [, how, seconds] = /^(closed|reset|DISCONNECT) after ([\d.]+)$/.exec(outcome)!
  say(0, (client) => owner.onBytes(client, CONNACK, CONNACK.length))
  say(Number(seconds) * 1000, (client) => {
    if (how === 'closed') owner.onFin(client)
    else if (how === 'reset') owner.onError(client, Object.assign(new Error('reset'), { code: 'ECONNRESET' }))
    else owner.onBytes(client, DISCONNECT, DISCONNECT.length)
  })
}
