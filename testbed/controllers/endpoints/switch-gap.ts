import type { Service } from '../kinds.ts'
import type { Member } from './membership.ts'

const GAP_MS = 2000

/**
 * The fault `endpoints-empty`: when the Service that MQTT clients use goes from one set of ready pods to another that has
 * none of them, it has no endpoints at all for a while.
 */
export class SwitchGap {
  readonly #served = new Map<string, Set<string>>()
  readonly #closedUntilMs = new Map<string, number>()

  /** What to publish now; `againInMs` says when to ask again. */
  apply(
    key: string,
    service: Service,
    members: Member[],
    nowMs: number,
  ): { members: Member[]; againInMs?: number } {
    if (!isListener(service)) return { members }
    const ready = new Set(members.filter((member) => member.isReady).map((member) => member.ip))
    const before = this.#served.get(key) ?? new Set()
    const isSwitch = before.size > 0 && ready.size > 0 && before.isDisjointFrom(ready)
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
