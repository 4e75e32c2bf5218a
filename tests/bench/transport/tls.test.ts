/** TLS against Node's own server: who is trusted by whom, what is asked for, sessions resumed, and failures at each stage. */
import { once } from 'node:events'
import { createServer as createTcpServer, type Socket } from 'node:net'
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Connection, Dial, Route } from '#weir/bench/transport/connection.ts'
import { dialFor } from '#weir/bench/transport/dial.ts'
import type { TlsSpec } from '#weir/bench/types.ts'
import { Authority } from '../brokers/certificates.ts'
import { until } from '../support/until.ts'
import { Diary } from './diary.ts'

const authority = await Authority.create()
const stranger = await Authority.create('nobody knows this authority')
const server = await authority.issue('server')

interface Peer {
  server: Server
  sockets: TLSSocket[]
  route: Route
  close(): void
}

async function listen(options: TlsOptions = {}): Promise<Peer> {
  const sockets: TLSSocket[] = []
  const { cert, key } = server
  const peer = createServer({ cert, key, ...options }, (socket) => {
    socket.on('error', () => undefined)
    sockets.push(socket)
  })
  peer.listen(0, '127.0.0.1')
  await once(peer, 'listening')
  const { port } = peer.address() as { port: number }
  return {
    server: peer,
    sockets,
    route: { address: '127.0.0.1', host: 'localhost', port },
    close() {
      for (const socket of sockets) socket.destroy()
      peer.close()
    },
  }
}

const dialWith = (tls: TlsSpec): Dial<string> => dialFor<string>({ protocol: 'mqtts', tls })

function dial(diary: Diary, route: Route, by: Dial<string>): Connection<string> {
  diary.connection = by('c', diary, route)
  return diary.connection
}

/** What one attempt came to: "c connected", or the reason. */
async function outcome(route: Route, tls: TlsSpec): Promise<string[]> {
  const diary = new Diary()
  const connection = dial(diary, route, dialWith(tls))
  await until('it was told', () => diary.told.length > 0)
  connection.client = null
  connection.destroy()
  await until('it is gone', () => diary.gone === 1)
  return diary.told
}

test('speaks both ways, says goodbye with the last bytes before the end, and asks by the target’s name', async () => {
  const peer = await listen({ ALPNProtocols: ['x-other', 'mqtt'] })
  const diary = new Diary()
  const connection = dial(diary, peer.route, dialWith({ ca: authority.ca, alpn: ['mqtt', 'x-mqtt'] }))
  await until('it stands', () => diary.told.length > 0 && peer.sockets.length > 0)
  assert.equal(diary.told, ['c connected'])
  const [socket] = peer.sockets
  assert.is(socket!.servername, 'localhost')
  assert.is(socket!.alpnProtocol, 'mqtt')
  const heard: Buffer[] = []
  socket!.on('data', (bytes) => heard.push(bytes))
  const end = once(socket!, 'end')
  socket!.write('welcome')
  await until('the greeting came', () => diary.text === 'welcome')
  connection.write(Buffer.from('hello '))
  connection.client = null
  connection.end(Buffer.from('goodbye'))
  await end
  assert.is(Buffer.concat(heard).toString(), 'hello goodbye')
  await until('the socket is gone', () => diary.gone === 1)
  assert.equal(diary.told, ['c connected'])
  peer.close()
})

test('a megabyte each way over several connections at once: nobody reads another’s bytes', async () => {
  const peer = await listen()
  peer.server.on('secureConnection', (socket) => socket.pipe(socket))
  const by = dialWith({ ca: authority.ca })
  const diaries = Array.from({ length: 5 }, () => new Diary())
  const size = 1024 * 1024
  for (const [i, diary] of diaries.entries()) {
    const connection = dial(diary, peer.route, by)
    await until('it stands', () => diary.told.length > 0)
    connection.write(Buffer.alloc(size, i + 1))
  }
  for (const [i, diary] of diaries.entries()) {
    await until('all came back', () => diary.bytes.reduce((sum, { length }) => sum + length, 0) === size)
    assert.ok(Buffer.concat(diary.bytes).equals(Buffer.alloc(size, i + 1)))
    diary.connection!.client = null
    diary.connection!.destroy()
  }
  peer.close()
})

