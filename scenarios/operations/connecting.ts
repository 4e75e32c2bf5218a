import { admittedBy } from '#weir/facts/index.ts'
import type { Scenario } from '../types.ts'
import { type OnCluster, onCluster } from './on-cluster.ts'

export interface Connecting extends OnCluster {
  /** How many clients may be connected, before and afterwards. */
  from: number
  to: number
  /** The file with the licence that allows them. */
  licenceFile: string | undefined
  /** Those that the Service gets, null for one that it loses; none leaves it as it is. */
  annotations?: Readonly<Record<string, string | null>>
  /** The address of a load balancer may become another, and the user knows. */
  addressMayChange?: boolean
}

/** Newcomers come slowly, so that EMQX counts between them; many of them still within half a minute. */
const SLOWEST = 10
const SECONDS = 30
/** How long EMQX goes by an old count (docs/contract/emqx.md#licence). */
const COUNT_SECONDS = 6

/** The scenario of another number of connections. */
export function connecting(connections: Connecting): Scenario {
  const { from, to, licenceFile, annotations = {}, addressMayChange = false, ...cluster } = connections
  const { clients } = cluster
  const perSecond = Math.max(SLOWEST, Math.ceil(clients / SECONDS))
  const scenario = onCluster('connections-raise', cluster, {
    name: 'connections',
    description: `From ${from} connections to ${to}.`,
    step(step) {
      if (!('action' in step))
        return 'waitFor' in step && step.waitFor === 'setting-read' ? { ...step, deadlineSeconds: 150 } : step
      if (step.action === 'connect-more') return { ...step, clients, perSecond }
      if (step.action !== 'connections') return step
      const { licence: _ofTheTestbed, ...rest } = step
      return {
        ...rest,
        most: to,
        ...(licenceFile !== undefined && { licenceFile }),
        ...(Object.keys(annotations).length > 0 && { annotations }),
      }
    },
  })
  // Where fewer are allowed the probe is refused as every new client may be; at an address that moves it finds nobody.
  const asked = scenario.assert
    .filter(({ id }) => (to > from && !addressMayChange) || id !== 'available')
    .map((one) =>
      addressMayChange && one.id === 'addresses-kept' ? { ...one, bounds: { loadBalancers: 1 } } : one,
    )
  // Fewer clients than that come nowhere near the limit, and show nothing of it.
  if (clients * 2 > admittedBy(to) + perSecond * COUNT_SECONDS) return { ...scenario, assert: asked }
  return {
    ...scenario,
    steps: scenario.steps.filter((step) => !('action' in step && step.action === 'connect-more')),
    assert: asked.filter(({ id }) => id !== 'limit-holds'),
  }
}
