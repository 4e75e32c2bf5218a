import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { type FieldError, forbiddenField, required } from '../field-error.ts'
import { clone, equal, isObject, type JsonObject, listAt, numberAt, objectIn, textAt } from '../json.ts'
import type { Strategy } from '../resource-type.ts'
import { resourceErrors } from './container-resources.ts'
import { defaultPodSpec, setDefault } from './pod-spec.ts'

const EVICTION_TOLERATIONS = ['not-ready', 'unreachable'].map((what) => ({
  effect: 'NoExecute',
  key: `node.kubernetes.io/${what}`,
  operator: 'Exists',
  tolerationSeconds: 300,
}))

const MUTABLE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

export const pod: Strategy = {
  decode(object) {
    const spec = objectIn(object, 'spec')
    defaultPodSpec(spec)
    setDefault(spec, 'enableServiceLinks', true)
    return []
  },
  prepareCreate(object) {
    const spec = object.spec as JsonObject
    setDefault(spec, 'serviceAccountName', 'default')
    setDefault(spec, 'serviceAccount', spec.serviceAccountName)
    setDefault(spec, 'priority', 0)
    setDefault(spec, 'preemptionPolicy', 'PreemptLowerPriority')
    const tolerations = listAt(spec, 'tolerations')
    for (const each of EVICTION_TOLERATIONS)
      if (!tolerations.some((other) => other.key === each.key)) tolerations.push(each)
    spec.tolerations = tolerations
    object.status = { phase: 'Pending', qosClass: qosClass(spec) }
  },
  validate(object, old) {
    const errors: FieldError[] = []
    const containers = listAt(object, 'spec', 'containers')
    if (containers.length === 0) errors.push(required('spec.containers'))
    containers.forEach((container, i) => {
      if (!container.name) errors.push(required(`spec.containers[${i}].name`))
      if (!container.image) errors.push(required(`spec.containers[${i}].image`))
    })
    if (!old) errors.push(...resourceErrors(object, 'spec'))
    if (old && containers.length !== listAt(old, 'spec', 'containers').length)
      errors.push(forbiddenField('spec.containers', 'pod updates may not add or remove containers'))
    else if (old && !equal(fixedSpec(object), fixedSpec(old))) errors.push(forbiddenField('spec', MUTABLE))
    return errors
  },
  /** Pods that no kubelet knows, and pods that have ended, go at once (registry/core/pod CheckGracefulDelete). */
  graceSeconds(object, asked) {
    const phase = textAt(object, 'status', 'phase')
    if (!textAt(object, 'spec', 'nodeName') || phase === 'Failed' || phase === 'Succeeded') return 0
    const seconds = asked ?? numberAt(object, 'spec', 'terminationGracePeriodSeconds') ?? 30
    return seconds < 0 ? 1 : seconds
  },
}

function fixedSpec(object: KubeObject): unknown {
  const { activeDeadlineSeconds, tolerations, terminationGracePeriodSeconds, ...spec } = clone(
    object.spec as JsonObject,
  )
  for (const list of ['containers', 'initContainers'])
    for (const container of listAt(spec, list)) delete container.image
  return spec
}

function qosClass(spec: JsonObject): string {
  const resources = listAt(spec, 'containers').map((container) =>
    isObject(container.resources) ? container.resources : {},
  )
  if (resources.every(({ requests, limits }) => !requests && !limits)) return 'BestEffort'
  const complete = (value: unknown) =>
    isObject(value) && value.cpu !== undefined && value.memory !== undefined
  const guaranteed = resources.every(
    ({ requests, limits }) => complete(limits) && (requests === undefined || equal(requests, limits)),
  )
  return guaranteed ? 'Guaranteed' : 'Burstable'
}
