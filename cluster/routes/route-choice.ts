import { EmqxApiError } from '../emqx/api-error.ts'
import type { EmqxHttp } from '../emqx/http.ts'
import type { PodTarget } from '../types.ts'

/** By the pods' own addresses, or through the API server. */
export type RouteName = 'pods' | 'api-server'

/** How long a pod's own address may take to answer before it counts as out of reach from here. */
const TRY_MS = 1000
/** Answered by EMQX 5 with its node's name, by the dashboard of 4.4 with 404, by both without credentials. */
const STATUS = '/status'
const NODE = /^Node (\S+) is /

type Ways = Record<'direct' | 'proxied', EmqxHttp>

/**
 * Which way pods are asked, one for all of a cluster: by their own addresses if the first one tried answers there, else
 * through the API server. A pod that gave no answer is tried again before the next question to it; the way changes only
 * when the other one is seen to work, so that a pod that goes away changes nothing.
 */
export class RouteChoice {
  #route: RouteName | undefined
  #doubted = new Set<string>()
  readonly #deciding = new Map<string, Promise<RouteName>>()

  /** Decided so far. */
  get route(): RouteName | undefined {
    return this.#route
  }

  /** The way to this pod. Throws EmqxApiError when it answers neither way. */
  async of(pod: PodTarget, ways: Ways): Promise<RouteName> {
    if (this.#route && !this.#doubted.has(pod.name)) return this.#route
    let deciding = this.#deciding.get(pod.name)
    if (!deciding) {
      deciding = this.#decide(pod, ways).finally(() => this.#deciding.delete(pod.name))
      this.#deciding.set(pod.name, deciding)
    }
    return deciding
  }

  /** A question to this pod got no answer. */
  doubt(pod: PodTarget): void {
    this.#doubted.add(pod.name)
  }

  async #decide(pod: PodTarget, { direct, proxied }: Ways): Promise<RouteName> {
    const whyNotDirect = await answers(pod, direct)
    if (whyNotDirect === undefined) return this.#settle(pod, 'pods')
    const whyNotProxied = await answers(pod, proxied)
    if (whyNotProxied === undefined) return this.#settle(pod, 'api-server')
    throw new EmqxApiError(
      `pod ${pod.name} answers neither at ${pod.ip} (${whyNotDirect}) nor through the API server (${whyNotProxied})`,
    )
  }

  #settle(pod: PodTarget, route: RouteName): RouteName {
    this.#doubted.delete(pod.name)
    this.#route = route
    return route
  }
}

/** Undefined when the pod itself answered, else why not. */
async function answers(pod: PodTarget, http: EmqxHttp): Promise<string | undefined> {
  const late = Promise.withResolvers<string>()
  const timer = setTimeout(() => late.resolve(`no answer within ${TRY_MS} ms`), TRY_MS)
  try {
    return await Promise.race([ask(pod, http), late.promise])
  } finally {
    clearTimeout(timer)
  }
}

async function ask(pod: PodTarget, http: EmqxHttp): Promise<string | undefined> {
  try {
    const { text } = await http.get(STATUS, 'none')
    const node = NODE.exec(text)?.[1]
    // Pod networks overlap with others: what answers at this address from here may be somebody else.
    return node && pod.node && node !== pod.node ? `another node answers, ${node}` : undefined
  } catch (error) {
    return error instanceof Error
      ? ((error.cause as NodeJS.ErrnoException)?.code ?? error.message)
      : String(error)
  }
}
