import type { ClientRequest, IncomingHttpHeaders } from 'node:http'
import { Connection, type ConnectionOptions } from './connection.ts'
import { errorOf, pathOf, readBytes, readJson, whileBusy, withQuery } from './http.ts'
import { resources } from './resources.ts'
import { openStream } from './stream.ts'
import { Tunnel } from './tunnel.ts'
import type {
  KubeApi,
  KubeObject,
  ListOptions,
  PatchType,
  Resource,
  StrictOption,
  WatchHandler,
} from './types.ts'
import { ListWatch } from './watch.ts'

const PATCH_TYPES: Record<PatchType, string> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
}

/** The subprotocol that kubelets of every supported release speak (k8s.io/kubelet, streaming/portforward). */
const PORT_FORWARD = 'v4.channel.k8s.io'

/** No single request to an API server may take longer. */
const REQUEST_MS = 15_000

/** A server may close a connection that was kept just when the next request is sent on it: that says nothing of the server (Node, "request.reusedSocket"). */
const wasClosedMeanwhile = (request: ClientRequest, { code }: NodeJS.ErrnoException): boolean =>
  request.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE')

/**
 * The Kubernetes API behind a kubeconfig. Throws WeirError WEIR_KUBECONFIG when the file cannot be used; requests
 * throw KubeApiError with the server's Status, or the network's own error when nothing answered.
 */
export function createKubeApi(options: ConnectionOptions): KubeApi {
  const connection = new Connection(options)

  async function send(
    method: string,
    path: string,
    body?: unknown,
    contentType = 'application/json',
    { timeoutMs = REQUEST_MS, accept = 'application/json' } = {},
  ) {
    const payload = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      accept,
      ...(payload !== undefined && {
        'content-type': contentType,
        'content-length': Buffer.byteLength(payload),
      }),
    }
    const signal = AbortSignal.timeout(timeoutMs)
    const ask = async (
      isAgain: boolean,
    ): Promise<{ status: number; body: unknown; headers?: IncomingHttpHeaders }> => {
      const request = await connection.open(method, path, headers, signal)
      return new Promise((resolve, reject) => {
        request.on('response', (response) => {
          readJson(response).then(
            (answer) =>
              resolve({ status: response.statusCode ?? 0, body: answer, headers: response.headers }),
            reject,
          )
        })
        request.on('error', (error) => {
          if (method === 'GET' && !isAgain && wasClosedMeanwhile(request, error)) resolve(ask(true))
          else reject(error)
        })
        request.end(payload)
      })
    }
    return ask(false)
  }

  async function object<T>(method: string, path: string, body?: unknown, contentType?: string): Promise<T> {
    return whileBusy(method === 'GET' ? 'question' : 'order', async () => {
      const answer = await send(method, path, body, contentType)
      if (answer.status < 200 || answer.status > 299)
        throw errorOf(answer.status, answer.body, answer.headers)
      return answer.body as T
    })
  }

  return {
    server: connection.server,
    namespace: connection.namespace,
    get: (resource, namespace, name) => object('GET', pathOf(resource, namespace, name)),
    async list<T extends KubeObject>(resource: Resource, listOptions: ListOptions = {}) {
      const path = withQuery(pathOf(resource, listOptions.namespace), {
        labelSelector: listOptions.labelSelector,
        fieldSelector: listOptions.fieldSelector,
      })
      const list = await object<{ items?: T[]; metadata?: { resourceVersion?: string } }>('GET', path)
      return { items: list.items ?? [], resourceVersion: list.metadata?.resourceVersion ?? '0' }
    },
    create: (resource, item, createOptions) =>
      object('POST', withQuery(pathOf(resource, item.metadata.namespace), strictly(createOptions)), item),
    replace: (resource, item, subresource, replaceOptions) => {
      const { namespace, name } = item.metadata
      return object(
        'PUT',
        withQuery(pathOf(resource, namespace, name, subresource), strictly(replaceOptions)),
        item,
      )
    },
    patch: (resource, namespace, name, type, body, patchOptions = {}) =>
      object(
        'PATCH',
        withQuery(pathOf(resource, namespace, name, patchOptions.subresource), {
          dryRun: patchOptions.dryRun ? 'All' : undefined,
          ...strictly(patchOptions),
        }),
        body,
        PATCH_TYPES[type],
      ),
    async delete(resource, namespace, name, deleteOptions = {}) {
      const { uid, ...rest } = deleteOptions
      const body = {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        ...rest,
        ...(uid !== undefined && { preconditions: { uid } }),
      }
      await object('DELETE', pathOf(resource, namespace, name), body)
    },
    watch<T extends KubeObject>(resource: Resource, watchOptions: ListOptions, handler: WatchHandler<T>) {
      const watch = new ListWatch<T>(connection, resource, watchOptions, handler)
      return { ready: watch.ready, stop: () => watch.stop() }
    },
    async raw(method, path, body, options) {
      const answer = await send(method, path, body, undefined, options)
      return { status: answer.status, body: answer.body }
    },
    async exchange(method, path, { timeoutMs, headers = {}, body }) {
      const signal = AbortSignal.timeout(timeoutMs)
      const sent = { ...headers, ...(body && { 'content-length': body.byteLength }) }
      return readBytes(await connection.open(method, path, sent, signal), body)
    },
    stream: (path, signal) => whileBusy('question', () => openStream(connection, path, signal)),
    async forward(namespace, pod, port, timeoutMs) {
      const path = withQuery(pathOf(resources.pods, namespace, pod, 'portforward'), { ports: port })
      return new Tunnel(await connection.webSocket(path, PORT_FORWARD, timeoutMs))
    },
    close: () => connection.close(),
  }
}

/** Servers before 1.25 do not know the parameter, and drop unknown fields as ever. */
const strictly = ({ strict = false }: StrictOption = {}) => ({
  fieldValidation: strict ? 'Strict' : undefined,
})
