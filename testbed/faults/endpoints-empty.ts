import type { Service } from '#weir/cluster/kubernetes/kinds.ts'
import type { Member } from '../controllers/endpoints/membership.ts'
import { fault } from './fault.ts'

const GAP_MS = 2000

/**
 * When ready pods of an older set leave the Service that MQTT clients use to those of a newer one, it has no endpoints at
 * all for a while. They leave all at once where its selector is changed, one after the other where a readiness gate shuts
 * them out; then the gap begins with the first. A set that only gets smaller is no switch.
 */
class SwitchGap {
  /** By Service: the ready pods that were published last, by address, each with its set. */
  readonly #served = new Map<string, Map<string, string>>()
  /** By Service: sets in the order of their first ready pod. */
  readonly #seen = new Map<string, Set<string>>()
  readonly #closedUntilMs = new Map<string, number>()

  published(
    key: string,
    service: Service,
    members: Member[],
    nowMs: number,
  ): { members: Member[]; againInMs?: number } {
    if (!isListener(service)) return { members }
    const ready = new Map(members.filter(({ isReady }) => isReady).map(({ ip, set }) => [ip, set]))
    const seen = this.#seen.get(key) ?? new Set()
    this.#seen.set(key, seen)
    const age = [...seen, ...ready.values()]
    for (const set of ready.values()) seen.add(set)
    const left = [...(this.#served.get(key) ?? [])].filter(([ip]) => !ready.has(ip))
    const isSwitch = left.some(([, old]) =>
      [...ready.values()].some((set) => age.indexOf(old) < age.indexOf(set)),
    )
    if (isSwitch && !this.#closedUntilMs.has(key)) this.#closedUntilMs.set(key, nowMs + GAP_MS)
    const untilMs = this.#closedUntilMs.get(key) ?? 0
    if (nowMs < untilMs) return { members: [], againInMs: untilMs - nowMs }
    this.#closedUntilMs.delete(key)
    this.#served.set(key, ready)
    return { members }
  }
}

const isListener = ({ spec }: Service) =>
  spec.type === 'NodePort' ||
  spec.type === 'LoadBalancer' ||
  (spec.clusterIP !== 'None' && (spec.ports ?? []).some((port) => port.port === 1883))

export const endpointsEmpty = fault({
  name: 'endpoints-empty',
  part: 'controllers',
  summary: 'the Service has no endpoints for two seconds at the switch',
  caughtBy: ['switch-before-evict'],
  alsoFails: ['initial-delay'],
  endpoints(next) {
    const gap = new SwitchGap()
    return {
      published(key, service, members, nowMs) {
        const before = next.published(key, service, members, nowMs)
        return { ...before, ...gap.published(key, service, before.members, nowMs) }
      },
    }
  },
})
