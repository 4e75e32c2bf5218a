import { DISCONNECT } from './packet-type.ts'
import { IN_DISCONNECT, readProperties, readText } from './properties.ts'
import { SERVER_REFERENCE } from './property-id.ts'
import { MalformedPacket, SUCCESS } from './reason-code.ts'

/** Reason code 0, normal disconnection, is what an absent body means in MQTT 5, so one packet serves both versions. */
export const DISCONNECT_BYTES = Buffer.from([DISCONNECT, 0])

/**
 * Reason 0 and Session Expiry Interval 0: the server drops the session. Allowed only if CONNECT set an interval above 0
 * (MQTT 5 §3.14.2.2.2).
 */
export const DISCONNECT_FOR_GOOD_BYTES = Buffer.from([DISCONNECT, 7, 0, 5, 0x11, 0, 0, 0, 0])

/** Tells an MQTT 5 server why the connection ends; without properties (§3.14.2). */
export function writeDisconnect(reasonCode: number): Buffer {
  return Buffer.from([DISCONNECT, 1, reasonCode])
}

export interface Disconnect {
  /** 0 when the packet has no body (MQTT 5 §3.14.2.1). */
  code: number
  /** Where to go instead (§4.11); empty where there is none. */
  serverReference: string
}

/** A server's DISCONNECT: MQTT 5 only. Throws MalformedPacket. */
export function readDisconnect(bytes: Buffer, start: number, end: number): Disconnect {
  const packet = { code: end === start ? SUCCESS : bytes[start]!, serverReference: '' }
  if (end - start > 1 && readProperties(bytes, start + 1, end, IN_DISCONNECT, packet, take) !== end)
    throw new MalformedPacket('DISCONNECT with bytes behind its properties')
  return packet
}

function take(into: Disconnect, id: number, bytes: Buffer, at: number): void {
  if (id === SERVER_REFERENCE) into.serverReference = readText(bytes, at)
}
