import http from 'node:http'
import https from 'node:https'
import { KubeConfig } from '@kubernetes/client-node'
import WebSocket from 'ws'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import { errorOf, readJson } from './http.ts'

export interface ConnectionOptions {
  kubeconfig: string
  context?: string
  namespace?: string
}

/** How long credentials are reused before they are asked for again (exec plugins hand out short-lived tokens). */
const CREDENTIALS_MS = 30_000

/** Loads a kubeconfig and opens requests to its API server over kept-alive connections. */
export class Connection {
  readonly server: string
  readonly namespace: string
  readonly #config: KubeConfig
  readonly #url: URL
  #agent: http.Agent | undefined
  #credentials: { options: https.RequestOptions; untilMs: number } | undefined

  constructor(options: ConnectionOptions) {
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
    this.#agent ??= secure
      ? new https.Agent({ ...tlsOf(credentials), keepAlive: true })
      : new http.Agent({ keepAlive: true })
    const options: https.RequestOptions = {
      method,
      protocol: this.#url.protocol,
      hostname: this.#url.hostname.replace(/^\[|\]$/g, ''),
      port: this.#url.port || (secure ? 443 : 80),
      path: this.#url.pathname.replace(/\/$/, '') + path,
      headers: { ...(credentials.headers as http.OutgoingHttpHeaders), ...headers },
      agent: this.#agent,
    }
    if (credentials.auth) options.auth = credentials.auth
    if (signal) options.signal = signal
    return secure ? https.request(options) : http.request(options)
  }

  /** Opens a WebSocket, paused. Rejects with KubeApiError when the server refuses the upgrade. */
  async webSocket(path: string, protocol: string, timeoutMs: number): Promise<WebSocket> {
    const { headers, auth, ...credentials } = await this.#credentialOptions()
    const url = new URL(this.#url)
    url.protocol = this.#url.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(`${url.origin}${this.#url.pathname.replace(/\/$/, '')}${path}`, [protocol], {
      ...tlsOf(credentials),
      headers: headers as Record<string, string>,
      ...(auth ? { auth } : {}),
      handshakeTimeout: timeoutMs,
    })
    return new Promise((resolve, reject) => {
      socket.on('error', reject)
      socket.on('unexpected-response', (request, response) => {
        readJson(response)
          .then((body) => reject(errorOf(response.statusCode ?? 0, body)), reject)
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
    this.#agent?.destroy()
  }

  async #credentialOptions(): Promise<https.RequestOptions> {
    const nowMs = Date.now()
    if (!this.#credentials || nowMs > this.#credentials.untilMs) {
      const options: https.RequestOptions = {}
      try {
        await this.#config.applyToHTTPSOptions(options)
      } catch (cause) {
        throw new WeirError(
          'WEIR_KUBECONFIG',
          `the kubeconfig's credentials of context "${this.#config.getCurrentContext()}" cannot be had: ${firstLine(cause)}; see that its files and commands are there`,
          { cause },
        )
      }
      this.#credentials = { options, untilMs: nowMs + CREDENTIALS_MS }
    }
    return this.#credentials.options
  }
}

const firstLine = (thrown: unknown) => messageOf(thrown).split('\n')[0]

function loadKubeconfig(options: ConnectionOptions): KubeConfig {
  const config = new KubeConfig()
  try {
    config.loadFromFile(options.kubeconfig)
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

function tlsOf(options: https.RequestOptions): https.AgentOptions {
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options
  const tls = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }
  return Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined))
}
