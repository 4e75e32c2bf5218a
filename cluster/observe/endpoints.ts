import type { EndpointSlice } from '../kubernetes/kinds.ts'
import type { KubeObject } from '../kubernetes/types.ts'

/**
 * The ready members of one Service over all its EndpointSlices: a Service with named target ports has several slices,
 * and a slice may come before the one it replaces has gone.
 */
export class EndpointMembers {
  readonly #slices = new Map<string, EndpointSlice>()
  readonly #podOfIp: (ip: string) => string | undefined
  #told: string | undefined

  /** @param podOfIp the pod that has this address: slices made from a hand-written Endpoints object may lack a reference */
  constructor(podOfIp: (ip: string) => string | undefined) {
    this.#podOfIp = podOfIp
  }

  /** Takes one slice's change. Returns the members, sorted, when they differ from those returned last. */
  take(slice: KubeObject, deleted: boolean): string[] | undefined {
    if (deleted) this.#slices.delete(slice.metadata.name)
    else this.#slices.set(slice.metadata.name, slice as EndpointSlice)
    return this.changed()
  }

  /** The members, sorted, when they differ from those returned last. */
  changed(): string[] | undefined {
    const members = new Set<string>()
    for (const slice of this.#slices.values())
      for (const { addresses, conditions, targetRef } of slice.endpoints ?? []) {
        // "ready: null" means unknown, which consumers must read as ready (discovery.k8s.io/v1).
        if (conditions?.ready === false) continue
        if (targetRef?.kind === 'Pod' && targetRef.name) members.add(targetRef.name)
        else for (const address of addresses ?? []) members.add(this.#podOfIp(address) ?? address)
      }
    const sorted = [...members].sort()
    const text = sorted.join('\n')
    if (text === this.#told) return undefined
    this.#told = text
    return sorted
  }
}
