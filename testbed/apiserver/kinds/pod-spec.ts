import { isObject, type JsonObject, listAt } from '../json.ts'

/** Sets `target[key]` if it is not set. */
export function setDefault(target: JsonObject, key: string, value: unknown): void {
  target[key] ??= value
}

export function setDefaults(target: JsonObject, values: JsonObject): void {
  for (const [key, value] of Object.entries(values)) setDefault(target, key, value)
}

/** Defaults of a pod template's spec (k8s.io/kubernetes pkg/apis/core/v1/defaults.go), in place. */
export function defaultPodSpec(spec: JsonObject): void {
  setDefault(spec, 'restartPolicy', 'Always')
  setDefault(spec, 'dnsPolicy', 'ClusterFirst')
  setDefault(spec, 'schedulerName', 'default-scheduler')
  setDefault(spec, 'securityContext', {})
  setDefault(spec, 'terminationGracePeriodSeconds', 30)
  if (spec.serviceAccountName !== undefined) setDefault(spec, 'serviceAccount', spec.serviceAccountName)
  else if (spec.serviceAccount !== undefined) spec.serviceAccountName = spec.serviceAccount
  for (const list of ['containers', 'initContainers', 'ephemeralContainers'])
    for (const container of listAt(spec, list)) defaultContainer(container)
  for (const volume of listAt(spec, 'volumes')) defaultVolume(volume)
}

function defaultContainer(container: JsonObject): void {
  setDefault(container, 'imagePullPolicy', pullPolicy(String(container.image ?? '')))
  setDefault(container, 'resources', {})
  setDefault(container, 'terminationMessagePath', '/dev/termination-log')
  setDefault(container, 'terminationMessagePolicy', 'File')
  for (const port of listAt(container, 'ports')) setDefault(port, 'protocol', 'TCP')
  for (const variable of listAt(container, 'env')) {
    const source = isObject(variable.valueFrom) ? variable.valueFrom.fieldRef : undefined
    if (isObject(source)) setDefault(source, 'apiVersion', 'v1')
    // Go leaves an empty value out.
    if (variable.value === '') delete variable.value
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[name]
    if (isObject(probe)) defaultProbe(probe)
  }
}

/** Always for a moving tag, IfNotPresent for a named one. */
function pullPolicy(image: string): string {
  const tag = /:([^/:@]+)(?:@.*)?$/.exec(image)?.[1]
  return image.includes('@') || (tag !== undefined && tag !== 'latest') ? 'IfNotPresent' : 'Always'
}

function defaultProbe(probe: JsonObject): void {
  setDefaults(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 })
  if (isObject(probe.httpGet)) setDefaults(probe.httpGet, { path: '/', scheme: 'HTTP' })
}

function defaultVolume(volume: JsonObject): void {
  for (const kind of ['configMap', 'secret', 'projected', 'downwardAPI']) {
    const source = volume[kind]
    if (isObject(source)) setDefault(source, 'defaultMode', 420)
  }
  const hostPath = volume.hostPath
  if (isObject(hostPath)) setDefault(hostPath, 'type', '')
  if (Object.keys(volume).length === 1 && volume.name !== undefined) volume.emptyDir = {}
}
