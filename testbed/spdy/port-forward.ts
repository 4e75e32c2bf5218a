import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { type SpdyStream, serveSpdy } from './connection.ts'

const PROTOCOL = 'portforward.k8s.io'

type ForwardedPod = Pick<Pod, 'metadata' | 'status'>

export const wantsSpdy = ({ headers }: IncomingMessage): boolean => /^spdy\//i.test(headers.upgrade ?? '')

/** Why a request for port-forward over SPDY cannot be served, in a kubelet's words; undefined where it can. */
export function protocolProblem({ headers }: IncomingMessage): string | undefined {
  const offered = String(headers['x-stream-protocol-version'] ?? '')
  if (offered.split(/,\s*/).includes(PROTOCOL)) return undefined
  return `unable to upgrade: unable to negotiate protocol: client supports [${offered}], server accepts [${PROTOCOL}]`
}

/**
 * Ports of a pod over SPDY, as operators and older kubectls ask for it: each connection to a port is a pair of streams, first one for what
 * went wrong, then one for its bytes (k8s.io/client-go, tools/portforward). Only for requests without a `protocolProblem`.
 */
export function forwardOverSpdy(pod: ForwardedPod, socket: Duplex, head: Buffer): void {
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${PROTOCOL}\r\n\r\n`,
  )
  if (head.length > 0) socket.unshift(head)
  const problems = new Map<string, SpdyStream>()
  serveSpdy(socket, (stream) => {
    // The client may break off at any time.
    stream.on('error', () => {})
    const { streamtype, port, requestid = '' } = stream.headers
    if (streamtype === 'error') problems.set(requestid, stream)
    else if (streamtype === 'data') {
      forward(stream, problems.get(requestid), pod, Number(port))
      problems.delete(requestid)
    }
  }).catch(() => socket.destroy())
}

function forward(
  stream: SpdyStream,
  problems: SpdyStream | undefined,
  pod: ForwardedPod,
  port: number,
): void {
  const { name, uid } = pod.metadata
  const host = pod.status?.podIP ?? ''
  const socket = connect({ host, port })
  socket.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    const why = code === 'ECONNREFUSED' ? 'connect: connection refused' : message
    problems?.write(
      `error forwarding port ${port} to pod ${name}, uid ${uid}: dial tcp ${host}:${port}: ${why}`,
    )
  })
  socket.on('close', () => {
    problems?.end()
    stream.end()
  })
  stream.on('close', () => socket.destroy())
  stream.pipe(socket)
  socket.pipe(stream, { end: false })
}
