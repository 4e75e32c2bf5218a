/** A client of one transport on a port of another is told what the port speaks, in one line. */
import { once } from 'node:events'
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createWebSocketStream, WebSocketServer } from 'ws'
import { adviceFor } from '#weir/bench/command/wrong-transport.ts'
import { whatSpeaks } from '#weir/bench/trial/speaks.ts'
import type { TransportProtocol } from '#weir/bench/types.ts'
import { weir } from '../../cli/weir.ts'
import { Authority } from '../brokers/certificates.ts'
import { FakeBroker } from '../support/fake-broker.ts'

const PROTOCOLS = ['mqtt', 'mqtts', 'ws', 'wss'] as const
const authority = await Authority.create()
const identity = await authority.issue('broker')
const broker = await FakeBroker.listen()
const servers: Server[] = []
const sockets = new Set<Socket>()
const webServers: HttpServer[] = []

async function listening(server: Server): Promise<number> {
  servers.push(server)
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function carry(stream: Duplex): void {
  stream.on('error', () => undefined)
  const onwards = connect(broker.port, '127.0.0.1')
  onwards.on('error', () => stream.destroy())
  onwards.pipe(stream).pipe(onwards)
}

function web(): HttpServer {
  const http = createHttpServer((_, answer) => answer.writeHead(404).end())
  new WebSocketServer({ server: http, path: '/mqtt' }).on('connection', (socket) =>
    carry(createWebSocketStream(socket)),
  )
  webServers.push(http)
  return http
}

const quiet = (server: Server): Server => server.on('tlsClientError', () => undefined)
const ports: Record<TransportProtocol, number> = {
  mqtt: broker.port,
  ws: await listening(createServer((socket) => void web().emit('connection', socket))),
  mqtts: await listening(quiet(createTlsServer({ ...identity }, carry))),
  wss: await listening(
    quiet(createTlsServer({ ...identity }, (socket) => void web().emit('connection', socket))),
  ),
}

test.after(async () => {
  for (const socket of sockets) socket.destroy()
  for (const server of servers) server.close()
  for (const server of webServers) server.close()
  await broker.close()
})

for (const [protocol, port] of Object.entries(ports))
  test(`a port that speaks ${protocol}`, async () => {
    assert.is(await whatSpeaks({ host: '127.0.0.1', port }), protocol)
  })

test('TLS that wants a certificate, a silent port, and one that nobody listens on', async () => {
  const mutual = await listening(
    quiet(createTlsServer({ ...identity, ca: authority.ca, requestCert: true, rejectUnauthorized: true })),
  )
  assert.is(await whatSpeaks({ host: '127.0.0.1', port: mutual }), 'tls')
  const silent = await listening(createServer())
  assert.is(await whatSpeaks({ host: '127.0.0.1', port: silent }, 100), undefined)
  const gone = createServer()
  const port = await listening(gone)
  gone.close()
  assert.is(await whatSpeaks({ host: '127.0.0.1', port }), undefined)
})

test('a port behind a proxy', async () => {
  const port = await listening(
    createServer((socket) =>
      socket.once('data', (bytes) => {
        if (bytes.toString('latin1', 0, 6) === 'PROXY ') socket.write(Buffer.from([0x20, 2, 0, 0]))
        else socket.destroy()
      }),
    ),
  )
  assert.is(await whatSpeaks({ host: '127.0.0.1', port }), 'proxied')
})

const wordsFor = (used: TransportProtocol, spoken: TransportProtocol): RegExp => {
  const secure = (name: string) => name === 'mqtts' || name === 'wss'
  if (secure(spoken) && !secure(used))
    return new RegExp(`speaks TLS, and -l ${used} is not encrypted: use -l ${spoken} `)
  if (!secure(spoken) && secure(used))
    return new RegExp(`does not speak TLS, and -l ${used} is encrypted: use -l ${spoken} `)
  return spoken.startsWith('ws')
    ? new RegExp(`speaks HTTP \\(WebSocket\\), not plain MQTT: use -l ${spoken} `)
    : new RegExp(`speaks plain MQTT, not HTTP \\(WebSocket\\): use -l ${spoken} `)
}

for (const engine of ['lean', 'mqttjs'])
  for (const used of PROTOCOLS)
    for (const spoken of PROTOCOLS) {
      if (used === spoken) continue
      test(`${engine}: -l ${used} on a port of ${spoken}`, async () => {
        const on = ['-h', '127.0.0.1', '-p', String(ports[spoken]), '-l', used, '--engine', engine]
        const insecure = used === 'mqtts' || used === 'wss' ? ['--insecure'] : []
        const once = ['-c', '1', '-rp', '0', '--connect-timeout', '0.5']
        const ran = await weir(['bench', 'conn', ...on, ...insecure, ...once])
        assert.is(ran.code, 4)
        assert.match(ran.stderr, wordsFor(used, spoken))
        assert.is(ran.stderr.trim().split('\n').length, 1)
      })
    }

test('nothing is said of a port that fits, or of a broker that lets clients in', async () => {
  const target = { host: 'b', port: 1 }
  for (const protocol of PROTOCOLS) assert.is(adviceFor(protocol, false, protocol, target), undefined)
  assert.is(adviceFor('wss', false, 'tls', target), undefined)
  assert.match(adviceFor('ws', false, 'tls', target)!, 'use -l wss')
  assert.match(adviceFor('mqtt', false, 'proxied', target)!, 'use --proxy-protocol')
  assert.match(adviceFor('mqtt', true, 'mqtt', target)!, 'leave out --proxy-protocol')
})

test.run()
