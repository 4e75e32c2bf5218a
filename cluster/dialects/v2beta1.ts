import { sameVersion, tagOf, tellsVersion } from '#weir/facts/index.ts'
import { readEvacuations } from '../emqx/evacuations.ts'
import { readNodes } from '../emqx/nodes.ts'
import { resources } from '../kubernetes/resources.ts'
import type { KubeObject } from '../kubernetes/types.ts'
import type { Dialect } from '../types.ts'
import { DEFAULT_RATE, DEFAULT_SECONDS, emqx5, type Role, replicasOf, serving } from './emqx5.ts'
import { limitOf } from './emqx5-limit.ts'

interface NodesStatus {
  replicas?: number
  readyReplicas?: number
  currentRevision?: string
  updateRevision?: string
}

/** What of an EMQX is read here. Everything is optional: the object comes from outside. */
interface Emqx {
  spec?: {
    image?: string
    updateStrategy?: {
      initialDelaySeconds?: number
      evacuationStrategy?: { waitTakeover?: number; connEvictRate?: number; sessEvictRate?: number }
    }
  }
  status?: {
    conditions?: { type: string; status: string; lastTransitionTime?: string }[]
    coreNodes?: unknown[]
    replicantNodes?: unknown[]
    coreNodesStatus?: NodesStatus
    replicantNodesStatus?: NodesStatus
    nodeEvacuationsStatus?: unknown[] | null
  }
}

const read = (resource: KubeObject): Emqx => resource as unknown as Emqx

/** True while an older set of this role is being left for a newer one. A role without an older set has nothing to leave. */
const moves = (status: NodesStatus | undefined): boolean =>
  Boolean(status?.currentRevision && status.updateRevision) &&
  status?.currentRevision !== status?.updateRevision

/**
 * EMQX 5 under the EMQX Operator's `apps.emqx.io/v2beta1` (docs/contract/operator.md#v2beta1).
 *
 * The operator's conditions are a chain, each True, sorted newest first; it takes all but the first back when it begins
 * something new. It writes no observed generation, so right after a change the resource still says Ready: "settled"
 * therefore also asks whether as many nodes as wanted, no more and no fewer, run the wanted version. `readyReplicas`
 * counts the running nodes of all sets, also of one that was left behind by a change that was taken back.
 */
export const v2beta1: Dialect = {
  ...emqx5,
  id: 'v2beta1',
  releasedPollSeconds: 1,
  releaseLines: [{ major: 2, minor: 2 }],
  facts: {
    name: 'v2beta1 EMQX',
    healthCheckWaitSeconds: 60,
    evacuates: true,
    trafficSwitch: 'readiness-gate',
    skipsEmptyNodes: true,
    takeoverMayDuplicate: false,
    connectionsMetric: 'emqx_connections_count',
    liveConnectionsMetric: 'emqx_live_connections_count',
    limitWithinSeconds: 5,
  },
  versions: { least: '5.1.1' },
  apiVersion: 'apps.emqx.io/v2beta1',
  resource: resources.emqxes,

  readStatus(resource) {
    const emqx = read(resource)
    const { spec, status } = emqx
    const condition = status?.conditions?.find((one) => one.status === 'True')
    const cores = members(status?.coreNodes)
    const replicants = members(status?.replicantNodes)
    const tag = spec?.image === undefined ? undefined : tagOf(spec.image)
    const wanted = replicasOf(resource)
    const complete = (role: Role, nodes: typeof cores, told: NodesStatus | undefined): boolean => {
      const count = wanted[role]
      const running = nodes.filter((node) => node.running)
      if (role === 'replicant' && count === 0) return running.length === 0
      return (
        told?.replicas === count &&
        told.readyReplicas === count &&
        told.currentRevision === told.updateRevision &&
        running.length === count &&
        (tag === undefined || !tellsVersion(tag) || running.every(({ version }) => sameVersion(version, tag)))
      )
    }
    const moving: [Role, NodesStatus] | undefined = moves(status?.replicantNodesStatus)
      ? ['replicant', status?.replicantNodesStatus ?? {}]
      : moves(status?.coreNodesStatus)
        ? ['core', status?.coreNodesStatus ?? {}]
        : undefined
    const set = (revision: string | undefined) => `${resource.metadata.name}-${moving?.[0]}-${revision}`
    const available = status?.conditions?.find(
      ({ type, status: is }) => type === 'Available' && is === 'True',
    )
    const started = moving ? Date.parse(available?.lastTransitionTime ?? '') : Number.NaN
    return {
      type: 'cr',
      generation: resource.metadata.generation ?? 0,
      settled:
        condition?.type === 'Ready' &&
        complete('core', cores, status?.coreNodesStatus) &&
        complete('replicant', replicants, status?.replicantNodesStatus),
      updating: moving !== undefined,
      ...(condition === undefined ? {} : { condition: condition.type }),
      ...(moving ? { oldSet: set(moving[1].currentRevision), newSet: set(moving[1].updateRevision) } : {}),
      ...(Number.isNaN(started) ? {} : { startedUnixMs: started }),
      evacuations: readEvacuations(status?.nodeEvacuationsStatus ?? []),
      nodes: [...cores, ...replicants],
      deleted: false,
    }
  },

  servingNodes(resource) {
    const { coreNodes, replicantNodes } = read(resource).status ?? {}
    return serving(members(coreNodes), members(replicantNodes))
  },

  strategyPath: 'spec.updateStrategy.evacuationStrategy',

  readStrategy(resource) {
    const emqx = read(resource)
    const { core, replicant } = replicasOf(resource)
    const { updateStrategy } = emqx.spec ?? {}
    const rates = updateStrategy?.evacuationStrategy
    const connEvictRate = rates?.connEvictRate ?? DEFAULT_RATE
    const sessEvictRate = rates?.sessEvictRate ?? DEFAULT_RATE
    // Of a strategy that is there but says less than all, only the rates have defaults of their own.
    const otherwise = updateStrategy ? 0 : DEFAULT_SECONDS
    return {
      replicas: core + replicant,
      servingReplicas: replicant > 0 ? replicant : core,
      connEvictRate,
      sessEvictRate,
      waitTakeoverSeconds: rates?.waitTakeover ?? otherwise,
      initialDelaySeconds: updateStrategy?.initialDelaySeconds ?? otherwise,
      // API servers fill defaults in, so that what was said cannot be told from what was not.
      byDefault: connEvictRate === DEFAULT_RATE && sessEvictRate === DEFAULT_RATE,
    }
  },

  ratesPatch: (_resource, perSecond) => ({
    spec: { updateStrategy: { evacuationStrategy: { connEvictRate: perSecond, sessEvictRate: perSecond } } },
  }),
  limitChange: limitOf(resources.emqxes),
}

const members = (raw: unknown[] | undefined) =>
  readNodes(raw ?? []).map(({ node, running, version }) => ({ node, running, version }))
