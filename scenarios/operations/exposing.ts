import type { AskedPort, NetworkType, TrafficPolicy } from '#weir/facts/index.ts'
import type { NetworkStep } from '../actions/network/network-change.ts'
import type { Scenario } from '../types.ts'
import { type OnCluster, onCluster } from './on-cluster.ts'

export interface Exposing extends OnCluster, Pick<NetworkStep, 'servedBy' | 'annotations'> {
  from: NetworkType
  to: NetworkType
  ports: readonly AskedPort[]
  loadBalancerClass: string | undefined
  externalTrafficPolicy: TrafficPolicy | undefined
  /** Labels of the pods that weir's own Service leads to. */
  selector: Record<string, string>
}

/** A cloud takes minutes to make a load balancer, and its name minutes more to resolve (docs/contract/operations.md#network). */
const BALANCER_SECONDS = 300

/** The scenario of another way in for clients from outside. */
export function exposing(wanted: Exposing): Scenario {
  const { from, to, servedBy, ports, annotations, selector, loadBalancerClass, externalTrafficPolicy } =
    wanted
  const isBalancer = from === 'LoadBalancer' || to === 'LoadBalancer'
  const scenario = onCluster('network-nodeport', wanted, {
    name: 'network',
    description: `From ${from} to ${to}, by ${servedBy === 'weir' ? "a Service of weir's own" : "the operator's Service"}.`,
    step(step) {
      if ('waitFor' in step && step.waitFor === 'exposed')
        return { ...step, deadlineSeconds: isBalancer ? BALANCER_SECONDS + 30 : 90 }
      if (!('action' in step)) return step
      if (step.action === 'try-addresses')
        return {
          ...step,
          ...(isBalancer ? { forSeconds: BALANCER_SECONDS, deadlineSeconds: 480 } : { forSeconds: 30 }),
        }
      if (step.action !== 'network') return step
      return {
        ...{
          action: step.action,
          deadlineSeconds: step.deadlineSeconds,
          type: to,
          servedBy,
          annotations,
          selector,
        },
        ports: [...ports],
        ...(loadBalancerClass !== undefined && { loadBalancerClass }),
        ...(externalTrafficPolicy !== undefined && { externalTrafficPolicy }),
      }
    },
  })
  // The operator's Service is changed by the resource.
  const generations = servedBy === 'operator' ? 1 : 0
  // The probe comes by the address that goes.
  const asked = scenario.assert.filter(
    ({ id }) => id !== 'available' || servedBy === 'weir' || to !== 'ClusterIP',
  )
  return {
    ...scenario,
    // A scenario of the emulation holds the Service to shorter times. A cloud lets go of a load balancer as late as it makes one.
    assert: asked.map(({ id, ...rest }) => {
      if (id === 'untouched') return { id, bounds: { generations } }
      if (id !== 'service-as-asked') return { id, ...rest }
      return isBalancer ? { id, bounds: { seconds: BALANCER_SECONDS } } : { id }
    }),
  }
}
