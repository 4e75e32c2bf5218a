import { at, type HoconObject, parseHocon } from '#weir/facts/hocon.ts'
import { type NodesEvent, type Resources, readResources, tagOf, withTag } from '#weir/facts/index.ts'
import { namesOfRunning } from '../emqx/nodes.ts'
import { emqxV5 } from '../emqx/v5.ts'
import { resources } from '../kubernetes/resources.ts'
import type { KubeObject } from '../kubernetes/types.ts'
import { type ServiceExposure, type ServiceTemplate, templatePatch } from '../network/external-service.ts'
import type { Dialect, Sizes } from '../types.ts'
import { logSetting5 } from './log-setting.ts'

export type Role = 'core' | 'replicant'

interface NodesTemplate {
  spec?: { replicas?: number; resources?: unknown }
}

/** What every version of EMQX has. Everything is optional: the object comes from outside. */
interface Emqx5 {
  spec?: {
    image?: string
    clusterDomain?: string
    coreTemplate?: NodesTemplate
    replicantTemplate?: NodesTemplate | null
    listenersServiceTemplate?: ServiceTemplate
    config?: { data?: string; roots?: object }
  }
}

const read = (resource: KubeObject): Emqx5 => resource as unknown as Emqx5

/** The operator's own defaults (docs/contract/operator.md#v2beta1-resource). */
const DEFAULT_REPLICAS = 2
export const DEFAULT_RATE = 1000
export const DEFAULT_SECONDS = 10

/** How many nodes of each kind a resource asks for. */
export function replicasOf(resource: KubeObject): Record<Role, number> {
  const { spec } = read(resource)
  return {
    core: spec?.coreTemplate?.spec?.replicas ?? DEFAULT_REPLICAS,
    replicant: spec?.replicantTemplate ? (spec.replicantTemplate.spec?.replicas ?? DEFAULT_REPLICAS) : 0,
  }
}

type Member = Pick<NodesEvent['nodes'][number], 'node' | 'running'>

/** Those of the members that take clients: replicants where any of them runs. */
export function serving(cores: readonly Member[], replicants: readonly Member[]): string[] {
  const running = namesOfRunning(replicants)
  return running.length > 0 ? running : namesOfRunning(cores)
}

/** EMQX under the EMQX Operator from 2.2 on: what all versions of the resource have in common. */
export const emqx5 = {
  kind: 'EMQX',
  sets: [resources.statefulSets, resources.replicaSets],
  ownKinds: [],
  emqx: emqxV5,
  apiBind: (resource: KubeObject) => {
    const config = configOf(resource)
    return (of: string, scheme: string) => {
      const bind = at(config, of, 'listeners', scheme, 'bind')
      return typeof bind === 'string' ? bind : undefined
    }
  },

  nodeName(resource: KubeObject, pod: KubeObject) {
    if (roleOf(pod) === 'replicant') {
      const { podIP } = (pod.status ?? {}) as { podIP?: string }
      return podIP ? `emqx@${podIP}` : undefined
    }
    const { name, namespace } = resource.metadata
    const domain = read(resource).spec?.clusterDomain ?? 'cluster.local'
    return `emqx@${pod.metadata.name}.${name}-headless.${namespace ?? 'default'}.svc.${domain}`
  },

  role: roleOf,

  version(resource: KubeObject) {
    const { image } = read(resource).spec ?? {}
    return image === undefined ? undefined : tagOf(image)
  },
  versionPatch: (resource: KubeObject, version: string) => ({
    spec: { image: withTag(read(resource).spec?.image ?? 'emqx/emqx-enterprise', version) },
  }),
  scalePatch(resource: KubeObject, replicas: number) {
    const template = replicasOf(resource).replicant > 0 ? 'replicantTemplate' : 'coreTemplate'
    return { spec: { [template]: { spec: { replicas } } } }
  },
  sizes(resource: KubeObject) {
    const { core, replicant } = replicasOf(resource)
    return { cores: core, replicants: replicant }
  },
  sizesPatch(resource: KubeObject, { cores, replicants }: Sizes) {
    const core = { coreTemplate: { spec: { replicas: cores } } }
    const hasReplicants = Boolean(read(resource).spec?.replicantTemplate)
    return {
      spec: hasReplicants ? { ...core, replicantTemplate: { spec: { replicas: replicants } } } : core,
    }
  },
  logSetting: logSetting5,
  resources(resource: KubeObject) {
    const { coreTemplate, replicantTemplate } = read(resource).spec ?? {}
    const of = (template: NodesTemplate | undefined) => readResources(template?.spec?.resources)
    return [
      { of: 'cores' as const, resources: of(coreTemplate) },
      ...(replicantTemplate ? [{ of: 'replicants' as const, resources: of(replicantTemplate) }] : []),
    ]
  },
  // Replicants hold the clients: a change of the cores alone would leave them as they are.
  resourcesPatch(resource: KubeObject, resources: Resources) {
    const template = { spec: { resources } }
    const { replicantTemplate } = read(resource).spec ?? {}
    return { spec: { coreTemplate: template, ...(replicantTemplate && { replicantTemplate: template }) } }
  },
  listenersService: (resource: KubeObject) =>
    read(resource).spec?.listenersServiceTemplate?.metadata?.name ?? `${resource.metadata.name}-listeners`,
  serviceAnnotations: (resource: KubeObject) =>
    read(resource).spec?.listenersServiceTemplate?.metadata?.annotations ?? {},
  servicePatch: (resource: KubeObject, exposure: ServiceExposure) => ({
    spec: {
      listenersServiceTemplate: templatePatch(exposure, read(resource).spec?.listenersServiceTemplate),
    },
  }),
  serviceAnnotationsPatch: (annotations: Readonly<Record<string, string | null>>) => ({
    spec: { listenersServiceTemplate: { metadata: { annotations } } },
  }),
} satisfies Partial<Dialect>

/** Nothing where EMQX's language has more than is read here: then the pods' own words are all there is. */
function configOf(resource: KubeObject): HoconObject {
  const { data = '', roots } = read(resource).spec?.config ?? {}
  try {
    return parseHocon(roots ? JSON.stringify(roots) : data)
  } catch {
    return {}
  }
}

function roleOf(pod: KubeObject): Role | undefined {
  const role = pod.metadata.labels?.['apps.emqx.io/db-role']
  return role === 'core' || role === 'replicant' ? role : undefined
}
