import { readResources, sameVersion, tellsVersion } from '#weir/facts/index.ts'
import { readEvacuations } from '../emqx/evacuations.ts'
import { namesOfRunning, readNodes } from '../emqx/nodes.ts'
import { emqxV4 } from '../emqx/v4.ts'
import { resources } from '../kubernetes/resources.ts'
import type { KubeObject } from '../kubernetes/types.ts'
import { type ServiceTemplate, templatePatch } from '../network/external-service.ts'
import type { Dialect } from '../types.ts'
import { logSetting4 } from './log-setting.ts'
import { limitChange } from './v1beta4-limit.ts'

/** What of an EmqxEnterprise is read here. Everything is optional: the object comes from outside. */
interface EmqxEnterprise {
  spec?: {
    replicas?: number
    clusterDomain?: string
    blueGreenUpdate?: {
      initialDelaySeconds?: number
      evacuationStrategy?: { waitTakeover?: number; connEvictRate?: number; sessEvictRate?: number }
    }
    template?: {
      spec?: {
        emqxContainer?: {
          image?: { version?: string }
          emqxConfig?: Record<string, string>
          resources?: unknown
        }
      }
    }
    serviceTemplate?: ServiceTemplate
  }
  status?: {
    conditions?: { type: string; status: string }[]
    replicas?: number
    readyReplicas?: number
    emqxNodes?: unknown[]
    blueGreenUpdateStatus?: {
      originStatefulSet?: string
      currentStatefulSet?: string
      startedAt?: string
      evacuationsStatus?: unknown[]
    } | null
  }
}

const read = (resource: KubeObject): EmqxEnterprise => resource as unknown as EmqxEnterprise

const wantedVersion = (resource: KubeObject) =>
  read(resource).spec?.template?.spec?.emqxContainer?.image?.version

/** The operator's own default for `spec.replicas`. */
const DEFAULT_REPLICAS = 3

/**
 * EMQX Enterprise 4.4 under the EMQX Operator's `apps.emqx.io/v1beta4` (docs/contract/operator.md#v1beta4).
 *
 * The operator sorts `status.conditions` newest first, never takes BlueGreenUpdating back, and writes no observed
 * generation. So "an update is under way" is either `blueGreenUpdateStatus`, or BlueGreenUpdating being the newest
 * condition that is True (between two nodes the former is gone for a poll). And because the status stays as it was
 * until the operator's next look, and with 2.1.3+ goes back to Running once while the new set starts, "settled" also
 * asks the resource's own list of nodes whether as many as wanted run the wanted version.
 */
