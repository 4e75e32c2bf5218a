import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { type FieldError, forbiddenField, invalidValue, required } from '../field-error.ts'
import { equal, isObject, listAt, objectIn } from '../json.ts'
import type { Strategy } from '../resource-type.ts'
import { setDefault, setDefaults } from './pod-spec.ts'

export const secret: Strategy = {
  decode(object) {
    setDefault(object, 'type', 'Opaque')
    if (isObject(object.stringData)) {
      const data = objectIn(object, 'data')
      for (const [key, value] of Object.entries(object.stringData))
        data[key] = Buffer.from(String(value)).toString('base64')
    }
    delete object.stringData
    return []
  },
  validate(object, old) {
    if (old && object.type !== old.type) return [invalidValue('type', object.type, 'field is immutable')]
    return keepsData(object, old)
  },
}

export const configMap: Strategy = { validate: keepsData }

/** An object that is immutable keeps its data, and stays so. */
function keepsData(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  if (old?.immutable !== true) return []
  const kept = (field: string) =>
    equal(object[field], old[field])
      ? []
      : [forbiddenField(field, 'field is immutable when `immutable` is set')]
  return [...kept('immutable'), ...kept('data'), ...kept('binaryData')]
}

export const namespace: Strategy = {
  decode(object) {
    object.metadata.labels = {
      ...object.metadata.labels,
      'kubernetes.io/metadata.name': object.metadata.name,
    }
    return []
  },
  prepareCreate(object) {
    object.spec = { finalizers: ['kubernetes'] }
    object.status = { phase: 'Active' }
  },
}

export const node: Strategy = {
  prepareCreate(object) {
    object.spec ??= {}
  },
}

export const endpoints: Strategy = {
  decode(object) {
    for (const subset of listAt(object, 'subsets'))
      for (const port of listAt(subset, 'ports')) setDefault(port, 'protocol', 'TCP')
    if (listAt(object, 'subsets').length === 0) delete object.subsets
    return []
  },
}

export const endpointSlice: Strategy = {
  decode(object) {
    setDefaults(object, { endpoints: null, ports: null })
    for (const port of listAt(object, 'ports')) setDefaults(port, { protocol: 'TCP', name: '' })
    return []
  },
  validate: (object) => (object.addressType ? [] : [required('addressType')]),
}

export const event: Strategy = {
  decode(object) {
    setDefaults(object, { reportingComponent: '', reportingInstance: '', eventTime: null, source: {} })
    return []
  },
  validate(object) {
    const involved = object.involvedObject
    if (!isObject(involved)) return [required('involvedObject')]
    const home = involved.namespace || 'default'
    if (home !== object.metadata.namespace)
      return [
        invalidValue('involvedObject.namespace', involved.namespace ?? '', 'does not match event.namespace'),
      ]
    return []
  },
}

export const claim: Strategy = {
  decode(object) {
    setDefault(objectIn(object, 'spec'), 'volumeMode', 'Filesystem')
    return []
  },
  prepareCreate(object) {
    object.status = { phase: 'Pending' }
  },
}

const WEBHOOK_DEFAULTS: Record<string, unknown> = {
  failurePolicy: 'Fail',
  matchPolicy: 'Equivalent',
  namespaceSelector: {},
  objectSelector: {},
  timeoutSeconds: 10,
}

function defaultWebhooks(object: KubeObject): string[] {
  for (const webhook of listAt(object, 'webhooks')) {
    setDefaults(webhook, WEBHOOK_DEFAULTS)
    for (const rule of listAt(webhook, 'rules')) setDefault(rule, 'scope', '*')
  }
  return []
}

export const validatingWebhooks: Strategy = { decode: defaultWebhooks }

export const mutatingWebhooks: Strategy = {
  decode(object) {
    for (const webhook of listAt(object, 'webhooks')) setDefault(webhook, 'reinvocationPolicy', 'Never')
    return defaultWebhooks(object)
  },
}

/** Without a bound, one pod must stay available (SetDefaults_PodDisruptionBudget of policy/v1). */
export const podDisruptionBudget: Strategy = {
  decode(object) {
    const spec = objectIn(object, 'spec')
    if (spec.maxUnavailable === undefined) setDefault(spec, 'minAvailable', 1)
    return []
  },
}
