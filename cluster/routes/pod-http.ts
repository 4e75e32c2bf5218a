import { isDeepStrictEqual } from 'node:util'
import { EmqxApiError } from '../emqx/api-error.ts'
import {
  type Authentication,
  type EmqxAnswer,
  type EmqxHttp,
  type EmqxQuestions,
  emqxHttp,
} from '../emqx/http.ts'
import { type KubeApi, KubeApiError } from '../kubernetes/types.ts'
import type { PodTarget } from '../types.ts'
import type { Access, AccessFinder, Credentials } from './access.ts'
import { proxiedHttp } from './proxied.ts'
import type { RouteChoice, Way } from './route-choice.ts'

const TIMEOUT_MS = 5000

interface Ways {
  access: Access
  direct: EmqxHttp
  proxied: EmqxQuestions
  forwarded: EmqxHttp
}

/**
 * One pod's HTTP listener by the route that the cluster allows. A request uses one route only: if it fails, the next request tries
 * whether another route is open.
 */
export class PodHttp implements EmqxHttp {
  readonly #kube: KubeApi
  readonly #pod: PodTarget
  readonly #access: AccessFinder
  readonly #choice: RouteChoice
  #ways: Ways | undefined
  /** EMQX requires credentials for what is open by default. */
  #closed = false

  constructor(kube: KubeApi, pod: PodTarget, access: AccessFinder, choice: RouteChoice) {
    this.#kube = kube
    this.#pod = pod
    this.#access = access
    this.#choice = choice
  }

  get(path: string, authentication: Authentication = 'required'): Promise<EmqxAnswer> {
    return this.#through(authentication, (ways, way) => this.#ask(ways, way, path, authentication))
  }

  send(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<EmqxAnswer> {
    return this.#through('required', (ways, way) =>
      ways[way === 'proxied' ? 'forwarded' : way].send(method, path, body),
    )
  }

  async #through(
    authentication: Authentication,
    ask: (ways: Ways, way: Way) => Promise<EmqxAnswer>,
  ): Promise<EmqxAnswer> {
    const access = await this.#access.get()
    if (authentication === 'required' && !access.credentials) throw this.#noCredentials(access)
    const ways = this.#open(access)
    const way = await this.#choice.of(this.#pod, ways)
    try {
      const answer = await ask(ways, way)
      if (answer.status === 401 && authentication !== 'none') throw this.#refused(access, answer)
      return answer
    } catch (error) {
      if (error instanceof EmqxApiError && error.status === undefined) this.#choice.doubt(this.#pod)
      throw error
    }
  }

  close(): void {
    if (!this.#ways) return
    for (const way of [this.#ways.direct, this.#ways.proxied, this.#ways.forwarded]) way.close()
    this.#ways = undefined
  }

  async #ask(ways: Ways, way: Way, path: string, authentication: Authentication): Promise<EmqxAnswer> {
    if (way !== 'proxied') return ways[way].get(path, authentication)
    if (authentication === 'required' || (authentication === 'optional' && this.#closed))
      return ways.forwarded.get(path, authentication)
    const answer = await ways.proxied.get(path)
    if (answer.status !== 401 || authentication === 'none') return answer
    // The proxy removes credentials, so the proxied request had none; repeat it with them.
    this.#closed = true
    return ways.forwarded.get(path, authentication)
  }

  #open(access: Access): Ways {
    if (this.#ways && isDeepStrictEqual(this.#ways.access, access)) return this.#ways
    this.close()
    const { port, credentials } = access
    const { name, ip } = this.#pod
    this.#ways = {
      access,
      direct: emqxHttp({ host: ip, port, credentials, timeoutMs: TIMEOUT_MS }),
      proxied: proxiedHttp(this.#kube, name, port, TIMEOUT_MS),
      forwarded: forwardedHttp(this.#kube, name, port, credentials, TIMEOUT_MS),
    }
    return this.#ways
  }

  #noCredentials({ from }: Access): EmqxApiError {
    return new EmqxApiError(
      `no credentials for EMQX's HTTP API on pod ${this.#pod.name} (${from}): set ${this.#access.saying}, or let this user read that Secret`,
      401,
    )
  }

  #refused({ credentials, from }: Access, { text }: EmqxAnswer): EmqxApiError {
    this.#access.refused()
    const code = /"code"\s*:\s*"?([A-Z_]+)/.exec(text)?.[1]
    const who = credentials
      ? `user "${credentials.username}" (${from})`
      : `requests without credentials (${from})`
    return new EmqxApiError(
      `EMQX on pod ${this.#pod.name} does not accept ${who}: 401${code ? ` ${code}` : ''}; set ${this.#access.saying} to valid credentials`,
      401,
    )
  }
}

/** A pod's HTTP listener through a port-forward of the API server, which leaves the Authorization header alone. */
function forwardedHttp(
  kube: KubeApi,
  pod: string,
  port: number,
  credentials: Credentials | undefined,
  timeoutMs: number,
): EmqxHttp {
  return emqxHttp({
    host: pod,
    port,
    credentials,
    timeoutMs,
    open: () =>
      kube.forward(kube.namespace, pod, port, timeoutMs).catch((error: unknown) => {
        if (error instanceof KubeApiError)
          throw new Error(`the API server forwards no port (${error.status}: ${error.message})`, {
            cause: error,
          })
        throw error
      }),
  })
}
