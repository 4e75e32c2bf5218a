import { filterOf, isShared, matches } from '../traffic/topic.ts'

/** As whom a client with shared subscriptions got a message: as a member of one of them, or for itself. */
export interface Subscriptions {
  /** Filters of its unshared subscriptions. */
  plain: readonly string[]
  /** Its shared ones: place in the shard's list, and the filter without `$share/<name>/`. */
  shares: readonly { share: number; filter: string }[]
}

export const FOR_ITSELF = -1

/** Collects the shared subscriptions of a shard, each once. */
export class Shares {
  readonly names: string[] = []
  readonly #place = new Map<string, number>()

  /** Undefined for a client without shared subscriptions, as most are. */
  subscriptionsOf(filters: readonly string[]): Subscriptions | undefined {
    const shared = filters.filter(isShared)
    if (shared.length === 0) return undefined
    return {
      plain: filters.filter((filter) => !isShared(filter)),
      shares: shared.map((name) => ({ share: this.#placeOf(name), filter: filterOf(name) })),
    }
  }

  #placeOf(name: string): number {
    let place = this.#place.get(name)
    if (place === undefined) {
      place = this.names.push(name) - 1
      this.#place.set(name, place)
    }
    return place
  }
}

/** Whether the topic is needed to find the subscription of a message. */
export function needsTopic({ plain, shares }: Subscriptions): boolean {
  return plain.length > 0 || shares.length > 1
}

/** Place of the shared subscription that a message came by, or FOR_ITSELF. */
export function cameBy({ plain, shares }: Subscriptions, topic: string): number {
  if (plain.length === 0 && shares.length === 1) return shares[0]!.share
  if (plain.some((filter) => matches(filter, topic))) return FOR_ITSELF
  return shares.find(({ filter }) => matches(filter, topic))?.share ?? FOR_ITSELF
}
