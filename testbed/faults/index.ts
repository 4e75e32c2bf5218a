import { WeirError } from '#weir/errors/index.ts'
import type { DialectName } from '#weir/facts/index.ts'
import { type ApiHooks, HONEST as HONEST_API } from '../apiserver/hooks.ts'
import { type EndpointsHooks, HONEST as HONEST_ENDPOINTS } from '../controllers/endpoints/hooks.ts'
import { HONEST as HONEST_NODES } from '../emqx/hooks.ts'
import type { NodeHooks } from '../emqx/node-core.ts'
import { HONEST as HONEST_V1BETA4 } from '../operator/v1beta4/hooks.ts'
import type { OperatorHooks as V1beta4Hooks } from '../operator/v1beta4/pass.ts'
import { HONEST as HONEST_V2BETA1 } from '../operator/v2beta1/hooks.ts'
import type { OperatorHooks as V2beta1Hooks } from '../operator/v2beta1/pass.ts'
import { HONEST as HONEST_V3BETA1 } from '../operator/v3beta1/hooks.ts'
import type { OperatorHooks as V3beta1Hooks } from '../operator/v3beta1/pass.ts'
import type { ProxyControl } from '../proxy/index.ts'
import { allAtOnce } from './all-at-once.ts'
import { annotationsLost } from './annotations-lost.ts'
import { backendsKept } from './backends-kept.ts'
import { blackout } from './blackout.ts'
import { bounce } from './bounce.ts'
import { claimsLost } from './claims-lost.ts'
import { deleteUndrained } from './delete-undrained.ts'
import { doubleTick } from './double-tick.ts'
import { duplicateQos2 } from './duplicate-qos2.ts'
import { earlyDrop } from './early-drop.ts'
import { endpointsEmpty } from './endpoints-empty.ts'
import { evacuateEarly } from './evacuate-early.ts'
import { evacuationSlow } from './evacuation-slow.ts'
import { evacuationStuck } from './evacuation-stuck.ts'
import type { Fault, Host, Layer } from './fault.ts'
import { fewerRestored } from './fewer-restored.ts'
import { finalizerStays } from './finalizer-stays.ts'
import { gaugeFrozen } from './gauge-frozen.ts'
import { gaugeLies } from './gauge-lies.ts'
import { ghostClient } from './ghost-client.ts'
import { halfUpgrade } from './half-upgrade.ts'
import { ignoreSubscribe } from './ignore-subscribe.ts'
import { joinDrop } from './join-drop.ts'
import { limitByConfig } from './limit-by-config.ts'
import { limitIgnored } from './limit-ignored.ts'
import { limitKicks } from './limit-kicks.ts'
import { limitLate } from './limit-late.ts'
import { loadBalancerMoves } from './load-balancer-moves.ts'
import { logLies } from './log-lies.ts'
import { lostClient } from './lost-client.ts'
import { managementOpened } from './management-opened.ts'
import { memberLeft } from './member-left.ts'
import { noInitialDelay } from './no-initial-delay.ts'
import { nodePortsMove } from './node-ports-move.ts'
import { orphanService } from './orphan-service.ts'
import { parallelEvacuation } from './parallel-evacuation.ts'
import { podStays } from './pod-stays.ts'
import { portsCrossed } from './ports-crossed.ts'
import { queueDropped } from './queue-dropped.ts'
import { rate13 } from './rate-13.ts'
import { rateIgnored } from './rate-ignored.ts'
import { readyEarly } from './ready-early.ts'
import { rebalanceGivenUp } from './rebalance-given-up.ts'
import { rebalanceShort } from './rebalance-short.ts'
import { recipientDrop } from './recipient-drop.ts'
import { refuseSome } from './refuse-some.ts'
import { refuseSubscribe } from './refuse-subscribe.ts'
import { reorder } from './reorder.ts'
import { resizeLost } from './resize-lost.ts'
import { retainedDropped } from './retained-dropped.ts'
import { runningEarly } from './running-early.ts'
import { sessionLost } from './session-lost.ts'
import { setUnasked } from './set-unasked.ts'
import { skipHealthWait } from './skip-health-wait.ts'
import { skipTakeoverWait } from './skip-takeover-wait.ts'
import { slowAccept } from './slow-accept.ts'
import { slowSuback } from './slow-suback.ts'
import { starvedGenerator } from './starved-generator.ts'
import { statusEarly } from './status-early.ts'
import { survivorDrop } from './survivor-drop.ts'
import { switchLate } from './switch-late.ts'
import { transferAnnotates } from './transfer-annotates.ts'
import { transferRewritesResource } from './transfer-rewrites-resource.ts'
import { transferRewritesService } from './transfer-rewrites-service.ts'
import { transferRewritesSet } from './transfer-rewrites-set.ts'
import { willWrong } from './will-wrong.ts'
import { wrongOrder } from './wrong-order.ts'
import { wrongRecipients } from './wrong-recipients.ts'

