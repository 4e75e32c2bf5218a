import type { V1LabelSelector } from '@kubernetes/client-node'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { type FieldError, forbiddenField, invalidValue, required } from '../field-error.ts'
import { clone, equal, isObject, type JsonObject, listAt, numberAt, objectIn } from '../json.ts'
import type { Strategy } from '../resource-type.ts'
import { matchesSelector } from '../selectors/labels.ts'
import { resourceErrors } from './container-resources.ts'
import { defaultPodSpec, setDefault, setDefaults } from './pod-spec.ts'

function defaultTemplate(spec: JsonObject): void {
  const template = objectIn(spec, 'template')
  objectIn(template, 'metadata')
  defaultPodSpec(objectIn(template, 'spec'))
}

function defaultClaim(claim: JsonObject): void {
  setDefaults(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } })
  setDefault(objectIn(claim, 'spec'), 'volumeMode', 'Filesystem')
}

/** Defaults of k8s.io/kubernetes pkg/apis/apps/v1/defaults.go. */
function defaultStatefulSet(object: KubeObject): string[] {
  const spec = objectIn(object, 'spec')
  setDefaults(spec, { podManagementPolicy: 'OrderedReady', replicas: 1, revisionHistoryLimit: 10 })
  const strategy = objectIn(spec, 'updateStrategy')
  setDefault(strategy, 'type', 'RollingUpdate')
  if (strategy.type === 'RollingUpdate') setDefault(objectIn(strategy, 'rollingUpdate'), 'partition', 0)
  const retention = objectIn(spec, 'persistentVolumeClaimRetentionPolicy')
  setDefaults(retention, { whenDeleted: 'Retain', whenScaled: 'Retain' })
  defaultTemplate(spec)
  for (const claim of listAt(spec, 'volumeClaimTemplates')) defaultClaim(claim)
  return []
}

const MUTABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]
const quoted = MUTABLE.map((field) => `'${field}'`)
const FIXED = `updates to statefulset spec for fields other than ${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)} are forbidden`

function fixedPart(object: KubeObject): JsonObject {
  const spec = clone(object.spec as JsonObject)
  for (const field of MUTABLE) delete spec[field]
  return spec
}

function validateSet(object: KubeObject): FieldError[] {
  const spec = object.spec as JsonObject
  const selector = spec.selector as V1LabelSelector | undefined
  const errors: FieldError[] = []
  if (!isObject(selector)) errors.push(required('spec.selector'))
  else {
    const labels = (spec.template as KubeObject | undefined)?.metadata?.labels ?? {}
    if (!matchesSelector(selector, labels))
      errors.push(
        invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'),
      )
  }
  const replicas = numberAt(spec, 'replicas')
  if (replicas !== undefined && replicas < 0)
    errors.push(invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0'))
  errors.push(...resourceErrors(object, 'spec', 'template', 'spec'))
  return errors
}

export const statefulSet: Strategy = {
  decode: defaultStatefulSet,
  prepareCreate(object) {
    object.status = { replicas: 0, availableReplicas: 0 }
  },
  validate(object, old) {
    const errors = validateSet(object)
    if (old && !equal(fixedPart(object), fixedPart(old))) errors.push(forbiddenField('spec', FIXED))
    return errors
  },
}

export const replicaSet: Strategy = {
  decode(object) {
    const spec = objectIn(object, 'spec')
    setDefault(spec, 'replicas', 1)
    defaultTemplate(spec)
    return []
  },
  prepareCreate(object) {
    object.status = { replicas: 0 }
  },
  validate: validateSet,
}

export const deployment: Strategy = {
  ...replicaSet,
  prepareCreate(object) {
    object.status = {}
  },
}
