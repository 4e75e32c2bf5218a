import type { Packet } from 'mqtt'
import type { ProtocolBreach } from '#weir/facts/index.ts'
import { FIRST_FAILURE, MALFORMED_PACKET, PROTOCOL_ERROR } from '../../codec/reason-code.ts'
import type { ClientState } from '../lifecycle/fleet-client.ts'

type Answer = 'puback' | 'pubrec' | 'pubcomp' | 'suback'

/** A packet out of place. `code`: what the connection ends with (MQTT 5 §4.13); it goes on where only a packet identifier is unknown. */
export interface Breach {
  breach: ProtocolBreach
  code?: number
}

/**
 * What a broker may send to one client now: the package ignores most packets out of place, and takes a PUBACK for the end of a QoS 2
 * message. The same rules as the lean engine's.
 */
export class BreachWatch {
  /** By packet identifier, of this connection. */
  readonly #awaited = new Map<number, Answer>()
  /** PUBRELs beyond one for each message; without bound in a resumed session (see Client.surplusReleases of the lean engine). */
  #surplusReleases = 0

  sent(packet: Packet): void {
    if (packet.cmd === 'publish' && packet.qos > 0)
      this.#awaited.set(packet.messageId!, packet.qos === 1 ? 'puback' : 'pubrec')
    else if (packet.cmd === 'subscribe') this.#awaited.set(packet.messageId!, 'suback')
    else if (packet.cmd === 'pubrel') {
      if (this.#awaited.get(packet.messageId!) === 'pubcomp') this.#surplusReleases++
      else this.#awaited.set(packet.messageId!, 'pubcomp')
    }
  }

  received(packet: Packet, state: ClientState, isMqtt5: boolean): Breach | undefined {
    const { cmd } = packet
    if (cmd === 'connack') {
      if (state === 'online') return fatal('second-connack')
      this.#awaited.clear()
      this.#surplusReleases = packet.sessionPresent ? Number.POSITIVE_INFINITY : 0
      return undefined
    }
    if (cmd === 'auth') return fatal('auth-not-requested')
    if (state === 'accepting') return fatal('no-connack-first')
    if (state !== 'online') return undefined
    if (cmd === 'puback' || cmd === 'pubrec' || cmd === 'pubcomp')
      return this.#acknowledged(cmd, packet.messageId!, packet.reasonCode ?? 0)
    if (cmd === 'suback')
      return this.#ends(packet.messageId!, 'suback') ? undefined : fatal('suback-out-of-place')
    if (cmd === 'unsuback') return { breach: 'unsuback-out-of-place' }
    if (cmd === 'disconnect') return isMqtt5 ? undefined : fatal('disconnect-in-3.1.1', MALFORMED_PACKET)
    return OF_CLIENTS.includes(cmd) ? fatal('packet-of-a-client', MALFORMED_PACKET) : undefined
  }

  #acknowledged(cmd: Answer, id: number, reason: number): Breach | undefined {
    const due = this.#awaited.get(id)
    // A PUBREC that is no refusal leaves its message in flight, and may come again.
    if (cmd === 'pubrec' && (due === 'pubrec' || due === 'pubcomp')) {
      if (reason >= FIRST_FAILURE) this.#awaited.delete(id)
      return undefined
    }
    if (this.#ends(id, cmd)) return undefined
    if (cmd === 'pubcomp' && this.#surplusReleases > 0) {
      this.#surplusReleases--
      return undefined
    }
    if (due === 'puback') return fatal(cmd === 'pubrec' ? 'pubrec-for-qos-1' : 'pubcomp-for-qos-1')
    if (due === 'pubrec' || due === 'pubcomp')
      return fatal(cmd === 'puback' ? 'puback-for-qos-2' : 'pubcomp-before-pubrel')
    return this.#surplusReleases === Number.POSITIVE_INFINITY ? undefined : { breach: 'unknown-packet-id' }
  }

  #ends(id: number, answer: Answer): boolean {
    return this.#awaited.get(id) === answer && this.#awaited.delete(id)
  }
}

const OF_CLIENTS: readonly string[] = ['connect', 'subscribe', 'unsubscribe', 'pingreq']

const fatal = (breach: ProtocolBreach, code: number = PROTOCOL_ERROR): Breach => ({ breach, code })
