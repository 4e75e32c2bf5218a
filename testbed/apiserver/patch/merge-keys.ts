/**
 * How strategic merge patch treats the lists of built-in kinds (the patchStrategy and patchMergeKey tags of k8s.io/api).
 * Lists that are not named here are replaced whole.
 */
const BY_FIELD: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  volumes: 'name',
  env: 'name',
  imagePullSecrets: 'name',
  secrets: 'name',
  webhooks: 'name',
  resourceClaims: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  conditions: 'type',
  addresses: 'type',
  ownerReferences: 'uid',
  hostAliases: 'ip',
  podIPs: 'ip',
  hostIPs: 'ip',
  topologySpreadConstraints: 'topologyKey',
}

/** Lists of scalars that are merged as sets. */
const SETS = new Set(['finalizers'])

/** `inContainer`: the ports of a container are told apart by containerPort, those of a Service by port. */
export function mergeKeyOf(path: readonly string[]): string | undefined {
  const field = path.at(-1)!
  if (field === 'ports')
    return /[cC]ontainers$/.test(path.at(-2) ?? '') ? 'containerPort' : servicePorts(path)
  if (field === 'addresses' && path.includes('subsets')) return undefined
  return BY_FIELD[field]
}

/** Only a Service's own ports merge; those of Endpoints and EndpointSlices are atomic. */
const servicePorts = (path: readonly string[]) =>
  path.length === 2 && path[0] === 'spec' ? 'port' : undefined

export const isMergedSet = (path: readonly string[]): boolean => SETS.has(path.at(-1)!)
