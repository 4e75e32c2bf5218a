import { at, type HoconObject, parseHocon } from '#weir/facts/hocon.ts'
import { readResources, sameVersion, tagOf, tellsVersion, withTag } from '#weir/facts/index.ts'
import { readEvacuations } from '../emqx/evacuations.ts'
import { namesOfRunning, readNodes } from '../emqx/nodes.ts'
import { emqxV5 } from '../emqx/v5.ts'
import { resources } from '../kubernetes/resources.ts'
import type { KubeObject } from '../kubernetes/types.ts'
import { type ServiceTemplate, templatePatch } from '../network/external-service.ts'
import type { Dialect } from '../types.ts'
import { logSetting5 } from './log-setting.ts'
import { limitChange } from './v2beta1-limit.ts'

type Role = 'core' | 'replicant'

interface NodesStatus {
  replicas?: number
  readyReplicas?: number
  currentRevision?: string
  updateRevision?: string
}

interface NodesTemplate {
  spec?: { replicas?: number; resources?: unknown }
}

/** What of an EMQX is read here. Everything is optional: the object comes from outside. */
interface Emqx {
  spec?: {
    image?: string
    clusterDomain?: string
    updateStrategy?: {
      initialDelaySeconds?: number
      evacuationStrategy?: { waitTakeover?: number; connEvictRate?: number; sessEvictRate?: number }
    }
    coreTemplate?: NodesTemplate
    replicantTemplate?: NodesTemplate | null
    config?: { data?: string }
    listenersServiceTemplate?: ServiceTemplate
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

/** The operator's own defaults (docs/contract/operator.md#v2beta1-resource). */
const DEFAULT_REPLICAS = 2
const DEFAULT_RATE = 1000
const DEFAULT_SECONDS = 10

function replicasOf({ spec }: Emqx): Record<Role, number> {
  return {
    core: spec?.coreTemplate?.spec?.replicas ?? DEFAULT_REPLICAS,
    replicant: spec?.replicantTemplate ? (spec.replicantTemplate.spec?.replicas ?? DEFAULT_REPLICAS) : 0,
  }
}

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
  kind: 'EMQX',
  resource: resources.emqxes,
  sets: [resources.statefulSets, resources.replicaSets],
  ownKinds: [],
  emqx: emqxV5,
  apiBind: (resource) => {
    const config = configOf(read(resource).spec?.config?.data)
    return (of, scheme) => {
      const bind = at(config, of, 'listeners', scheme, 'bind')
      return typeof bind === 'string' ? bind : undefined
    }
  },

  readStatus(resource) {
    const emqx = read(resource)
    const { spec, status } = emqx
    const condition = status?.conditions?.find((one) => one.status === 'True')
    const cores = members(status?.coreNodes)
    const replicants = members(status?.replicantNodes)
    const tag = spec?.image === undefined ? undefined : tagOf(spec.image)
    const wanted = replicasOf(emqx)
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

  nodeName(resource, pod) {
    if (roleOf(pod) === 'replicant') {
      const { podIP } = (pod.status ?? {}) as { podIP?: string }
      return podIP ? `emqx@${podIP}` : undefined
    }
    const { name, namespace } = resource.metadata
    const domain = read(resource).spec?.clusterDomain ?? 'cluster.local'
    return `emqx@${pod.metadata.name}.${name}-headless.${namespace ?? 'default'}.svc.${domain}`
  },

  servingNodes(resource) {
    const { coreNodes, replicantNodes } = read(resource).status ?? {}
    const replicants = namesOfRunning(members(replicantNodes))
    return replicants.length > 0 ? replicants : namesOfRunning(members(coreNodes))
  },

  role: roleOf,

  strategyPath: 'spec.updateStrategy.evacuationStrategy',

  readStrategy(resource) {
    const emqx = read(resource)
    const { core, replicant } = replicasOf(emqx)
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

  version(resource) {
    const { image } = read(resource).spec ?? {}
    return image === undefined ? undefined : tagOf(image)
  },
  ratesPatch: (_resource, perSecond) => ({
    spec: { updateStrategy: { evacuationStrategy: { connEvictRate: perSecond, sessEvictRate: perSecond } } },
  }),
  versionPatch: (resource, version) => ({
    spec: { image: withTag(read(resource).spec?.image ?? 'emqx/emqx-enterprise', version) },
  }),
  scalePatch(resource, replicas) {
    const template = replicasOf(read(resource)).replicant > 0 ? 'replicantTemplate' : 'coreTemplate'
    return { spec: { [template]: { spec: { replicas } } } }
  },
  sizes(resource) {
    const { core, replicant } = replicasOf(read(resource))
    return { cores: core, replicants: replicant }
  },
  sizesPatch(resource, { cores, replicants }) {
    const core = { coreTemplate: { spec: { replicas: cores } } }
    const hasReplicants = Boolean(read(resource).spec?.replicantTemplate)
    return {
      spec: hasReplicants ? { ...core, replicantTemplate: { spec: { replicas: replicants } } } : core,
    }
  },
  limitChange,
  logSetting: logSetting5,
  resources(resource) {
    const { coreTemplate, replicantTemplate } = read(resource).spec ?? {}
    const of = (template: NodesTemplate | undefined) => readResources(template?.spec?.resources)
    return [
      { of: 'cores' as const, resources: of(coreTemplate) },
      ...(replicantTemplate ? [{ of: 'replicants' as const, resources: of(replicantTemplate) }] : []),
    ]
  },
  // Replicants hold the clients: a change of the cores alone would leave them as they are.
  resourcesPatch(resource, resources) {
    const template = { spec: { resources } }
    const { replicantTemplate } = read(resource).spec ?? {}
    return { spec: { coreTemplate: template, ...(replicantTemplate && { replicantTemplate: template }) } }
  },
  listenersService: (resource) =>
    read(resource).spec?.listenersServiceTemplate?.metadata?.name ?? `${resource.metadata.name}-listeners`,
  serviceAnnotations: (resource) =>
    read(resource).spec?.listenersServiceTemplate?.metadata?.annotations ?? {},
  servicePatch: (resource, exposure) => ({
    spec: {
      listenersServiceTemplate: templatePatch(exposure, read(resource).spec?.listenersServiceTemplate),
    },
  }),
  serviceAnnotationsPatch: (annotations) => ({
    spec: { listenersServiceTemplate: { metadata: { annotations } } },
  }),
}

/** Nothing where EMQX's language has more than is read here: then the pods' own words are all there is. */
function configOf(data = ''): HoconObject {
  try {
    return parseHocon(data)
  } catch {
    return {}
  }
}

const members = (raw: unknown[] | undefined) =>
  readNodes(raw ?? []).map(({ node, running, version }) => ({ node, running, version }))

function roleOf(pod: KubeObject): Role | undefined {
  const role = pod.metadata.labels?.['apps.emqx.io/db-role']
  return role === 'core' || role === 'replicant' ? role : undefined
}
