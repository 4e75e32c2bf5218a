import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { Duplex } from 'node:stream'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type SpdyStream, serveSpdy } from '#weir/testbed/spdy/connection.ts'
import { HEADER_DICTIONARY } from '#weir/testbed/spdy/dictionary.ts'
import { controlFrame, dataFrame, FIN, FRAME, type Frame, FrameReader } from '#weir/testbed/spdy/frames.ts'
import { HeaderBlocks, type Headers } from '#weir/testbed/spdy/headers.ts'
import { startEchoPod } from '../apiserver/echo-pod.ts'
import { TOKEN } from '../apiserver/harness.ts'
import { until } from '../emqx/support/until.ts'

const PODS = '/api/v1/namespaces/default/pods'

/** The client's end of a connection. */
class Client {
  readonly frames: Frame[] = []
  readonly #socket: Duplex
  readonly #blocks = new HeaderBlocks()
  readonly #reader = new FrameReader()
  #nextId = 1

  constructor(socket: Duplex) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.frames.push(...this.#reader.take(chunk)))
  }

  async open(headers: Headers): Promise<number> {
    const id = this.#nextId
    this.#nextId += 2
    const head = Buffer.alloc(10)
    head.writeUInt32BE(id)
    this.#socket.write(
      controlFrame(FRAME.synStream, Buffer.concat([head, await this.#blocks.write(headers)])),
    )
    return id
  }

  send(id: number, body: string | Buffer, flags = 0): void {
    this.#socket.write(dataFrame(id, Buffer.from(body), flags))
  }

  control(type: number, body: Buffer): void {
    this.#socket.write(controlFrame(type, body))
  }

  replies(): number[] {
    return this.frames.flatMap((frame) =>
      frame.kind === 'control' && frame.type === FRAME.synReply ? [frame.body.readUInt32BE(0)] : [],
    )
  }

  received(id: number): string {
    return Buffer.concat(
      this.frames.flatMap((frame) => (frame.kind === 'data' && frame.streamId === id ? [frame.body] : [])),
    ).toString()
  }

  hasEnded(id: number): boolean {
    return this.frames.some(
      (frame) => frame.kind === 'data' && frame.streamId === id && (frame.flags & FIN) !== 0,
    )
  }
}

/** Two ends of one connection, in memory. */
function pair(): [Duplex, Duplex] {
  const make = (other: () => Duplex): Duplex =>
    new Duplex({
      read() {},
      write(chunk, _, done) {
        other().push(chunk)
        done()
      },
      final(done) {
        other().push(null)
        done()
      },
    })
  const a: Duplex = make(() => b)
  const b: Duplex = make(() => a)
  return [a, b]
}

function connection() {
  const [server, end] = pair()
  const streams: SpdyStream[] = []
  const done = serveSpdy(server, (stream) => {
    stream.on('error', () => {})
    streams.push(stream)
  })
  return { client: new Client(end), end, streams, done }
}

test('the dictionary is that of SPDY/3', () => {
  assert.is(HEADER_DICTIONARY.length, 1423)
  assert.is(HEADER_DICTIONARY.subarray(0, 11).toString('latin1'), '\0\0\0\x07options')
  assert.is(HEADER_DICTIONARY.subarray(-4).toString(), 'q=0.')
})

test('streams are opened, answered, and carry bytes both ways, whatever the sizes of what arrives', async () => {
  const { client, streams, end } = connection()
  const first = await client.open({ streamtype: 'error', requestid: '0' })
  const second = await client.open({ streamtype: 'data', requestid: '0', port: '80' })
  await until(() => streams.length === 2)
  assert.equal(client.replies(), [first, second])
  assert.equal({ ...streams[1]!.headers }, { streamtype: 'data', requestid: '0', port: '80' })
  const long = 'x'.repeat(200_000)
  streams[1]!.write(long)
  await until(() => client.received(second).length === long.length)
  let got = ''
  streams[1]!.on('data', (chunk) => {
    got += chunk
  })
  client.send(second, 'hello ')
  client.send(second, 'world', FIN)
  await until(() => got === 'hello world')
  streams[1]!.end()
  await until(() => client.hasEnded(second))
  end.end()
})

test('a byte at a time', async () => {
  const [server, end] = pair()
  const streams: SpdyStream[] = []
  void serveSpdy(server, (stream) => streams.push(stream))
  const bytes: Buffer[] = []
  const slow = new Duplex({
    read() {},
    write(chunk, _, done) {
      bytes.push(chunk)
      done()
    },
  })
  const client = new Client(slow)
  const id = await client.open({ streamtype: 'data' })
  client.send(id, 'abc')
  for (const byte of Buffer.concat(bytes)) end.write(Buffer.from([byte]))
  await until(() => streams.length === 1)
  let got = ''
  streams[0]!.on('data', (chunk) => {
    got += chunk
  })
  await until(() => got === 'abc')
  end.end()
})

test('a ping is answered, a reset ends its stream only, and the end of the connection ends all', async () => {
  const { client, streams, end, done } = connection()
  const first = await client.open({ streamtype: 'data' })
  await client.open({ streamtype: 'data' })
  await until(() => streams.length === 2)
  const id = Buffer.from([0, 0, 0, 9])
  client.control(FRAME.ping, id)
  await until(() =>
    client.frames.some(
      (frame) => frame.kind === 'control' && frame.type === FRAME.ping && frame.body.equals(id),
    ),
  )
  const reset = Buffer.alloc(8)
  reset.writeUInt32BE(first)
  client.control(FRAME.rstStream, reset)
  await until(() => streams[0]!.destroyed)
  assert.not.ok(streams[1]!.destroyed)
  end.end()
  await done
  assert.ok(streams[1]!.destroyed)
})

let bed: Awaited<ReturnType<typeof startEchoPod>>
test.before(async () => {
  bed = await startEchoPod()
})
test.after(() => bed.close())

/** Asks for the upgrade as client-go does; the head of the answer, and the socket. */
async function dial(protocol = 'portforward.k8s.io'): Promise<{ head: string; socket: net.Socket }> {
  const { hostname, port: apiPort } = new URL(bed.harness.server.url)
  const socket = net.connect(Number(apiPort), hostname)
  socket.write(
    `POST ${PODS}/ee-0/portforward HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 0\r\n` +
      `Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`,
  )
  const [first] = (await once(socket, 'data')) as [Buffer]
  return { head: first.toString(), socket }
}

test('a port of a pod is forwarded, and what goes wrong comes on the stream for that', async () => {
  const { port } = bed
  const { head, socket } = await dial()
  assert.match(head, /^HTTP\/1\.1 101 /)
  assert.match(head, /Upgrade: SPDY\/3\.1/)
  const client = new Client(socket)
  const errors = await client.open({ streamtype: 'error', port: String(port), requestid: '0' })
  const data = await client.open({ streamtype: 'data', port: String(port), requestid: '0' })
  client.send(data, 'hello')
  await until(() => client.received(data) === 'hello')
  client.send(data, '', FIN)
  await until(() => client.hasEnded(data) && client.hasEnded(errors))
  assert.is(client.received(errors), '')
  const closed = net.createServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  const dead = (closed.address() as AddressInfo).port
  await new Promise((resolve) => closed.close(resolve))
  const problem = await client.open({ streamtype: 'error', port: String(dead), requestid: '1' })
  await client.open({ streamtype: 'data', port: String(dead), requestid: '1' })
  await until(() => client.hasEnded(problem))
  assert.match(
    client.received(problem),
    new RegExp(`error forwarding port ${dead} to pod ee-0, .*connection refused`),
  )
  socket.destroy()
})

test('another protocol is refused before the upgrade', async () => {
  const { head, socket } = await dial('v9.portforward')
  assert.match(head, /^HTTP\/1\.1 400 /)
  assert.match(head, /client supports \[v9\.portforward\], server accepts \[portforward\.k8s\.io\]/)
  socket.destroy()
})

test.run()