test('whom the client trusts', async () => {
  const trusting = { ca: authority.ca }
  const fit = await listen()
  assert.equal(await outcome(fit.route, trusting), ['c connected'])
  assert.equal(await outcome({ ...fit.route, host: '127.0.0.1' }, trusting), ['c connected'])
  // No authority of Node's own signed it.
  assert.equal(await outcome(fit.route, {}), ['c UNABLE_TO_VERIFY_LEAF_SIGNATURE'])
  assert.equal(await outcome(fit.route, { ca: stranger.ca }), ['c UNABLE_TO_VERIFY_LEAF_SIGNATURE'])
  assert.equal(await outcome(fit.route, { insecure: true }), ['c connected'])
  assert.equal(await outcome(fit.route, { ...trusting, servername: 'other.example' }), [
    'c ERR_TLS_CERT_ALTNAME_INVALID',
  ])
  fit.close()

  const named = await listen(
    await authority.issue('server', { names: [{ type: 'dns', value: 'other.example' }] }),
  )
  assert.equal(await outcome(named.route, trusting), ['c ERR_TLS_CERT_ALTNAME_INVALID'])
  assert.equal(await outcome({ ...named.route, host: '127.0.0.1' }, trusting), [
    'c ERR_TLS_CERT_ALTNAME_INVALID',
  ])
  assert.equal(await outcome(named.route, { ...trusting, servername: 'other.example' }), ['c connected'])
  assert.equal(await outcome(named.route, { ...trusting, insecure: true }), ['c connected'])
  named.close()

  const expired = await listen(await authority.issue('server', { expired: true }))
  assert.equal(await outcome(expired.route, trusting), ['c CERT_HAS_EXPIRED'])
  assert.equal(await outcome(expired.route, { insecure: true }), ['c connected'])
  expired.close()
})

for (const version of ['TLSv1.2', 'TLSv1.3'] as const)
  test(`${version}: whom the server trusts`, async () => {
    const peer = await listen({
      requestCert: true,
      rejectUnauthorized: true,
      ca: authority.ca,
      minVersion: version,
      maxVersion: version,
    })
    const heardWith = async (own?: { cert: string; key: string }): Promise<Diary> => {
      const diary = new Diary()
      dial(diary, peer.route, dialWith({ ...own, ca: authority.ca }))
      // In 1.3 a client stands before it hears that the server does not want it (RFC 8446 §4.4).
      await until('the last was told', () => diary.gone > 0 || peer.sockets.length > 0)
      return diary
    }
    assert.match(
      (await heardWith()).told.at(-1)!,
      /ALERT_(HANDSHAKE_FAILURE|CERTIFICATE_REQUIRED)$|ECONNRESET/,
    )
    // Node's own server sends no alert for a certificate of another authority: it closes.
    assert.match((await heardWith(await stranger.issue('client'))).told.at(-1)!, /ALERT|ECONNRESET|fin/)
    assert.is(peer.sockets.length, 0)
    const right = await heardWith(await authority.issue('client'))
    await until('it stands', () => right.told.length > 0)
    assert.equal(right.told, ['c connected'])
    assert.is(peer.sockets[0]!.getPeerCertificate().subject.CN, 'client')
    peer.close()
  })

for (const version of ['TLSv1.2', 'TLSv1.3'] as const)
  test(`${version}: who comes for the first time makes a full handshake, who returns resumes`, async () => {
    const peer = await listen({ minVersion: version, maxVersion: version })
    // In 1.3 the ticket comes after the handshake: with the first bytes at the latest.
    let resumed = false
    peer.server.on('secureConnection', (socket) => {
      resumed = socket.isSessionReused()
      socket.write('welcome')
    })
    const reused = async (by: Dial<string>, returning: boolean): Promise<boolean> => {
      const diary = new Diary()
      const connection = dial(diary, { ...peer.route, returning }, by)
      await until('the greeting came', () => diary.text === 'welcome')
      connection.client = null
      connection.destroy()
      await until('it is gone', () => diary.gone === 1)
      return resumed
    }
    const by = dialWith({ ca: authority.ca })
    assert.is(await reused(by, true), false, 'nobody has a ticket yet')
    assert.is(await reused(by, false), false)
    assert.is(await reused(by, true), true)
    assert.is(await reused(by, true), true)
    const without = dialWith({ ca: authority.ca, resume: false })
    for (let i = 0; i < 3; i++) assert.is(await reused(without, true), false)
    peer.close()
  })

