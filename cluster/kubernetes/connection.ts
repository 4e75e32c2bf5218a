import http from 'node:http'
import https from 'node:https'
import { isDeepStrictEqual } from 'node:util'
import { KubeConfig } from '@kubernetes/client-node'
import WebSocket from 'ws'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import { errorOf, readJson } from './http.ts'
import { loadFiles } from './kubeconfig-files.ts'

/** In place of a kubeconfig: the ServiceAccount of the pod that weir runs in. */
export const IN_CLUSTER = 'in-cluster'

export interface ConnectionOptions {
  /** Path of a file, several joined as in KUBECONFIG, or IN_CLUSTER. */
  kubeconfig: string
  context?: string
  namespace?: string
  /** Requests are made in the name of somebody else, which the kubeconfig's user must be allowed to do. */
  impersonate?: Impersonation | undefined
}

/** Kubernetes "User impersonation". */
export interface Impersonation {
  user: string
  groups: readonly string[]
}

/** The credentials are not, or no longer, accepted (RFC 9110, 15.5.2). */
const UNAUTHORIZED = 401

/** How long credentials are reused before they are asked for again (exec plugins hand out short-lived tokens). */
const CREDENTIALS_MS = 30_000

/** Loads a kubeconfig and opens requests to its API server over kept-alive connections. */
export class Connection {
  readonly server: string
  readonly namespace: string
  readonly #options: ConnectionOptions
  #config: KubeConfig
  readonly #url: URL
  readonly #plain = new http.Agent({ keepAlive: true })
  /** By what TLS needs of the credentials: a renewed client certificate takes a new connection. The last is in use. */
  readonly #agents: { tls: https.AgentOptions; agent: https.Agent }[] = []
  #isRefused = false
  #credentials: { options: https.RequestOptions; untilMs: number } | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#config = loadKubeconfig(options)
    const cluster = this.#config.getCurrentCluster()
    if (!cluster?.server)
      throw new WeirError(
        'WEIR_KUBECONFIG',
        `the kubeconfig ${options.kubeconfig} names no cluster for context "${this.#config.getCurrentContext()}": choose another with --context`,
      )
    this.server = cluster.server
    this.#url = new URL(cluster.server)
    const context = this.#config.getContextObject(this.#config.getCurrentContext())
    this.namespace = options.namespace ?? context?.namespace ?? 'default'
  }

  /** Opens a request; the caller writes the body and reads the answer. */
  async open(
    method: string,
    path: string,
    headers: http.OutgoingHttpHeaders,
    signal?: AbortSignal,
  ): Promise<http.ClientRequest> {
    const credentials = await this.#credentialOptions()
    const secure = this.#url.protocol === 'https:'
    const options: https.RequestOptions = {
      method,
      protocol: this.#url.protocol,
      hostname: this.#url.hostname.replace(/^\[|\]$/g, ''),
      port: this.#url.port || (secure ? 443 : 80),
      path: this.#url.pathname.replace(/\/$/, '') + path,
      headers: { ...(credentials.headers as http.OutgoingHttpHeaders), ...headers },
      agent: this.#proxy(credentials) ?? (secure ? this.#agentFor(credentials) : this.#plain),
    }
    if (credentials.auth) options.auth = credentials.auth
    if (signal) options.signal = signal
    const request = secure ? https.request(options) : http.request(options)
    if (this.#proxy(credentials)) request.prependListener('error', namingProxy)
    request.on('response', ({ statusCode = 0 }) => this.#answered(statusCode, path))
    return request
  }

  /** A refused token may have expired, and the kubeconfig, or what it names, may have a newer one. */
  #answered(status: number, path: string): void {
    // Behind the proxy of a pod, the 401 is the pod's.
    if (status === UNAUTHORIZED && !path.includes('/proxy/')) this.#isRefused = true
  }

  /** Opens a WebSocket, paused. Rejects with KubeApiError when the server refuses the upgrade. */
  async webSocket(path: string, protocol: string, timeoutMs: number): Promise<WebSocket> {
    const { headers, auth, ...credentials } = await this.#credentialOptions()
    const agent = this.#proxy(credentials)
    const url = new URL(this.#url)
    url.protocol = this.#url.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(`${url.origin}${this.#url.pathname.replace(/\/$/, '')}${path}`, [protocol], {
      ...tlsOf(credentials),
      ...(agent && { agent }),
      headers: headers as Record<string, string>,
      ...(auth ? { auth } : {}),
      handshakeTimeout: timeoutMs,
    })
    return new Promise((resolve, reject) => {
      socket.on('error', reject)
      socket.on('unexpected-response', (request, response) => {
        readJson(response)
          .then((body) => {
            this.#answered(response.statusCode ?? 0, path)
            reject(errorOf(response.statusCode ?? 0, body))
          }, reject)
          .finally(() => request.destroy())
      })
      socket.on('open', () => {
        // What comes with the upgrade must wait until somebody listens.
        socket.pause()
        resolve(socket)
      })
    })
  }

  close(): void {
    for (const { agent } of this.#agents) agent.destroy()
    this.#plain.destroy()
  }

  /** The agent that the library made for the kubeconfig's proxy-url; it is made again when the credentials are. */
  #proxy({ agent }: https.RequestOptions): http.Agent | undefined {
    const hasProxy = this.#config.getCurrentCluster()?.proxyUrl !== undefined
    return hasProxy && typeof agent === 'object' ? agent : undefined
  }

  #isRenewed({ cert, key }: https.RequestOptions): boolean {
    const last = this.#credentials?.options
    return last !== undefined && !isDeepStrictEqual([last.cert, last.key], [cert, key])
  }

  #agentFor(credentials: https.RequestOptions): https.Agent {
    const tls = tlsOf(credentials)
    const last = this.#agents.at(-1)
    if (last && isDeepStrictEqual(last.tls, tls)) return last.agent
    const agent = new https.Agent({ ...tls, keepAlive: true })
    this.#agents.push({ tls, agent })
    return agent
  }

  #reload(): void {
    this.#isRefused = false
    this.#credentials = undefined
    try {
      const renewed = loadKubeconfig({ ...this.#options, context: this.#config.getCurrentContext() })
      // Meanwhile the file may have been given to another cluster, whose credentials are not for this one.
      if (renewed.getCurrentCluster()?.server === this.server) this.#config = renewed
    } catch {
      // Somebody is writing the file: what was read before stands until the next refusal.
    }
  }

  async #credentialOptions(): Promise<https.RequestOptions> {
    const nowMs = Date.now()
    if (this.#isRefused) this.#reload()
    if (!this.#credentials || nowMs > this.#credentials.untilMs) {
      const options: https.RequestOptions = {}
      try {
        await this.#config.applyToHTTPSOptions(options)
        if (this.#proxy(options) && this.#isRenewed(options)) {
          // The library keeps one agent for each user, with the certificate that the user had first.
          this.#config = loadKubeconfig({ ...this.#options, context: this.#config.getCurrentContext() })
          await this.#config.applyToHTTPSOptions(options)
        }
      } catch (cause) {
        throw new WeirError(
          'WEIR_KUBECONFIG',
          `the kubeconfig's credentials of context "${this.#config.getCurrentContext()}" cannot be had: ${firstLine(cause)}; see that its files and commands are there`,
          { cause },
        )
      }
      const { impersonate } = this.#options
      if (impersonate)
        options.headers = {
          ...(options.headers as http.OutgoingHttpHeaders),
          'Impersonate-User': impersonate.user,
          'Impersonate-Group': [...impersonate.groups],
        }
      this.#credentials = { options, untilMs: nowMs + CREDENTIALS_MS }
    }
    return this.#credentials.options
  }
}

