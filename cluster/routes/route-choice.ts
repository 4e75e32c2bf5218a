import { EmqxApiError } from '../emqx/api-error.ts'
import type { Endpoint } from '../emqx/endpoint.ts'
import type { EmqxQuestions } from '../emqx/http.ts'
import { isUntrusted } from '../emqx/tls-problem.ts'
import type { PodTarget } from '../types.ts'

/** At the pods' own addresses, or through the API server. */
export type RouteName = 'pods' | 'api-server'

/** After this long without an answer a pod's address counts as unreachable from here. */
const TRY_MS = 1000
/** Answered by EMQX 5 with its node's name, by the dashboard of 4.4 as an unknown path, by both without credentials. */
const STATUS = '/status'
const NODE = /^Node (\S+) is /
const STATE = /^emqx is (not_)?running$/m
/** What EMQX 4.4 says of a path that it does not know (docs/contract/emqx.md). */
const UNKNOWN_PATH = 'Not found.'

/** The routes to a pod, in the order in which they are tried: its address; the pod proxy; a port-forward. */
export const WAYS = ['direct', 'proxied', 'forwarded'] as const
export type Way = (typeof WAYS)[number]

type Ways = Record<Way, EmqxQuestions> & { endpoint: Endpoint }

/**
 * The route to the pods, one for the whole cluster: their own addresses if the first one answers there, else through the API server. A
 * pod that did not answer is tested again before the next request, the current route first. The route changes only when another one
 * works, so a pod that is deleted changes nothing.
 */
export class RouteChoice {
  #way: Way | undefined
  readonly #doubted = new Set<string>()
  readonly #deciding = new Map<string, Promise<Way>>()

  /** Decided so far. */
  get route(): RouteName | undefined {
    if (this.#way === undefined) return undefined
    return this.#way === 'direct' ? 'pods' : 'api-server'
  }

  /** The route to this pod. Throws EmqxApiError if it answers by none. */
  async of(pod: PodTarget, ways: Ways): Promise<Way> {
    if (this.#way && !this.#doubted.has(pod.name)) return this.#way
    let deciding = this.#deciding.get(pod.name)
    if (!deciding) {
      deciding = this.#decide(pod, ways).finally(() => this.#deciding.delete(pod.name))
      this.#deciding.set(pod.name, deciding)
    }
    return deciding
  }

  /** A request to this pod got no answer. */
  doubt(pod: PodTarget): void {
    this.#doubted.add(pod.name)
  }

  async #decide(pod: PodTarget, ways: Ways): Promise<Way> {
    const why: Partial<Record<Way, string>> = {}
    let stranger: string | undefined
    for (const way of [...(this.#way ? [this.#way] : []), ...WAYS.filter((one) => one !== this.#way)]) {
      const { node, problem, untrusted } = await look(ways[way])
      // By another route it would be the same certificate, or nobody would check it.
      if (untrusted) throw untrusted
      why[way] = problem ?? `node ${node} answers there`
      if (problem !== undefined) continue
      // Pod networks overlap with others: another host may answer at this address.
      if (way === 'direct' && node && pod.node && node !== pod.node) stranger = node
      // Unless the pod itself, as the API server knows it, has that name: then it is the expected one that was wrong.
      else return this.#settle(pod, stranger !== undefined && node === stranger ? 'direct' : way)
    }
    const { direct, proxied, forwarded } = why
    throw new EmqxApiError(
      `pod ${pod.name} answers neither at ${addressOf(pod, ways, 'direct')} (${direct}) nor through the API server (${proxied}; ${forwarded})${tried(ways.endpoint)}`,
    )
  }

  #settle(pod: PodTarget, way: Way): Way {
    this.#doubted.delete(pod.name)
    this.#way = way
    return way
  }
}

function addressOf(pod: PodTarget, { endpoint: { scheme, port } }: Ways, way: Way): string {
  const host = way === 'direct' ? (pod.ip.includes(':') ? `[${pod.ip}]` : pod.ip) : pod.name
  return `${scheme === 'https' ? 'https://' : ''}${host}:${port}`
}

/** Where a port was only supposed, it may be the wrong one. */
const tried = ({ port, from, isDefault }: Endpoint) =>
  isDefault
    ? `; ${port} was tried, ${from}, as neither the pod nor the resource names another for the API`
    : `; the port is from the ${from}`

interface Seen {
  /** The node that answered, if it sent its name. */
  node?: string | undefined
  /** Why there was no answer. */
  problem?: string
  /** It is the certificate. */
  untrusted?: EmqxApiError
}

async function look(http: EmqxQuestions): Promise<Seen> {
  const late = Promise.withResolvers<Seen>()
  const timer = setTimeout(() => late.resolve({ problem: `no answer within ${TRY_MS} ms` }), TRY_MS)
  try {
    return await Promise.race([ask(http), late.promise])
  } finally {
    clearTimeout(timer)
  }
}

async function ask(http: EmqxQuestions): Promise<Seen> {
  try {
    const { status, text } = await http.get(STATUS, 'none')
    const node = NODE.exec(text)?.[1]
    if (node !== undefined || STATE.test(text) || text.trim() === UNKNOWN_PATH || hasCode(text))
      return { node }
    // A gateway, say, that answers for addresses which it does not know.
    return { problem: `HTTP ${status}, not as EMQX answers` }
  } catch (error) {
    if (!(error instanceof Error)) return { problem: String(error) }
    const { cause } = error
    if (error instanceof EmqxApiError && isUntrusted(cause)) return { problem: error.why, untrusted: error }
    return { problem: (cause as NodeJS.ErrnoException)?.code ?? error.message }
  }
}

/** True for EMQX's own form of an error: an object with a code. */
function hasCode(text: string): boolean {
  try {
    return (JSON.parse(text) as { code?: unknown } | null)?.code !== undefined
  } catch {
    return false
  }
}