/** Every fault, in the order of "weir faults list". Later ones act on the hooks of earlier ones. */
export const FAULTS = [
  rateIgnored,
  allAtOnce,
  doubleTick,
  rate13,
  evacuationSlow,
  gaugeFrozen,
  gaugeLies,
  parallelEvacuation,
  wrongOrder,
  skipTakeoverWait,
  skipHealthWait,
  noInitialDelay,
  earlyDrop,
  switchLate,
  endpointsEmpty,
  nodePortsMove,
  bounce,
  refuseSome,
  slowAccept,
  slowSuback,
  refuseSubscribe,
  ignoreSubscribe,
  lostClient,
  ghostClient,
  deleteUndrained,
  halfUpgrade,
  statusEarly,
  wrongRecipients,
  sessionLost,
  queueDropped,
  duplicateQos2,
  reorder,
  willWrong,
  blackout,
  evacuationStuck,
  joinDrop,
  backendsKept,
  memberLeft,
  survivorDrop,
  podStays,
  fewerRestored,
  orphanService,
  finalizerStays,
  runningEarly,
  readyEarly,
  limitIgnored,
  limitLate,
  limitKicks,
  limitByConfig,
  claimsLost,
  loadBalancerMoves,
  transferAnnotates,
  transferRewritesService,
  transferRewritesSet,
  transferRewritesResource,
  resizeLost,
  retainedDropped,
  evacuateEarly,
  setUnasked,
  rebalanceShort,
  recipientDrop,
  rebalanceGivenUp,
  logLies,
  portsCrossed,
  managementOpened,
  annotationsLost,
  starvedGenerator,
] as const satisfies readonly Fault[]

export type FaultName = (typeof FAULTS)[number]['name']

/** The faults that can happen on a dialect and that the update shows. */
export const faultsOfUpdate = (dialect: DialectName): Fault<FaultName>[] =>
  faultsOn(dialect).filter(({ shownBy }) => shownBy === undefined)

/** The faults that can happen on a dialect: those of the operator where they say how it misbehaves there. */
export const faultsOn = (dialect: DialectName): Fault<FaultName>[] =>
  (FAULTS as readonly Fault<FaultName>[]).filter(
    (fault) =>
      fault.dialects?.includes(dialect) ?? (fault.part !== 'operator' || fault[dialect] !== undefined),
  )

/** What each part of a testbed does, with the chosen faults in it. Every call makes new state. */
export interface Faults {
  emqx(): NodeHooks
  v1beta4(): V1beta4Hooks
  v2beta1(): V2beta1Hooks
  v3beta1(): V3beta1Hooks
  endpoints(): EndpointsHooks
  apiserver(): ApiHooks
  proxy(control: ProxyControl): void
  /** The returned function ends what was begun. */
  host(host: Host): () => void
}

/** Switches the named faults on. Throws WEIR_FAULT_UNKNOWN for a name that is none. */
export function makeFaults(names: readonly string[]): Faults {
  const known: readonly Fault[] = FAULTS
  for (const name of names)
    if (!known.some((fault) => fault.name === name))
      throw new WeirError(
        'WEIR_FAULT_UNKNOWN',
        `unknown fault "${name}": "weir faults list" shows all of them`,
      )
  const on = known.filter(({ name }) => names.includes(name))
  return {
    emqx: () => on.reduce((hooks, { emqx }) => layered(hooks, emqx), HONEST_NODES),
    v1beta4: () => on.reduce((hooks, { v1beta4 }) => layered(hooks, v1beta4), HONEST_V1BETA4),
    v2beta1: () => on.reduce((hooks, { v2beta1 }) => layered(hooks, v2beta1), HONEST_V2BETA1),
    v3beta1: () => on.reduce((hooks, { v3beta1 }) => layered(hooks, v3beta1), HONEST_V3BETA1),
    endpoints: () => on.reduce((hooks, { endpoints }) => layered(hooks, endpoints), HONEST_ENDPOINTS),
    apiserver: () => on.reduce((hooks, { apiserver }) => layered(hooks, apiserver), HONEST_API),
    proxy(control) {
      for (const { proxy } of on) proxy?.(control)
    },
    host(host) {
      const ends = on.map((fault) => fault.host?.(host))
      return () => {
        for (const end of ends) end?.()
      }
    },
  }
}

const layered = <Hooks>(hooks: Hooks, layer: Layer<Hooks> | undefined): Hooks => ({
  ...hooks,
  ...layer?.(hooks),
})
