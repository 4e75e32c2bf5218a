/** WebSockets against the `ws` package as the server, and against servers that misbehave at each stage. */
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Connection, Route } from '#weir/bench/transport/connection.ts'
import { dialFor } from '#weir/bench/transport/dial.ts'
import type { WebSocketSpec } from '#weir/bench/types.ts'
import { until } from '../../support/until.ts'
import { Diary } from '../diary.ts'

function dial(diary: Diary, route: Route, webSocket: WebSocketSpec = {}): Connection<string> {
  diary.connection = dialFor<string>({ protocol: 'ws', webSocket })('c', diary, route)
  return diary.connection
}

interface Peer {
  server: WebSocketServer
  route: Route
  visits: WebSocket[]
  paths: string[]
  close(): Promise<void>
}

async function listen(): Promise<Peer> {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false),
  })
  await once(server, 'listening')
  const visits: WebSocket[] = []
  const paths: string[] = []
  server.on('connection', (visit, { url, headers }) => {
    visits.push(visit)
    paths.push(`${url} ${headers['x-tenant'] ?? ''}`)
  })
  const { port } = server.address() as { port: number }
  return {
    server,
    visits,
    paths,
    route: { address: '127.0.0.1', host: '127.0.0.1', port },
    async close() {
      for (const visit of visits) visit.terminate()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A server that a test writes by hand. */
async function listenRaw(onSocket: (socket: Socket) => void): Promise<{ server: Server; route: Route }> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined)
    onSocket(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return { server, route: { address: '127.0.0.1', host: '127.0.0.1', port } }
}

test('opens with path and headers, speaks both ways, and says goodbye: last message, close, end', async () => {
  const peer = await listen()
  const diary = new Diary()
  const spec: WebSocketSpec = { path: '/tenant/mqtt?x=1', headers: { 'X-Tenant': 'a' } }
  const connection = dial(diary, peer.route, spec)
  await until('it is open', () => diary.told.length > 0 && peer.visits.length > 0)
  assert.equal(diary.told, ['c connected'])
  assert.equal(peer.paths, ['/tenant/mqtt?x=1 a'])
  const [visit] = peer.visits
  const heard: { data: Buffer; isBinary: boolean }[] = []
  visit!.on('message', (data, isBinary) => heard.push({ data: data as Buffer, isBinary }))
  const closed = once(visit!, 'close')
  visit!.send(Buffer.from('welcome'))
  await until('the greeting came', () => diary.text === 'welcome')
  connection.write(Buffer.from('hello'))
  connection.client = null
  connection.end(Buffer.from('goodbye'))
  const [code] = await closed
  assert.is(code, 1000)
  assert.equal(
    heard.map(({ data, isBinary }) => [data.toString(), isBinary]),
    [
      ['hello', true],
      ['goodbye', true],
    ],
  )
  await until('the socket is gone', () => diary.gone === 1)
  assert.equal(diary.told, ['c connected'], 'nothing reaches a client that has moved on')
  await peer.close()
})

test('any messages in any fragments with pings between: the same bytes both ways', async () => {
  const peer = await listen()
  const parts = fc.array(fc.tuple(fc.uint8Array({ maxLength: 70_000 }), fc.boolean(), fc.boolean()), {
    maxLength: 8,
  })
  await fc.assert(
    fc.asyncProperty(parts, async (fragments) => {
      const diary = new Diary()
      const visits = peer.visits.length
      const connection = dial(diary, peer.route)
      await until('it is open', () => diary.told.length > 0 && peer.visits.length > visits)
      const visit = peer.visits.at(-1)!
      let pongs = 0
      visit.on('pong', () => pongs++)
      const echoed: Buffer[] = []
      visit.on('message', (data) => echoed.push(data as Buffer))
      let pings = 0
      for (const [bytes, fin, ping] of [...fragments, [new Uint8Array(), true, true] as const]) {
        visit.send(bytes, { fin, binary: true })
        if (ping) visit.ping(`ping ${++pings}`)
      }
      const whole = Buffer.concat(fragments.map(([bytes]) => bytes))
      await until('all came', () => diary.bytes.reduce((sum, { length }) => sum + length, 0) === whole.length)
      assert.ok(Buffer.concat(diary.bytes).equals(whole))
      for (const [bytes] of fragments) connection.write(Buffer.from(bytes))
      await until('every ping was answered', () => pongs === pings)
      await until('all was heard', () => echoed.length === fragments.length)
      assert.ok(Buffer.concat(echoed).equals(whole))
      connection.destroy()
      await until('it is gone', () => diary.gone === 1)
    }),
    { numRuns: 30 },
  )
  await peer.close()
})

test('the server closes: the close is answered, and the owner hears an end', async () => {
  const peer = await listen()
  const diary = new Diary()
  dial(diary, peer.route)
  await until('it is open', () => diary.told.length > 0 && peer.visits.length > 0)
  const [visit] = peer.visits
  const closed = once(visit!, 'close')
  visit!.close(1001, 'shutting down')
  await until('the end was told', () => diary.told.includes('c fin'))
  const [code] = await closed
  assert.is(code, 1001)
  await until('it is gone', () => diary.gone === 1)
  assert.equal(diary.told, ['c connected', 'c fin'])
  await peer.close()
})

test('the server sends text: broken', async () => {
  const peer = await listen()
  const diary = new Diary()
  dial(diary, peer.route)
  await until('it is open', () => peer.visits.length > 0)
  peer.visits[0]!.send('text')
  await until('it was told', () => diary.errors.length > 0)
  assert.equal(diary.told, ['c connected', 'c ERR_WS_PROTOCOL'])
  await until('it is gone', () => diary.gone === 1)
  await peer.close()
})

test('from a source address', async () => {
  const peer = await listen()
  const from: (string | undefined)[] = []
  peer.server.on('connection', (_, { socket }) => from.push(socket.remoteAddress))
  const diary = new Diary()
  dial(diary, { ...peer.route, localAddress: '127.0.0.8' })
  await until('it is open', () => diary.told.length > 0 && from.length > 0)
  assert.equal(diary.told, ['c connected'])
  assert.equal(from, ['127.0.0.8'])
  await peer.close()
})

/** What a server does instead of opening a WebSocket, and what the owner hears. */
const STAGES: [what: string, heard: string, act: (socket: Socket) => void][] = [
  ['closes at once', 'c fin', (socket) => socket.end()],
  ['resets at once', 'c ECONNRESET', (socket) => socket.resetAndDestroy()],
  [
    'closes after the request',
    'c fin',
    (socket) => socket.once('data', () => socket.end('HTTP/1.1 101 Switching Protocols\r\n')),
  ],
  [
    'resets after the request',
    'c ECONNRESET',
    (socket) => socket.once('data', () => socket.resetAndDestroy()),
  ],
  [
    'refuses',
    'c ERR_WS_REFUSED',
    (socket) => socket.once('data', () => socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n')),
  ],
]

for (const [what, heard, act] of STAGES)
  test(`a server that ${what}: ${heard}, told once`, async () => {
    const { server, route } = await listenRaw(act)
    const diary = new Diary()
    dial(diary, route)
    await until('it is gone', () => diary.gone === 1)
    assert.equal(diary.told, [heard])
    server.close()
  })

test.run()
