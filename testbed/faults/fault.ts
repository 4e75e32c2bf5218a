import type { AssertionId } from '#weir/facts/index.ts'
import type { ApiHooks } from '../apiserver/hooks.ts'
import type { EndpointsHooks } from '../controllers/endpoints/hooks.ts'
import type { NodeHooks } from '../emqx/node-core.ts'
import type { OperatorHooks as V1beta4Hooks } from '../operator/v1beta4/pass.ts'
import type { OperatorHooks as V2beta1Hooks } from '../operator/v2beta1/pass.ts'
import type { OperatorHooks as V3beta1Hooks } from '../operator/v3beta1/pass.ts'
import type { ProxyControl } from '../proxy/index.ts'

/** The hooks that a fault replaces. `next` are the hooks as they are without it: the honest ones, or those of other faults. */
export type Layer<Hooks> = (next: Hooks) => Partial<Hooks>

/** Hands out what runs beside the testbed. */
export interface Host {
  /** Process of the harness. */
  harnessPid: number
  firstEvacuation: Promise<void>
}

/** An operation by its scenario; that for EMQX 5 has `-v5` at the end. */
export type OperationScenario =
  | 'scale-out'
  | 'scale-in-drained'
  | 'connections-raise'
  | 'connections-lower'
  | 'connections-race'
  | 'connections-load-balancer'
  | 'transfer'
  | 'rebalance'
  | 'stop-start'
  | 'delete'
  | 'resize-up'
  | 'resize-down'
  | 'resize-unschedulable'
  | 'upgrade'
  | 'downgrade'
  | 'upgrade-unpullable'
  | 'upgrade-crash-looping'
  | 'upgrade-same-version'
  | 'logs'
  | 'network-nodeport'
  | 'network-loadbalancer'
  | 'network-back'
  | 'network-clusterip'
  | 'network-operator'

/** A switchable misbehaviour of the testbed (never of the harness): one file of this folder, and one line in index.ts. */
export interface Fault<Name extends string = string> {
  name: Name
  /** The part that misbehaves. */
  part: 'emqx' | 'operator' | 'proxy' | 'controllers' | 'apiserver' | 'host'
  /** One line: what it does. */
  summary: string
  /** The assertions that must fail under it; the first is the one it exists for. */
  caughtBy: readonly AssertionId[]
  /** Assertions that follow from it and may fail too. */
  alsoFails: readonly AssertionId[]
  /** The operation that shows it; left out, the update. */
  shownBy?: OperationScenario
  /** The dialects on which it can happen; left out, on all whose part of it is here. */
  dialects?: readonly string[]

  /** Its behaviour, in the terms of each part. A layer is made anew for each cluster, so its state may live in it. */
  emqx?: Layer<NodeHooks>
  v1beta4?: Layer<V1beta4Hooks>
  v2beta1?: Layer<V2beta1Hooks>
  v3beta1?: Layer<V3beta1Hooks>
  endpoints?: Layer<EndpointsHooks>
  /** Of the emulated API server. */
  apiserver?: Layer<ApiHooks>
  /** Called once the proxy runs. */
  proxy?(control: ProxyControl): void
  /** Called once the testbed is complete; the returned function ends it. */
  host?(host: Host): () => void
}

export function fault<const Name extends string>(
  definition: Omit<Fault<Name>, 'alsoFails'> & { alsoFails?: readonly AssertionId[] },
): Fault<Name> {
  return { alsoFails: [], ...definition }
}
