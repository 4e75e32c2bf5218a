import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import type { V1OwnerReference } from '@kubernetes/client-node'

/** The little of the Kubernetes API that the harness and the testbeds speak, over any API server. */

export interface ObjectMeta {
  name: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  finalizers?: string[]
  ownerReferences?: V1OwnerReference[]
  [other: string]: unknown
}

export interface KubeObject {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
  [field: string]: unknown
}

/** A resource by its REST path: group "" is the core group. */
export interface Resource {
  group: string
  version: string
  plural: string
  kind: string
  namespaced: boolean
}

export interface ListOptions {
  namespace?: string
  labelSelector?: string
  fieldSelector?: string
}

export type PatchType = 'merge' | 'json' | 'strategic'

export interface ExchangeOptions {
  timeoutMs: number
  headers?: Readonly<Record<string, string>>
  body?: Uint8Array | undefined
}

/** An answer that is not a success, with the server's own Status. */
export class KubeApiError extends Error {
  readonly status: number
  readonly reason: string
  /** After how long the server wants to be asked again. */
  readonly retryAfterMs: number | undefined
  constructor(status: number, reason: string, message: string, retryAfterMs?: number) {
    super(message)
    this.retryAfterMs = retryAfterMs
    this.name = 'KubeApiError'
    this.status = status
    this.reason = reason
  }
}

export type WatchHandler<T> = {
  /** The listing that the watch starts from, and again after a gap. */
  onList(items: T[], resourceVersion: string): void
  onEvent(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: T): void
  /** Nothing was heard since `lastHeardMs` (Date.now()); once the server answers, a fresh onList follows, or onResumed. */
  onGap(reason: string, lastHeardMs: number): void
  /** The watch goes on from where it broke: whatever happened meanwhile follows at once, and nothing is missed. */
  onResumed?(): void
}

export interface StrictOption {
  /** Fields that the server does not know are a refusal (400), not dropped. */
  strict?: boolean
}

export interface KubeApi {
  readonly server: string
  readonly namespace: string
  get<T extends KubeObject>(resource: Resource, namespace: string | undefined, name: string): Promise<T>
  list<T extends KubeObject>(
    resource: Resource,
    options?: ListOptions,
  ): Promise<{ items: T[]; resourceVersion: string }>
  create<T extends KubeObject>(resource: Resource, object: T, options?: StrictOption): Promise<T>
  /** PUT; `subresource` e.g. "status". Sends metadata.resourceVersion when the object carries one (409 on conflict). */
  replace<T extends KubeObject>(
    resource: Resource,
    object: T,
    subresource?: string,
    options?: StrictOption,
  ): Promise<T>
  patch<T extends KubeObject>(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    type: PatchType,
    body: unknown,
    options?: StrictOption & { subresource?: string; dryRun?: boolean },
  ): Promise<T>
  delete(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    options?: {
      gracePeriodSeconds?: number
      propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
      uid?: string
    },
  ): Promise<void>
  /** List, then watch for ever: reconnects and lists again by itself. `ready` resolves after the first listing. */
  watch<T extends KubeObject>(
    resource: Resource,
    options: ListOptions,
    handler: WatchHandler<T>,
  ): { ready: Promise<void>; stop(): void }
  /** Any other path, e.g. "/version" or a pod proxy. */
  raw(
    method: string,
    path: string,
    body?: unknown,
    options?: { timeoutMs?: number; accept?: string },
  ): Promise<{ status: number; body: unknown }>
  /** The same with bytes, both ways, and further headers: a pod behind the proxy. Other answers than a success are no error. */
  exchange(
    method: string,
    path: string,
    options: ExchangeOptions,
  ): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>
  /**
   * The bytes of an answer as they come, e.g. of a log that is followed: until it ends, breaks (the iteration rejects), or the signal
   * aborts. Rejects with KubeApiError for other answers than a success.
   */
  stream(path: string, signal: AbortSignal): Promise<AsyncIterable<Buffer>>
  /** A connection to a port of a pod, through the API server. Rejects with KubeApiError when that is refused. */
  forward(namespace: string, pod: string, port: number, timeoutMs: number): Promise<Duplex>
  close(): void
}
