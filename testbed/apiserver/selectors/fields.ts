import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { badRequest } from '../errors.ts'
import { at } from '../json.ts'
import type { ResourceType } from '../resource-type.ts'

export type FieldMatcher = (object: KubeObject) => boolean

const COMMON = ['metadata.name', 'metadata.namespace']

/** Fields that the real server can select on, by plural of the core and built-in resources. */
const SELECTABLE: Record<string, string[]> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
  replicasets: ['status.replicas'],
}

/**
 * A fieldSelector (`a=b,c!=d`) over the fields that this resource can be selected by; a missing field is the empty
 * string. Throws the real server's 400 on an unknown field.
 */
export function parseFieldSelector(
  text: string,
  { plural, custom }: Pick<ResourceType, 'plural' | 'custom'>,
): FieldMatcher {
  const known = new Set([...COMMON, ...(SELECTABLE[plural] ?? [])])
  const terms = text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const found = /^\s*([^=!\s]+)\s*(==|!=|=)\s*(.*?)\s*$/.exec(part)
      if (!found) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`)
      const [, field, sign, value] = found as unknown as [string, string, string, string]
      if (!known.has(field)) throw badRequest(unknownField(field, custom || plural in SELECTABLE))
      return { path: field === 'source' ? ['source', 'component'] : field.split('.'), sign, value }
    })
  return (object) =>
    terms.every(({ path, sign, value }) => {
      const actual = at(object, ...path)
      const shown = actual === undefined || actual === null ? '' : String(actual)
      return sign === '!=' ? shown !== value : shown === value
    })
}

/** Resources with fields of their own, and custom ones, have other words for it than the rest. */
const unknownField = (field: string, hasOwn: boolean): string =>
  hasOwn
    ? `field label not supported: ${field}`
    : `"${field}" is not a known field selector: only ${COMMON.map((name) => `"${name}"`).join(', ')}`
