import { createRequire } from 'node:module'
import type { Packet, Parser } from 'mqtt-packet'
import type { ProtocolVersion } from '../types.ts'
import { MalformedPacket } from './malformed.ts'

type MqttPacket = typeof import('mqtt-packet')

let loaded: MqttPacket | undefined

/** Loaded when the first rare packet comes: an idle fleet never needs it, nor its memory. */
function mqttPacket(): MqttPacket {
  loaded ??= createRequire(import.meta.url)('mqtt-packet') as MqttPacket
  return loaded
}

/** Reads one whole packet of a kind that is too rare for code of its own. Throws MalformedPacket. */
export function readRare(first: number, body: Buffer, protocol: ProtocolVersion): Packet {
  const parser: Parser = mqttPacket().parser({ protocolVersion: protocol === '5' ? 5 : 4 })
  let packet: Packet | undefined
  let failure: Error | undefined
  parser.on('packet', (parsed) => (packet = parsed))
  parser.on('error', (error: Error) => (failure = error))
  parser.parse(Buffer.concat([Buffer.from([first, ...variableInteger(body.length)]), body]))
  if (failure || !packet)
    throw new MalformedPacket('a packet that mqtt-packet cannot read', { cause: failure })
  return packet
}

function variableInteger(value: number): number[] {
  const digit = value % 128
  const rest = Math.floor(value / 128)
  return rest === 0 ? [digit] : [digit | 0x80, ...variableInteger(rest)]
}
