import type { IncomingMessage } from 'node:http'
import type { ListenerKind } from '../listeners/wire.ts'
import type { NodeCore } from '../node-core.ts'
import type { Answer } from './answer.ts'
import type { Route } from './routes.ts'

export interface Credential {
  username: string
  password: string
}

/** The default user of every EMQX. */
export const DEFAULT_USER: Credential = { username: 'admin', password: 'public' }

/** `user:password` of a Basic Authorization header; undefined when it is none. */
export function basicOf(request: IncomingMessage): string | undefined {
  const match = /^Basic\s+(\S+)$/i.exec(request.headers.authorization ?? '')
  return match === null ? undefined : Buffer.from(match[1]!, 'base64').toString()
}

export function isOneOf(given: string, known: readonly Credential[]): boolean {
  return known.some(({ username, password }) => given === `${username}:${password}`)
}

/** What a request is checked against. */
export interface Visit {
  node: NodeCore
  listener: Listener
  /** Applications of the management API (4.4) or API keys (5.x), beside the default user. */
  credentials: readonly Credential[]
}

/** The management API of one major: its ports, paths and errors. */
export interface ManagementApi {
  /** Where it listens unless its configuration says otherwise. */
  listeners: readonly Listener[]
  routes: readonly Route[]
  /** The answer to a request without valid credentials; undefined for one that may pass. */
  refusal(request: IncomingMessage, path: string, visit: Visit): Answer | undefined
  /** No such route; `allowed` are the methods that the path has, `accept` is the header. */
  missing(allowed: readonly string[], accept: string): Answer
  /** The answer to a body of this content type; undefined for one that may pass. */
  unreadable?(contentType: string): Answer | undefined
  invalidJson(): Answer
}

/** A port that an emulated node opens. */
export type Listener = MqttPort | HttpPort

interface MqttPort {
  port: number
  serves: ListenerKind
}

export interface HttpPort {
  port: number
  serves: 'http' | 'https'
  /** 4.4 has a listener for each; 5 has the API on that of the dashboard. */
  of: 'dashboard' | 'management'
}

export const isHttp = (listener: Listener): listener is HttpPort => 'of' in listener

/**
 * Processes under one MQTT listener of a node: also sessions whose client is away, but none that was parked here
 * (docs/contract/emqx.md#listeners).
 */
export function processesOf(node: NodeCore, kind: ListenerKind): number {
  let count = 0
  for (const { listener } of node.connections) if (listener === kind) count++
  for (const { connection, listener, parked, dead } of node.channels.values())
    if (connection === undefined && listener === kind && !parked && !dead) count++
  return count
}
