/**
 * Sockets and codec of the lean engine, and nothing else: no policy, no event, no counter, no timer, no ledger, no thread.
 *
 * usage: bare-client.ts connect PORT CLIENTS
 *        bare-client.ts publish PORT CLIENTS MESSAGES PAYLOAD_BYTES IN_FLIGHT
 */

import { writeConnect } from '#weir/bench/codec/connect.ts'
import { readPackets } from '#weir/bench/codec/packet-stream.ts'
import { PUBACK } from '#weir/bench/codec/packet-type.ts'
import type { Connection, ConnectionOwner } from '#weir/bench/transport/connection.ts'
import { dialTcp } from '#weir/bench/transport/tcp.ts'

const CONNECTS_IN_FLIGHT = 64

interface Bare {
  index: number
  connection: Connection<Bare> | null
  online: boolean
  packetId: number
  unacked: number
}

const [task, ...numbers] = process.argv.slice(2)
const [port, clients, messages = 0, payloadBytes = 0, inFlight = 1] = numbers.map(Number)
let opened = 0
let sent = 0
let acknowledged = 0

const owner: ConnectionOwner<Bare> = {
  onConnect({ connection, index }) {
    connection!.write(
      writeConnect({
        protocol: '5',
        clientId: `bare_${index}`,
        clean: true,
        keepAliveSeconds: 60,
      }),
    )
  },
  onBytes(client, bytes, length) {
    readPackets(null, bytes, length, client, onPacket)
    if (task === 'publish') publish(client)
  },
  onFin: ended,
  onError: ended,
  onSocketGone: () => undefined,
}

function ended(): void {
  process.stderr.write('a connection ended\n')
  process.exit(1)
}

function onPacket(client: Bare, first: number): boolean {
  if (!client.online) {
    client.online = true
    openNext()
  } else if (first === PUBACK) {
    client.unacked--
    acknowledged++
    if (acknowledged === messages) process.exit(0)
  }
  return true
}

function openNext(): void {
  if (opened === clients) return
  const client: Bare = { index: opened++, connection: null, online: false, packetId: 0, unacked: 0 }
  client.connection = dialTcp(client, owner, { address: '127.0.0.1', host: '127.0.0.1', port: port! })
}

/** As many messages as fit into the window, in one write. */
function publish(client: Bare): void {
  const count = Math.min(inFlight - client.unacked, messages - sent)
  if (count <= 0) return
  const topic = `weir/${client.index}`
  const body = 2 + topic.length + 2 + 1 + payloadBytes
  const header = body < 128 ? 2 : 3
  const out = Buffer.allocUnsafe(count * (header + body))
  let at = 0
  for (let i = 0; i < count; i++) {
    out[at++] = 0x32
    if (body < 128) out[at++] = body
    else {
      out[at++] = (body & 0x7f) | 0x80
      out[at++] = body >> 7
    }
    at = out.writeUInt16BE(topic.length, at)
    at += out.write(topic, at, 'latin1')
    client.packetId = (client.packetId % 65_535) + 1
    at = out.writeUInt16BE(client.packetId, at)
    out[at++] = 0
    out.fill(0x78, at, at + payloadBytes)
    at += payloadBytes
  }
  client.unacked += count
  sent += count
  client.connection!.write(out)
}

for (let i = 0; i < CONNECTS_IN_FLIGHT; i++) openNext()
