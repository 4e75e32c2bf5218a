import http from 'node:http'
import { pathOf, readBytes } from '../kubernetes/http.ts'
import { resources } from '../kubernetes/resources.ts'
import type { KubeApi } from '../kubernetes/types.ts'
import type { FleetPod } from './fleet-job.ts'
import { FLEET_PORT } from './objects.ts'

/** Carries the run's token. Not Authorization: the API server's proxy keeps that for itself. */
export const TOKEN_HEADER = 'x-weir-token'

/** After this long without an answer a pod's address counts as unreachable from here. */
const TRY_MS = 2000

export interface PodAnswer {
  status: number
  headers: http.IncomingHttpHeaders
  body: Buffer
}

/** The control endpoint of one fleet pod: at its own address where that answers, else through the API server's proxy. */
export class FleetPodHttp {
  readonly #kube: KubeApi
  readonly #namespace: string
  readonly #pod: FleetPod
  readonly #token: string
  readonly #port: number
  readonly #agent = new http.Agent({ keepAlive: true })
  #route: 'pod' | 'api-server' | undefined

  constructor(
    kube: KubeApi,
    namespace: string,
    pod: FleetPod,
    { token, port = FLEET_PORT }: { token: string; port?: number },
  ) {
    this.#kube = kube
    this.#namespace = namespace
    this.#pod = pod
    this.#token = token
    this.#port = port
  }

  /** Decided by the first answer. */
  get route(): 'pod' | 'api-server' | undefined {
    return this.#route
  }

  /** Rejects when nothing answers, and for answers other than 200. */
  async request(
    method: 'GET' | 'POST',
    path: string,
    { body, timeoutMs }: { body?: Uint8Array; timeoutMs: number },
  ): Promise<PodAnswer> {
    this.#route ??= await this.#choose()
    const answer = await this.#by(this.#route, method, path, timeoutMs, body)
    if (answer.status === 200) return answer
    throw new PodRefusal(`${method} ${path} of fleet pod ${this.#pod.name}: ${wordsOf(answer)}`, answer)
  }

  close(): void {
    this.#agent.destroy()
  }

  async #choose(): Promise<'pod' | 'api-server'> {
    const why: string[] = []
    for (const route of ['pod', 'api-server'] as const)
      try {
        const answer = await this.#by(route, 'GET', '/hello', TRY_MS)
        if (answer.status === 200) return route
        why.push(wordsOf(answer))
      } catch (error) {
        why.push((error as NodeJS.ErrnoException).code ?? (error as Error).message)
      }
    throw new Error(
      `fleet pod ${this.#pod.name} answers neither at ${this.#pod.ip} (${why[0]}) nor through the API server (${why[1]})`,
    )
  }

  #by(
    route: 'pod' | 'api-server',
    method: string,
    path: string,
    timeoutMs: number,
    body?: Uint8Array,
  ): Promise<PodAnswer> {
    const headers = { [TOKEN_HEADER]: this.#token }
    if (route === 'api-server') {
      const proxy = `${pathOf(resources.pods, this.#namespace, this.#pod.name)}:${this.#port}/proxy`
      return this.#kube.exchange(method, proxy + path, { timeoutMs, headers, body })
    }
    const request = http.request({
      host: this.#pod.ip,
      port: this.#port,
      method,
      path,
      agent: this.#agent,
      headers: { ...headers, ...(body && { 'content-length': body.byteLength }) },
      signal: AbortSignal.timeout(timeoutMs),
    })
    return readBytes(request, body)
  }
}

/** An answer that is no success, of the pod or of what is in front of it. */
export class PodRefusal extends Error {
  /** In its own words. */
  readonly words: string

  constructor(message: string, answer: PodAnswer) {
    super(message)
    this.name = 'PodRefusal'
    this.words = textOf(answer) || message
  }
}

const wordsOf = (answer: PodAnswer) => `${answer.status} ${textOf(answer)}`.trim()

/** A Kubernetes Status, or plain text. */
function textOf({ body }: PodAnswer): string {
  const text = body.toString('utf8', 0, 500).trim()
  const message = /"message":\s*("(?:[^"\\]|\\.)+")/.exec(text)?.[1]
  return message === undefined ? (text.split('\n')[0] ?? '') : (JSON.parse(message) as string)
}