export const v1beta4: Dialect = {
  id: 'v1beta4',
  releasedPollSeconds: 20,
  releaseLines: [
    { major: 2, minor: 1, lastPatch: 4 },
    { major: 2, minor: 2 },
  ],
  facts: {
    name: 'v1beta4 EmqxEnterprise',
    healthCheckWaitSeconds: 0,
    evacuates: true,
    trafficSwitch: 'service',
    skipsEmptyNodes: false,
    takeoverMayDuplicate: true,
    connectionsMetric: 'emqx_connections_count',
    liveConnectionsMetric: 'emqx_live_connections_count',
    limitWithinSeconds: 120,
  },
  // Its webhook refuses others.
  versions: { least: '4.4.14', below: '5.0.0' },
  apiVersion: 'apps.emqx.io/v1beta4',
  kind: 'EmqxEnterprise',
  resource: resources.emqxEnterprises,
  sets: [resources.statefulSets],
  ownKinds: [resources.emqxPlugins],
  emqx: emqxV4,
  apiBind: (resource) => {
    const config = read(resource).spec?.template?.spec?.emqxContainer?.emqxConfig
    return (of, scheme) => config?.[`${of}.listener.${scheme}`]
  },

  readStatus(resource) {
    const { spec, status } = read(resource)
    const update = status?.blueGreenUpdateStatus ?? undefined
    const condition = status?.conditions?.find((one) => one.status === 'True')?.type
    const nodes = readNodes(status?.emqxNodes ?? []).map(({ node, running, version }) => ({
      node,
      running,
      version,
    }))
    const wanted = spec?.replicas ?? DEFAULT_REPLICAS
    const version = wantedVersion(resource)
    const running = nodes.filter((node) => node.running)
    const asWanted =
      version && tellsVersion(version)
        ? running.filter((node) => sameVersion(node.version, version))
        : running
    const started = Date.parse(update?.startedAt ?? '')
    return {
      type: 'cr',
      generation: resource.metadata.generation ?? 0,
      settled:
        condition === 'Running' &&
        update === undefined &&
        status?.replicas === wanted &&
        status.readyReplicas === wanted &&
        asWanted.length === wanted,
      updating: update !== undefined || condition === 'BlueGreenUpdating',
      ...(condition === undefined ? {} : { condition }),
      ...(update?.originStatefulSet ? { oldSet: update.originStatefulSet } : {}),
      ...(update?.currentStatefulSet ? { newSet: update.currentStatefulSet } : {}),
      ...(Number.isNaN(started) ? {} : { startedUnixMs: started }),
      evacuations: readEvacuations(update?.evacuationsStatus ?? []),
      nodes,
      deleted: false,
    }
  },

  nodeName(resource, pod) {
    const { spec } = read(resource)
    const config = spec?.template?.spec?.emqxContainer?.emqxConfig ?? {}
    const { name, namespace } = resource.metadata
    const domain = spec?.clusterDomain ?? 'cluster.local'
    const service = config['cluster.dns.name'] ?? `${name}-headless.${namespace ?? 'default'}.svc.${domain}`
    return `${config.name ?? name}@${pod.metadata.name}.${service}`
  },

  role: () => undefined,

  servingNodes: (resource) => namesOfRunning(readNodes(read(resource).status?.emqxNodes ?? [])),

  strategyPath: 'spec.blueGreenUpdate.evacuationStrategy',

  readStrategy(resource) {
    const { spec } = read(resource)
    const rates = spec?.blueGreenUpdate?.evacuationStrategy
    const replicas = spec?.replicas ?? DEFAULT_REPLICAS
    return {
      replicas,
      servingReplicas: replicas,
      connEvictRate: rates?.connEvictRate ?? 0,
      sessEvictRate: rates?.sessEvictRate ?? 0,
      waitTakeoverSeconds: rates?.waitTakeover ?? 0,
      initialDelaySeconds: spec?.blueGreenUpdate?.initialDelaySeconds ?? 0,
      byDefault: false,
    }
  },

  version: wantedVersion,
  ratesPatch: (_resource, perSecond) => ({
    spec: { blueGreenUpdate: { evacuationStrategy: { connEvictRate: perSecond, sessEvictRate: perSecond } } },
  }),
  versionPatch: (_resource, version) => ({
    spec: { template: { spec: { emqxContainer: { image: { version } } } } },
  }),
  scalePatch: (_resource, replicas) => ({ spec: { replicas } }),
  sizes: (resource) => ({ cores: read(resource).spec?.replicas ?? DEFAULT_REPLICAS, replicants: 0 }),
  sizesPatch: (_resource, { cores }) => ({ spec: { replicas: cores } }),
  limitChange,
  logSetting: logSetting4,
  resources: (resource) => [
    { of: 'nodes', resources: readResources(read(resource).spec?.template?.spec?.emqxContainer?.resources) },
  ],
  resourcesPatch: (_resource, resources) => ({
    spec: { template: { spec: { emqxContainer: { resources } } } },
  }),
  listenersService: (resource) =>
    read(resource).spec?.serviceTemplate?.metadata?.name ?? resource.metadata.name,
  serviceAnnotations: (resource) => read(resource).spec?.serviceTemplate?.metadata?.annotations ?? {},
  servicePatch: (resource, exposure) => ({
    spec: { serviceTemplate: templatePatch(exposure, read(resource).spec?.serviceTemplate) },
  }),
  serviceAnnotationsPatch: (annotations) => ({ spec: { serviceTemplate: { metadata: { annotations } } } }),
}
