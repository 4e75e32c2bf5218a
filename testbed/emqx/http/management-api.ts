import type { IncomingMessage } from 'node:http'
import type { NodeCore } from '../node-core.ts'
import type { Answer } from './answer.ts'
import type { Credential } from './credential.ts'
import type { Listener } from './listener.ts'
import type { Route } from './routes.ts'

/** What a request is checked against. */
export interface Visit {
  node: NodeCore
  port: number
  /** Applications of the management API (4.4) or API keys (5.x), beside the default user. */
  credentials: readonly Credential[]
}

/** The management API of one major: its ports, paths and errors. */
export interface ManagementApi {
  listeners: readonly Listener[]
  routes: readonly Route[]
  /** The answer to a request without valid credentials; undefined for one that may pass. */
  refusal(request: IncomingMessage, path: string, visit: Visit): Answer | undefined
  /** No such route; `allowed` are the methods that the path has. */
  missing(allowed: readonly string[]): Answer
  invalidJson(): Answer
}
