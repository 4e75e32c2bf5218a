import type { IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { badRequest } from '../errors.ts'
import { textAt } from '../json.ts'

/** Of the subprotocols that a client offers, the ones a kubelet speaks for port-forwards over WebSockets. */
const PROTOCOL = 'v4.channel.k8s.io'

/** Bytes that may wait for a slow client before the pod is asked to pause. */
const MOST_WAITING_BYTES = 1024 * 1024
const POLL_MS = 10
const NORMAL_CLOSURE = 1000

const sockets = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
})

/**
 * The requested ports, as `ports=8081` once or more, each possibly a list with commas. Throws a 400
 * (k8s.io/apimachinery, meta/v1: Convert_Slice_string_To_Slice_int32; k8s.io/kubelet, streaming: NewV4Options).
 */
export function portsOf(query: URLSearchParams): number[] {
  return query.getAll('ports').flatMap((list) =>
    list.split(',').map((text) => {
      const isNumber = /^\d+$/.test(text)
      if (isNumber && Number(text) <= 65_535) return Number(text)
      const why = isNumber ? 'value out of range' : 'invalid syntax'
      throw badRequest(
        `cannot convert to []int32: strconv.ParseUint: parsing ${JSON.stringify(text)}: ${why}`,
      )
    }),
  )
}

/** Throws a 400 when the pod is on no node. */
export function checkHost(pod: KubeObject): void {
  if (!textAt(pod, 'spec', 'nodeName'))
    throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`)
}

/**
 * pods/<name>/portforward over a WebSocket. Port number n of the request has channel 2n for its bytes and 2n + 1 for
 * what went wrong; both begin with the port, two bytes, least first. The first byte of each message is its channel. It
 * ends when the pod has closed the last port, or when the client leaves. Throws ApiError before the upgrade.
 */
export function forwardPorts(
  pod: KubeObject,
  ports: readonly number[],
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const { name, uid } = pod.metadata
  if (ports.length === 0) throw badRequest('query parameter "port" is required')
  if (ports.includes(0)) throw badRequest('port "0" must be > 0')
  if (request.headers.upgrade?.toLowerCase() !== 'websocket')
    throw badRequest(`unable to upgrade: this server forwards ports over WebSockets (${PROTOCOL}) only`)
  const host = textAt(pod, 'status', 'podIP')
  sockets.handleUpgrade(request, socket, head, (client) => {
    let open = ports.length
    const ended = (index: number, problem?: string) => {
      const [port, channel] = [ports[index], 2 * index + 1]
      if (problem !== undefined)
        send(client, channel, `error forwarding port ${port} to pod ${name}, uid ${uid}: ${problem}`)
      open--
      if (open === 0) client.close(NORMAL_CLOSURE)
    }
    const streams = ports.map((port, index) => {
      const prefix = Buffer.alloc(2)
      prefix.writeUInt16LE(port)
      send(client, 2 * index, prefix)
      send(client, 2 * index + 1, prefix)
      if (host !== undefined)
        return forwardPort(client, 2 * index, { host, port }, (why) => ended(index, why))
      ended(index, 'the pod has no address yet')
      return undefined
    })
    client.on('message', (message) => {
      const bytes = message as Buffer
      const channel = bytes[0]
      // Input for a channel that does not exist, or for one of errors, is dropped, as a kubelet does.
      const stream = channel !== undefined && channel % 2 === 0 ? streams[channel / 2] : undefined
      if (stream && !stream.destroyed && !stream.write(bytes.subarray(1))) client.pause()
    })
    client.on('close', () => {
      for (const stream of streams) stream?.destroy()
    })
    client.on('error', () => client.terminate())
  })
}

function send(client: WebSocket, channel: number, content: Buffer | string): void {
  if (client.readyState === client.OPEN)
    client.send(Buffer.concat([Buffer.from([channel]), Buffer.from(content)]))
}

/** Connects one port, and calls `ended` once, with what went wrong if anything did. */
function forwardPort(
  client: WebSocket,
  channel: number,
  address: { host: string; port: number },
  ended: (problem?: string) => void,
): Socket {
  const pod = connect(address)
  let problem: string | undefined
  pod.on('error', (error: NodeJS.ErrnoException) => {
    const why = error.code === 'ECONNREFUSED' ? 'connect: connection refused' : error.message
    problem = `dial tcp ${address.host}:${address.port}: ${why}`
  })
  pod.on('data', (content: Buffer) => {
    send(client, channel, content)
    if (client.bufferedAmount > MOST_WAITING_BYTES) pauseUntilSent(client, pod)
  })
  pod.on('drain', () => client.resume())
  pod.on('close', () => {
    client.resume()
    ended(problem)
  })
  return pod
}

/** A WebSocket has no drain event, so its buffer is polled. */
function pauseUntilSent(client: WebSocket, pod: Socket): void {
  pod.pause()
  const timer = setInterval(() => {
    if (client.readyState === client.OPEN && client.bufferedAmount > MOST_WAITING_BYTES / 2) return
    clearInterval(timer)
    pod.resume()
  }, POLL_MS)
}
