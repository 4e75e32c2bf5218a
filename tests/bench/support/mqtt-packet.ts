import { generate, type Packet, parser } from 'mqtt-packet'
import * as assert from 'uvu/assert'
import { readPackets } from '#weir/bench/codec/packet-stream.ts'
import type { ServerPacket, Version } from './arbitrary-packets.ts'

/** mqtt-packet is the other party of every codec test: it reads what we write, and writes what we read. */

export const protocolOf = (version: Version): '3.1.1' | '5' => (version === 5 ? '5' : '3.1.1')
export const versionOf = (protocol: '3.1.1' | '5'): Version => (protocol === '5' ? 5 : 4)

/** The packets that mqtt-packet reads out of these bytes. */
export function parsed(bytes: Buffer, version: Version): Packet[] {
  const packets: Packet[] = []
  const reader = parser({ protocolVersion: version })
  reader.on('packet', (packet) => packets.push(packet))
  reader.on('error', (error) => {
    throw error
  })
  assert.is(reader.parse(bytes), 0, 'no byte is left over')
  return packets
}

/** The one packet in these bytes, of the kind that is expected. */
export function parsedOne<Cmd extends Packet['cmd']>(
  cmd: Cmd,
  bytes: Buffer,
  version: Version,
): Packet & { cmd: Cmd } {
  const packets = parsed(bytes, version)
  assert.is(packets.length, 1)
  assert.is(packets[0]!.cmd, cmd)
  return packets[0] as Packet & { cmd: Cmd }
}

export interface Body {
  first: number
  bytes: Buffer
  start: number
  end: number
}

/** The body of what mqtt-packet writes, in a buffer with foreign bytes around it. */
export function bodyOf({ packet, version }: ServerPacket): Body {
  return bodyOfBytes(generate(packet, { protocolVersion: version }))
}

export function bodyOfBytes(packet: Buffer): Body {
  const bytes = Buffer.concat([Buffer.from([0xff, 0xff]), packet, Buffer.from([0xff])])
  const framed = bytes.subarray(2, bytes.length - 1)
  let found: Body | undefined
  readPackets(null, framed, framed.length, null, (_, first, __, start, end) => {
    found = { first, bytes, start: start + 2, end: end + 2 }
    return true
  })
  return found!
}
