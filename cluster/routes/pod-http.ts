import type { Duplex } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { EmqxApiError } from '../emqx/api-error.ts'
import type { Endpoint } from '../emqx/endpoint.ts'
import {
  type Authentication,
  type EmqxAnswer,
  type EmqxHttp,
  type EmqxQuestions,
  emqxHttp,
} from '../emqx/http.ts'
import { type KubeApi, KubeApiError } from '../kubernetes/types.ts'
import type { PodTarget } from '../types.ts'
import type { Access, AccessFinder } from './access.ts'
import type { EndpointFinder } from './endpoint-finder.ts'
import { proxiedHttp } from './proxied.ts'
import type { RouteChoice, Way } from './route-choice.ts'

const TIMEOUT_MS = 5000

interface Ways {
  access: Access
  endpoint: Endpoint
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
  readonly #endpoints: EndpointFinder
  #ways: Ways | undefined
  /** EMQX requires credentials for what is open by default. */
  #closed = false

  constructor(
    kube: KubeApi,
    pod: PodTarget,
    { access, choice, endpoints }: { access: AccessFinder; choice: RouteChoice; endpoints: EndpointFinder },
  ) {
    this.#kube = kube
    this.#pod = pod
    this.#access = access
    this.#choice = choice
    this.#endpoints = endpoints
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
    const ways = this.#open(access, await this.#endpoints.of(this.#pod.name, access.listener))
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

  #open(access: Access, endpoint: Endpoint): Ways {
    if (
      this.#ways &&
      isDeepStrictEqual(this.#ways.access, access) &&
      isDeepStrictEqual(this.#ways.endpoint, endpoint)
    )
      return this.#ways
    this.close()
    const { credentials } = access
    const { name, ip } = this.#pod
    const { scheme, port } = endpoint
    const common = { scheme, tls: this.#endpoints.tls, port, credentials, timeoutMs: TIMEOUT_MS }
    this.#ways = {
      access,
      endpoint,
      direct: emqxHttp({ ...common, host: ip }),
      proxied: proxiedHttp(this.#kube, name, endpoint, TIMEOUT_MS),
      forwarded: emqxHttp({ ...common, host: name, open: () => forwarded(this.#kube, name, port) }),
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

/** A connection to a pod's listener by a port-forward of the API server, which leaves the Authorization header alone. */
const forwarded = (kube: KubeApi, pod: string, port: number): Promise<Duplex> =>
  kube.forward(kube.namespace, pod, port, TIMEOUT_MS).catch((error: unknown) => {
    if (error instanceof KubeApiError)
      throw new Error(`the API server forwards no port (${error.status}: ${error.message})`, { cause: error })
    throw error
  })
