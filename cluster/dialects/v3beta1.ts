import { sameVersion, tagOf, tellsVersion } from '#weir/facts/index.ts'
import { readNodes } from '../emqx/nodes.ts'
import { resources } from '../kubernetes/resources.ts'
import type { KubeObject } from '../kubernetes/types.ts'
import type { Dialect } from '../types.ts'
import { DEFAULT_RATE, DEFAULT_SECONDS, emqx5, replicasOf, serving } from './emqx5.ts'
import { limitOf } from './emqx5-limit.ts'

/** A number, or a share of the replicants such as "25%". */
type IntOrPercent = number | string

/** What of an EMQX is read here. Everything is optional: the object comes from outside. */
interface Emqx {
  spec?: {
    image?: string
    updateStrategy?: {
      evacuationStrategy?: {
        type?: string
        connectionEvictionRate?: number
        sessionEvictionRate?: number
        waitTakeover?: number
        waitHealthCheck?: number
      }
      replicants?: { maxUnavailable?: IntOrPercent; maxSurge?: IntOrPercent }
    }
  }
  status?: {
    conditions?: { type: string; status: string; reason?: string; observedGeneration?: number }[]
    coreNodes?: Member[]
    replicantNodes?: Member[]
    replicantNodesStatus?: { currentRevision?: string; updateRevision?: string }
  }
}

interface Member {
  name?: string
  status?: string
  version?: string
  sessions?: number
  connections?: number
}

const read = (resource: KubeObject): Emqx => resource as unknown as Emqx

/** EMQX's own default, which the operator's schema repeats. */
const HEALTH_CHECK_SECONDS = 60

const members = (listed: Member[] | undefined) =>
  readNodes(
    (listed ?? []).map(({ name, status, sessions, connections, ...rest }) => ({
      ...rest,
      ...{ node: name, node_status: status, connections: sessions, live_connections: connections },
    })),
  )

/** The share of the replicants, or the number; none of what cannot be read. */
function pods(value: IntOrPercent | undefined, of: number, round: (share: number) => number): number {
  const count = typeof value === 'string' ? round((Number.parseFloat(value) / 100) * of) : (value ?? 0)
  return Number.isFinite(count) ? count : 0
}

/** The replicants that an update may evacuate at once: one more may leave for each that came beyond their number. One where there are none. */
function atOnce(
  { maxUnavailable = 1, maxSurge }: { maxUnavailable?: IntOrPercent; maxSurge?: IntOrPercent },
  replicants: number,
): number {
  const most = pods(maxUnavailable, replicants, Math.floor) + pods(maxSurge, replicants, Math.ceil)
  return Math.max(1, Math.min(most, replicants))
}

/**
 * EMQX under the EMQX Operator's `apps.emqx.io/v3beta1` (docs/contract/operator.md#v3beta1): no second set of cores, but one pod after the
 * other that is evacuated, deleted and made anew under the same name.
 *
 * Conditions are True or False and name the generation that they are about. Evacuations in the status are without what is left, so they are
 * not read from there: EMQX is asked.
 */
export const v3beta1: Dialect = {
  ...emqx5,
  id: 'v3beta1',
  releasedPollSeconds: 1,
  releaseLines: [{ major: 3, minor: 0 }],
  facts: {
    name: 'v3beta1 EMQX',
    healthCheckWaitSeconds: HEALTH_CHECK_SECONDS,
    evacuates: true,
    trafficSwitch: 'availability-probe',
    replaces: 'pods',
    skipsEmptyNodes: true,
    takeoverMayDuplicate: false,
    connectionsMetric: 'emqx_connections_count',
    liveConnectionsMetric: 'emqx_live_connections_count',
    limitWithinSeconds: 5,
  },
  versions: { least: '5.8.0' },
  apiVersion: 'apps.emqx.io/v3beta1',
  resource: resources.emqxesOfV3,

  readStatus(resource) {
    const { spec, status } = read(resource)
    const generation = resource.metadata.generation ?? 0
    const conditionOf = (type: string) => status?.conditions?.find((one) => one.type === type)
    const ready = conditionOf('Ready')
    const isReady = ready?.status === 'True' && (ready.observedGeneration ?? generation) === generation
    const nodes = [...members(status?.coreNodes), ...members(status?.replicantNodes)]
    const running = nodes.filter((node) => node.running)
    const tag = spec?.image === undefined ? undefined : tagOf(spec.image)
    const isOfVersion = ({ version }: (typeof running)[number]) =>
      tag === undefined || !tellsVersion(tag) || sameVersion(version, tag)
    const { core, replicant } = replicasOf(resource)
    const { currentRevision = '', updateRevision = '' } = status?.replicantNodesStatus ?? {}
    const moves = currentRevision !== '' && currentRevision !== updateRevision
    const set = (revision: string) => `${resource.metadata.name}-replicant-${revision}`
    const isRolling = ['Core', 'Replicant'].some((role) => {
      const progress = conditionOf(`${role}NodesProgressing`)
      return progress?.status === 'True' && progress.reason === 'RollingUpdate'
    })
    return {
      type: 'cr',
      generation,
      settled: isReady && running.length === core + replicant && running.every(isOfVersion),
      updating: isRolling,
      ...(ready && { condition: isReady ? 'Ready' : (ready.reason ?? 'Ready') }),
      ...(moves ? { oldSet: set(currentRevision), newSet: set(updateRevision) } : {}),
      evacuations: [],
      nodes,
      deleted: false,
    }
  },

  servingNodes(resource) {
    const { coreNodes, replicantNodes } = read(resource).status ?? {}
    return serving(members(coreNodes), members(replicantNodes))
  },

  strategyPath: 'spec.updateStrategy.evacuationStrategy',

  readStrategy(resource) {
    const { core, replicant } = replicasOf(resource)
    const { evacuationStrategy: said = {}, replicants } = read(resource).spec?.updateStrategy ?? {}
    const isDisabled = said.type === 'Disabled'
    const rateOf = (rate: number | undefined) => (isDisabled ? 0 : (rate ?? DEFAULT_RATE))
    const connEvictRate = rateOf(said.connectionEvictionRate)
    const sessEvictRate = rateOf(said.sessionEvictionRate)
    const nodesAtOnce = atOnce(replicants ?? {}, replicant)
    return {
      replicas: core + replicant,
      servingReplicas: replicant > 0 ? replicant : core,
      connEvictRate,
      sessEvictRate,
      waitTakeoverSeconds: said.waitTakeover ?? DEFAULT_SECONDS,
      initialDelaySeconds: 0,
      healthCheckWaitSeconds: said.waitHealthCheck ?? HEALTH_CHECK_SECONDS,
      ...(nodesAtOnce > 1 && { nodesAtOnce }),
      byDefault: connEvictRate === DEFAULT_RATE && sessEvictRate === DEFAULT_RATE,
    }
  },

  ratesPatch: (_resource, perSecond) => ({
    spec: {
      updateStrategy: {
        evacuationStrategy: { connectionEvictionRate: perSecond, sessionEvictionRate: perSecond },
      },
    },
  }),
  limitChange: limitOf(resources.emqxesOfV3),
}
