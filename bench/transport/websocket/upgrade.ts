import { createHash, randomBytes } from 'node:crypto'
import type { WebSocketSpec } from '../../types.ts'
import type { Route } from '../connection.ts'
import { WebSocketRefused } from './errors.ts'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const DEFAULT_PATH = '/mqtt'
const DEFAULT_PORT = { ws: 80, wss: 443 }
/** No server needs more for its answer. */
const MOST_HEAD_BYTES = 16 * 1024
const HEAD_END = '\r\n\r\n'

/** A connection's half of the handshake that is under way. */
export interface Upgrade {
  readonly route: Route
  readonly key: string
  /** What has come of the answer so far. */
  head: Buffer
}

export function beginUpgrade(route: Route): Upgrade {
  return { route, key: randomBytes(16).toString('base64'), head: Buffer.alloc(0) }
}

/** The request (RFC 6455 §4.1), with the subprotocol "mqtt" (MQTT 5 §6). */
export function upgradeRequest(
  { key, route: { host, port } }: Upgrade,
  { path = DEFAULT_PATH, headers = {} }: WebSocketSpec,
  protocol: 'ws' | 'wss',
): Buffer {
  const bracketed = host.includes(':') ? `[${host}]` : host
  const own = Object.entries(headers)
  const hosts = own.some(([name]) => name.toLowerCase() === 'host')
    ? []
    : [`Host: ${port === DEFAULT_PORT[protocol] ? bracketed : `${bracketed}:${port}`}`]
  const lines = [
    `GET ${path} HTTP/1.1`,
    ...hosts,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${key}`,
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: mqtt',
    ...own.map(([name, value]) => `${name}: ${value}`),
  ]
  return Buffer.from(`${lines.join('\r\n')}${HEAD_END}`, 'latin1')
}

/**
 * Reads the next bytes of the server's answer. Returns how many belong to it once it is complete, else -1. Throws
 * WebSocketRefused.
 */
export function readUpgrade(upgrade: Upgrade, bytes: Buffer): number {
  const before = upgrade.head.length
  upgrade.head = Buffer.concat([upgrade.head, bytes])
  const end = upgrade.head.indexOf(HEAD_END)
  if (end === -1) {
    if (!couldBeHttp(upgrade.head)) throw new WebSocketRefused(-1, 'the server speaks no HTTP')
    if (upgrade.head.length > MOST_HEAD_BYTES) throw new WebSocketRefused(-1, 'the answer never ends')
    return -1
  }
  checkAnswer(upgrade.head.toString('latin1', 0, end), upgrade.key)
  return end + HEAD_END.length - before
}

const HTTP = 'HTTP/1.'

/** A broker's MQTT listener answers with something else, or waits for more: better to know at the first bytes. */
function couldBeHttp(head: Buffer): boolean {
  const length = Math.min(head.length, HTTP.length)
  return head.toString('latin1', 0, length) === HTTP.slice(0, length)
}

/** RFC 6455 §4.1, what a client must check; MQTT 5 §6: the server must choose "mqtt". */
function checkAnswer(head: string, key: string): void {
  const [statusLine = '', ...lines] = head.split('\r\n')
  const match = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(statusLine)
  if (!match) throw new WebSocketRefused(-1, 'the server speaks no HTTP')
  const status = Number(match[1])
  const refuse = (why: string): never => {
    throw new WebSocketRefused(status, why)
  }
  if (status !== 101) refuse(`the server answered ${statusLine.slice(0, 80)}`)
  const headers = headersOf(lines)
  const has = (name: string, token: string) =>
    (headers.get(name) ?? '').split(',').some((part) => part.trim().toLowerCase() === token)
  if (!has('upgrade', 'websocket') || !has('connection', 'upgrade')) refuse('the answer does not upgrade')
  if (headers.get('sec-websocket-accept') !== acceptOf(key)) refuse('the answer belongs to another key')
  if (headers.get('sec-websocket-protocol') !== 'mqtt')
    refuse('the server did not choose the subprotocol "mqtt"')
  if (headers.has('sec-websocket-extensions')) refuse('the server uses an extension that nobody offered')
}

function headersOf(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    // RFC 9110 §5.3: several lines of one name are one list.
    const earlier = headers.get(name)
    headers.set(name, earlier === undefined ? value : `${earlier}, ${value}`)
  }
  return headers
}

export function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}${GUID}`).digest('base64')
}
