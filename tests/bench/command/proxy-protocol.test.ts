/** Headers of a proxy before everything else, over every transport and with both engines. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createWebSocketStream, WebSocketServer } from 'ws'
import { weir } from '../../cli/weir.ts'
import { Authority } from '../brokers/certificates.ts'
import { closeLeft, listen } from './brokers-of-test.ts'

test.after.each(closeLeft)

const V1 = /^PROXY TCP4 (\S+) 127\.0\.0\.1 (\d+) (\d+)\r\n/
const V2_BYTES = 28

/** What a listener behind a proxy does: reads the header, and hands the connection on; it closes others at once. */
function behindProxy(version: string, headers: string[], pass: (socket: Socket) => void): Server {
  return createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('readable', () => {
      const bytes: Buffer = socket.read() ?? Buffer.alloc(0)
      const line = V1.exec(bytes.toString('latin1'))?.[0]
      const length =
        version === 'v1'
          ? (line?.length ?? 0)
          : bytes.subarray(0, 4).toString('hex') === '0d0a0d0a'
            ? V2_BYTES
            : 0
      if (length === 0) {
        socket.destroy()
        return
      }
      headers.push(version === 'v1' ? line! : bytes.subarray(0, length).toString('hex'))
      if (bytes.length > length) socket.unshift(bytes.subarray(length))
      pass(socket)
    })
  })
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const authority = await Authority.create()
const identity = await authority.issue('broker')
const folder = mkdtempSync(join(tmpdir(), 'weir-proxy-'))
const ca = join(folder, 'ca.pem')
writeFileSync(ca, authority.ca)
test.after(() => rmSync(folder, { recursive: true, force: true }))

for (const engine of ['lean', 'mqttjs'])
  for (const protocol of ['mqtt', 'mqtts', 'ws', 'wss'])
    for (const version of ['v1', 'v2'])
      test(`${engine} over ${protocol}: ${version}, and again when a client returns`, async () => {
        // Each client comes twice: the first time it is accepted, and then refused.
        const broker = await listen({
          onConnect(visit) {
            if (broker.visitsOf(visit.connect.clientId).length > 1) visit.refuse(0x87)
            else {
              visit.accept()
              visit.socket.end()
            }
          },
        })
        const carry = (stream: Duplex) => {
          stream.on('error', () => undefined)
          const onwards = connect(broker.port, '127.0.0.1')
          onwards.on('error', () => stream.destroy())
          onwards.pipe(stream).pipe(onwards)
        }
        const http = createHttpServer()
        new WebSocketServer({ server: http }).on('connection', (socket) =>
          carry(createWebSocketStream(socket)),
        )
        const plain = (socket: Socket) =>
          protocol.startsWith('ws') ? http.emit('connection', socket) : carry(socket)
        const tls = createTlsServer({ ...identity }, plain)
        const secure = protocol === 'mqtts' || protocol === 'wss'
        const headers: string[] = []
        const server = behindProxy(version, headers, (socket) =>
          secure ? tls.emit('connection', socket) : plain(socket),
        )
        const port = await listening(server)
        try {
          const on = ['-h', '127.0.0.1', '-p', String(port), '-l', protocol, ...(secure ? ['--ca', ca] : [])]
          const load = ['-c', '3', '-i', '1', '-rp', '20', '--engine', engine]
          const proxy = ['--proxy-protocol', version, '--proxy-sources', '192.0.2.0/29']
          const ran = await weir([
            'bench',
            'conn',
            ...on,
            ...load,
            ...proxy,
            '--maximum-reconnect-times',
            '1',
          ])
          assert.match(ran.stdout, '3: 3 connected at least once', ran.stderr)
          assert.is(headers.length, 6)
          const sources = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((address) =>
            version === 'v1'
              ? `PROXY TCP4 ${address} 127.0.0.1 1024 ${port}\r\n`
              : `0d0a0d0a000d0a515549540a2111000c${Buffer.from(address.split('.').map(Number)).toString('hex')}7f0000010400${port.toString(16).padStart(4, '0')}`,
          )
          assert.equal([...new Set(headers)].toSorted(), sources)
        } finally {
          server.close()
          http.close()
        }
      })

test('a listener that expects the header and gets none closes: the advice names the PROXY protocol', async () => {
  const server = behindProxy('v1', [], () => undefined)
  const port = await listening(server)
  try {
    const ran = await weir(['bench', 'conn', '-h', '127.0.0.1', '-p', String(port), '-c', '2', '-rp', '0'])
    assert.is(ran.code, 4)
    assert.match(ran.stderr, /it (closed|reset) the connection.*PROXY protocol \(--proxy-protocol\)/)
  } finally {
    server.close()
  }
})

for (const [flags, words] of [
  [['--proxy-protocol', 'v3'], '--proxy-protocol is v3 but must be v1 or v2'],
  [['--proxy-sources', '10.0.0.0/8'], '--proxy-sources requires --proxy-protocol'],
  [['--proxy-protocol', 'v1', '--proxy-sources', 'x/8'], 'proxy-sources'],
] as const)
  test(`${flags.join(' ')} is refused`, async () => {
    const ran = await weir(['bench', 'conn', ...flags])
    assert.is(ran.code, 2)
    assert.match(ran.stderr, words)
  })

test.run()
