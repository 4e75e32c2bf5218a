import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Connection, Route } from '#weir/bench/transport/connection.ts'
import { nodeHandles } from '#weir/bench/transport/node-handles.ts'
import { dialStream, dialTcp } from '#weir/bench/transport/tcp.ts'
import { dialHandle } from '#weir/bench/transport/tcp-handle.ts'
import { until } from '../support/until.ts'
import { Diary } from './diary.ts'

type TcpDial = (client: string, owner: Diary, route: Route) => Connection<string>

const handles = nodeHandles()
const dials: Record<string, TcpDial> = {
  'bare handles': (client, owner, route) => dialHandle(handles!, client, owner, route),
  sockets: dialStream,
}

async function listen(host = '127.0.0.1'): Promise<{ server: Server; sockets: Socket[]; route: Route }> {
  const sockets: Socket[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined)
    sockets.push(socket)
  })
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return { server, sockets, route: { address: host, host, port } }
}

function close({ server, sockets }: { server: Server; sockets: Socket[] }): void {
  for (const socket of sockets) socket.destroy()
  server.close()
}

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
)

for (const [name, dial] of Object.entries(dials)) {
  const test = suite(`TCP on ${name}`)
  const connect = (diary: Diary, route: Route) => {
    diary.connection = dial('c', diary, route)
    return diary.connection
  }

  test('says hello and goodbye: the last bytes arrive before the end', async () => {
    const peer = await listen()
    const diary = new Diary()
    const connection = connect(diary, peer.route)
    assert.equal(diary.told, [], 'nothing is told before the call returns')
    await until('something is told', () => diary.told.length > 0)
    const [socket] = peer.sockets
    const heard: Buffer[] = []
    socket!.on('data', (bytes) => heard.push(bytes))
    const end = once(socket!, 'end')
    socket!.write('welcome')
    await until('the welcome arrives', () => diary.text === 'welcome')
    connection.write(Buffer.from('hello '))
    connection.client = null
    connection.end(Buffer.from('goodbye'))
    await end
    assert.is(Buffer.concat(heard).toString(), 'hello goodbye')
    assert.is(diary.gone, 0, 'half-open until the peer has ended too')
    socket!.end()
    await until('the socket is closed', () => diary.gone === 1)
    assert.equal(diary.told, ['c connected'])
    close(peer)
  })

  test('a refused connection is an error, told later and once', async () => {
    const peer = await listen()
    close(peer)
    await once(peer.server, 'close')
    const diary = new Diary()
    const connection = connect(diary, peer.route)
    assert.equal(diary.told, [])
    await until('something is told', () => diary.told.length > 0)
    connection.client = null
    connection.destroy()
    await until('the socket is closed', () => diary.gone === 1)
    assert.equal(diary.told, ['c ECONNREFUSED'])
  })

  test("the peer's end is told; a connection is destroyed once, however often it is asked for", async () => {
    const peer = await listen()
    const diary = new Diary()
    const connection = connect(diary, peer.route)
    await until('the connection stands', () => peer.sockets.length === 1 && diary.told.length === 1)
    peer.sockets[0]!.end('last words')
    await until('the end is told', () => diary.told.includes('c fin'))
    assert.is(diary.text, 'last words')
    connection.destroy()
    connection.destroy()
    await until('the socket is closed', () => diary.gone > 0)
    assert.is(diary.gone, 1)
    close(peer)
  })

  test('a reset is an error', async () => {
    const peer = await listen()
    const diary = new Diary()
    const connection = connect(diary, peer.route)
    await until('the connection stands', () => peer.sockets.length === 1 && diary.told.length === 1)
    peer.sockets[0]!.resetAndDestroy()
    await until('the reset is told', () => diary.told.length === 2)
    assert.equal(diary.told, ['c connected', 'c ECONNRESET'])
    connection.client = null
    // What is written to a dead connection harms nobody.
    connection.write(Buffer.from('anybody?'))
    connection.destroy()
    await until('the socket is closed', () => diary.gone === 1)
    close(peer)
  })

  test('much is written at once to a peer that reads late: it waits, and arrives whole', async () => {
    const peer = await listen()
    const diary = new Diary()
    const connection = connect(diary, peer.route)
    await until('the connection stands', () => peer.sockets.length === 1 && diary.told.length === 1)
    const [socket] = peer.sockets
    const parts = Array.from({ length: 64 }, (_, i) => Buffer.alloc(256 * 1024, i))
    for (const part of parts) connection.write(part)
    const whole = Buffer.concat(parts)
    const heard: Buffer[] = []
    let length = 0
    socket!.on('data', (bytes) => {
      heard.push(bytes)
      length += bytes.length
    })
    await until('all of it arrives', () => length === whole.length)
    assert.ok(Buffer.concat(heard).equals(whole))
    assert.equal(diary.told, ['c connected'])
    connection.client = null
    connection.destroy()
    await until('the socket is closed', () => diary.gone === 1)
    close(peer)
  })

  test('one that is destroyed while it connects tells nothing but its end', async () => {
    const peer = await listen()
    const diary = new Diary()
    const connection = connect(diary, peer.route)
    connection.client = null
    connection.destroy()
    connection.write(Buffer.from('x'))
    connection.end(Buffer.from('y'))
    await until('the socket is closed', () => diary.gone === 1)
    assert.equal(diary.told, [])
    close(peer)
  })

  test('who has moved on hears no more', async () => {
    const peer = await listen()
    const diary = new Diary()
    const connection = connect(diary, peer.route)
    await until('the connection stands', () => peer.sockets.length === 1 && diary.told.length === 1)
    connection.client = null
    connection.end(Buffer.from('bye'))
    const [socket] = peer.sockets
    socket!.resume()
    socket!.end('too late')
    await until('the socket is closed', () => diary.gone === 1)
    assert.is(diary.text, '')
    assert.equal(diary.told, ['c connected'])
    close(peer)
  })

  test('connects from the address that it is given', async () => {
    const peer = await listen()
    const diary = new Diary()
    const connection = connect(diary, { ...peer.route, localAddress: '127.0.0.9' })
    await until('the connection stands', () => peer.sockets.length === 1 && diary.told.length === 1)
    assert.is(peer.sockets[0]!.remoteAddress, '127.0.0.9')
    connection.client = null
    connection.destroy()
    await until('the socket is closed', () => diary.gone === 1)
    close(peer)
  })

  test("an address that this machine has not is this side's error", async () => {
    const peer = await listen()
    const diary = new Diary()
    const connection = connect(diary, { ...peer.route, localAddress: '203.0.113.1' })
    await until('something is told', () => diary.told.length > 0)
    assert.equal(diary.told, ['c EADDRNOTAVAIL'])
    connection.client = null
    connection.destroy()
    await until('the socket is closed', () => diary.gone === 1)
    close(peer)
  })

  if (hasIpv6)
    test('speaks IPv6', async () => {
      const peer = await listen('::1')
      const diary = new Diary()
      const connection = connect(diary, peer.route)
      await until('the connection stands', () => peer.sockets.length === 1 && diary.told.length === 1)
      assert.equal(diary.told, ['c connected'])
      connection.client = null
      connection.destroy()
      await until('the socket is closed', () => diary.gone === 1)
      close(peer)
    })

  test.run()
}

const test = suite('handles of this Node')

test('are there, so that the fleet uses them', () => {
  assert.ok(handles)
})

test('a name that nobody has asked DNS for yet is asked for', async () => {
  const peer = await listen()
  const diary = new Diary()
  diary.connection = dialTcp('c', diary, { ...peer.route, host: 'localhost', address: 'localhost' })
  await until('something is told', () => diary.told.length > 0)
  assert.equal(diary.told, ['c connected'])
  diary.connection.client = null
  diary.connection.destroy()
  await until('the socket is closed', () => diary.gone === 1)
  close(peer)
})

test.run()
