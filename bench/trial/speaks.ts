import { randomBytes } from 'node:crypto'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { writeConnect } from '../codec/connect.ts'
import { CONNACK } from '../codec/packet-type.ts'
import { proxyHeader } from '../transport/proxy-protocol.ts'
import type { Target, TransportProtocol } from '../types.ts'

/** What answers on a port: one of the transports; TLS with something else or nothing in it; or MQTT behind the header of a proxy. */
export type Spoken = TransportProtocol | 'tls' | 'proxied'

/** What came back for the first bytes that were sent. */
type Answer = 'mqtt' | 'http' | undefined

const LIMIT_MS = 1000

/**
 * What a port speaks: five connections try it at once, each with the first bytes of another protocol, for a second. TLS goes first: a
 * server of it may answer plain HTTP with an error. Certificates are not checked. Undefined where nothing was recognised.
 */
export async function whatSpeaks(target: Target, limitMs: number = LIMIT_MS): Promise<Spoken | undefined> {
  const proxied = Buffer.concat([
    proxyHeader('v1', SOMEBODY, { address: target.host, port: target.port }),
    mqtt(),
  ])
  const [mqtts, wss, plain, web, behind] = await Promise.all([
    tryTls(target, mqtt(), limitMs),
    tryTls(target, http(target), limitMs),
    tryPlain(target, mqtt(), limitMs),
    tryPlain(target, http(target), limitMs),
    tryPlain(target, proxied, limitMs),
  ])
  if (mqtts.isTls || wss.isTls)
    return mqtts.answer === 'mqtt'
      ? 'mqtts'
      : mqtts.answer === 'http' || wss.answer === 'http'
        ? 'wss'
        : 'tls'
  if (plain === 'mqtt') return 'mqtt'
  if (plain === 'http' || web === 'http') return 'ws'
  return behind === 'mqtt' ? 'proxied' : undefined
}

/** RFC 2544: an address of benchmarks. */
const SOMEBODY = { address: '198.18.0.1', port: 1024 }

function mqtt(): Buffer {
  const clientId = `weir_trial_${randomBytes(4).toString('hex')}`
  return writeConnect({ protocol: '3.1.1', clientId, clean: true, keepAliveSeconds: 60 })
}

const http = ({ host }: Target): Buffer =>
  Buffer.from(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)

function tryPlain({ host, port }: Target, first: Buffer, limitMs: number): Promise<Answer> {
  const socket = connectTcp({ host, port })
  socket.once('connect', () => socket.write(first))
  return answerOf(socket, limitMs)
}

/** OpenSSL's words for a server that answers a handshake with TLS, if only to refuse it. */
const REFUSED_BY_TLS = /ALERT|ERR_SSL_(UNSUPPORTED_PROTOCOL|DH_KEY_TOO_SMALL|EE_KEY_TOO_SMALL)/

async function tryTls(
  { host, port }: Target,
  first: Buffer,
  limitMs: number,
): Promise<{ isTls: boolean; answer: Answer }> {
  const servername = isIP(host) ? undefined : host
  const socket: TLSSocket = connectTls({ host, port, servername, rejectUnauthorized: false })
  let isTls = false
  socket.once('secureConnect', () => {
    isTls = true
    socket.write(first)
  })
  socket.once('error', ({ code = '' }: NodeJS.ErrnoException) => {
    if (REFUSED_BY_TLS.test(code)) isTls = true
  })
  const answer = await answerOf(socket, limitMs)
  return { isTls, answer }
}

/** By the first bytes that come. */
function answerOf(socket: Socket, limitMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    const settle = (answer: Answer) => {
      clearTimeout(limit)
      socket.destroy()
      resolve(answer)
    }
    const limit = setTimeout(settle, limitMs, undefined)
    socket.once('data', (bytes: Buffer) =>
      settle(bytes[0] === CONNACK ? 'mqtt' : bytes.toString('latin1', 0, 5) === 'HTTP/' ? 'http' : undefined),
    )
    socket.once('error', () => settle(undefined))
    socket.once('close', () => settle(undefined))
  })
}