/** What the library's agents say of a proxy that refuses has no code, which errors of a network have. */
function namingProxy(error: NodeJS.ErrnoException): void {
  error.code ??= 'EPROXY'
}

const firstLine = (thrown: unknown) => messageOf(thrown).split('\n')[0]

function loadKubeconfig(options: ConnectionOptions): KubeConfig {
  if (options.kubeconfig === IN_CLUSTER && !process.env.KUBERNETES_SERVICE_HOST)
    throw new WeirError(
      'WEIR_KUBECONFIG',
      `--kubeconfig ${IN_CLUSTER} is for a pod, and KUBERNETES_SERVICE_HOST is not set here: name a file (./${IN_CLUSTER} if it is called so)`,
    )
  let config: KubeConfig
  try {
    config = options.kubeconfig === IN_CLUSTER ? ofThisPod() : loadFiles(options.kubeconfig)
  } catch (cause) {
    throw new WeirError(
      'WEIR_KUBECONFIG',
      `cannot read the kubeconfig ${options.kubeconfig}: ${firstLine(cause)}`,
      { cause },
    )
  }
  if (options.context !== undefined) {
    const known = config.getContexts().map((context) => context.name)
    if (!known.includes(options.context))
      throw new WeirError(
        'WEIR_KUBECONFIG',
        `the kubeconfig ${options.kubeconfig} has no context "${options.context}": it has ${known.join(', ') || 'none'}`,
      )
    config.setCurrentContext(options.context)
  }
  return config
}

/** The kubelet renews the token in its file, which is read again every minute. */
function ofThisPod(): KubeConfig {
  const config = new KubeConfig()
  config.loadFromCluster()
  return config
}

function tlsOf(options: https.RequestOptions): https.AgentOptions {
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options
  const tls = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }
  return Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined))
}
