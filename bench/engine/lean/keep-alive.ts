import { PINGREQ_BYTES } from '../../codec/packet-type.ts'
import type { ShardOutlets } from '../engine.ts'
import type { Deadlines } from '../lifecycle/deadlines.ts'
import type { Client } from './client.ts'

/** A ping leaves a little before the interval is over: MQTT wants a packet within it (3.1.1 §3.1.2.10, 5 §3.1.2.10). */
const PING_AFTER = 0.9
/** Together with the silence before the ping this makes 1.4 intervals; a server allows a client 1.5. */
const PONG_WITHIN = 0.5

export function nextPingMs(lastPacketMs: number, keepAliveMs: number): number {
  return lastPacketMs + PING_AFTER * keepAliveMs
}

export function pongDeadlineMs(pingedMs: number, keepAliveMs: number): number {
  return pingedMs + PONG_WITHIN * keepAliveMs
}

/** The deadline of a client that is online is its next ping, or the end of its patience for the answer. */
export class KeepAlive {
  readonly #seconds: number
  readonly #deadlines: Deadlines<Client>
  readonly #roundTrips: ShardOutlets['ping']

  constructor(seconds: number, deadlines: Deadlines<Client>, roundTrips?: ShardOutlets['ping']) {
    this.#seconds = seconds
    this.#deadlines = deadlines
    this.#roundTrips = roundTrips
  }

  /** MQTT 5 §3.2.2.3.14: the server's keep-alive, when it names one, replaces the client's. */
  begin(client: Client, nowMs: number, serverSeconds: number | undefined): void {
    const seconds = serverSeconds ?? this.#seconds
    client.pingedMs = 0
    client.keepAliveMs = seconds * 1000
    if (seconds === 0) this.#deadlines.cancel(client)
    else this.#deadlines.set(client, nextPingMs(nowMs, client.keepAliveMs))
  }

  ping(client: Client, nowMs: number): void {
    client.pingedMs = nowMs
    client.socket!.write(PINGREQ_BYTES)
    this.#deadlines.set(client, pongDeadlineMs(nowMs, client.keepAliveMs))
  }

  onPingresp(client: Client, nowMs: number): void {
    if (client.pingedMs === 0) return
    this.#roundTrips?.record(Math.max(1, Math.round((nowMs - client.pingedMs) * 1000)))
    this.#deadlines.set(client, nextPingMs(client.pingedMs, client.keepAliveMs))
    client.pingedMs = 0
  }
}