test('a client with its own certificate resumes its own session, not another client’s', async () => {
  const peer = await listen({ requestCert: true, rejectUnauthorized: true, ca: authority.ca })
  const seen: string[] = []
  peer.server.on('secureConnection', (socket: TLSSocket) => {
    seen.push(`${socket.getPeerCertificate().subject.CN} ${socket.isSessionReused()}`)
    socket.write('welcome')
  })
  const by = dialWith({ ca: authority.ca })
  const [one, other] = [await authority.issue('one'), await authority.issue('other')]
  for (const certificate of [one, other, one, other]) {
    const diary = new Diary()
    const connection = dial(diary, { ...peer.route, certificate, returning: true }, by)
    await until('the greeting came', () => diary.text === 'welcome')
    connection.client = null
    connection.destroy()
    await until('it is gone', () => diary.gone === 1)
  }
  assert.equal(seen, ['one false', 'other false', 'one true', 'other true'])
  peer.close()
})

test('offers the ciphers it is told to', async () => {
  const peer = await listen({ maxVersion: 'TLSv1.2' })
  const diary = new Diary()
  dial(diary, peer.route, dialWith({ ca: authority.ca, ciphers: 'ECDHE-ECDSA-CHACHA20-POLY1305' }))
  await until('it stands', () => diary.told.length > 0 && peer.sockets.length > 0)
  assert.is(peer.sockets[0]!.getCipher().name, 'ECDHE-ECDSA-CHACHA20-POLY1305')
  peer.close()
})

test('from a source address', async () => {
  const peer = await listen()
  const diary = new Diary()
  dial(diary, { ...peer.route, localAddress: '127.0.0.7' }, dialWith({ ca: authority.ca }))
  await until('it stands', () => diary.told.length > 0 && peer.sockets.length > 0)
  assert.equal(diary.told, ['c connected'])
  assert.is(peer.sockets[0]!.remoteAddress, '127.0.0.7')
  peer.close()
})

/** What a listener without TLS does, and what the owner hears. */
const STAGES: [what: string, heard: string, act: (socket: Socket) => void][] = [
  ['closes at once', 'c fin', (socket) => socket.end()],
  ['resets at once', 'c ECONNRESET', (socket) => socket.resetAndDestroy()],
  ['closes after the first bytes', 'c fin', (socket) => socket.once('data', () => socket.end())],
  [
    'resets after the first bytes',
    'c ECONNRESET',
    (socket) => socket.once('data', () => socket.resetAndDestroy()),
  ],
  [
    'speaks MQTT',
    'c ERR_SSL_WRONG_VERSION_NUMBER',
    (socket) => socket.once('data', () => socket.write(Buffer.alloc(200, 0x20))),
  ],
]

for (const [what, heard, act] of STAGES)
  test(`a server that ${what}: ${heard}, told once`, async () => {
    const peer = createTcpServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined)
      act(socket)
    })
    peer.listen(0, '127.0.0.1')
    await once(peer, 'listening')
    const { port } = peer.address() as { port: number }
    const diary = new Diary()
    dial(diary, { address: '127.0.0.1', host: '127.0.0.1', port }, dialWith({}))
    await until('it is gone', () => diary.gone === 1)
    assert.equal(diary.told, [heard])
    peer.close()
  })

test('nobody listens', async () => {
  const peer = await listen()
  peer.close()
  await once(peer.server, 'close')
  assert.equal(await outcome(peer.route, {}), ['c ECONNREFUSED'])
})

test.run()
