import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { isObject, listAt, textAt } from '../json.ts'
import { AGE, age, count, NAME, type TableShape, text, wide } from './column.ts'

function involved(event: KubeObject): string {
  const kind = (textAt(event, 'involvedObject', 'kind') ?? '').toLowerCase()
  return `${kind}/${textAt(event, 'involvedObject', 'name') ?? ''}`
}

const firstSeen = (event: KubeObject) =>
  textAt(event, 'firstTimestamp') ?? textAt(event, 'eventTime') ?? event.metadata.creationTimestamp
const lastSeen = (event: KubeObject) => textAt(event, 'lastTimestamp') ?? firstSeen(event)
const source = (event: KubeObject) =>
  [
    textAt(event, 'source', 'component') ?? textAt(event, 'reportingComponent'),
    textAt(event, 'source', 'host'),
  ]
    .filter(Boolean)
    .join(', ')

export const eventTable: TableShape = [
  text('Last Seen', (event, nowMs) => age(lastSeen(event), nowMs)),
  text('Type', (event) => textAt(event, 'type')),
  text('Reason', (event) => textAt(event, 'reason')),
  text('Object', involved),
  wide(text('Subobject', (event) => textAt(event, 'involvedObject', 'fieldPath') ?? '')),
  wide(text('Source', source)),
  text('Message', (event) => (textAt(event, 'message') ?? '').trim()),
  wide(text('First Seen', (event, nowMs) => age(firstSeen(event), nowMs))),
  wide(count('Count', (event) => event.count ?? 1)),
  wide({ ...NAME, format: 'name' }),
]

function nodeStatus(node: KubeObject): string {
  const ready = listAt(node, 'status', 'conditions').find((condition) => condition.type === 'Ready')
  return ready?.status === 'True' ? 'Ready' : ready ? 'NotReady' : 'Unknown'
}

const ROLE = 'node-role.kubernetes.io/'
const roles = (node: KubeObject) =>
  Object.keys(node.metadata.labels ?? {})
    .filter((label) => label.startsWith(ROLE))
    .map((label) => label.slice(ROLE.length))
    .join(',') || '<none>'
const nodeAddress = (type: string) => (node: KubeObject) =>
  listAt(node, 'status', 'addresses').find((address) => address.type === type)?.address ?? '<none>'
const nodeInfo = (field: string) => (node: KubeObject) =>
  textAt(node, 'status', 'nodeInfo', field) ?? '<unknown>'

export const nodeTable: TableShape = [
  NAME,
  text('Status', nodeStatus),
  text('Roles', roles),
  AGE,
  text('Version', (node) => textAt(node, 'status', 'nodeInfo', 'kubeletVersion') ?? ''),
  wide(text('Internal-IP', nodeAddress('InternalIP'))),
  wide(text('External-IP', nodeAddress('ExternalIP'))),
  wide(text('OS-Image', nodeInfo('osImage'))),
  wide(text('Kernel-Version', nodeInfo('kernelVersion'))),
  wide(text('Container-Runtime', nodeInfo('containerRuntimeVersion'))),
]

const keys = (value: unknown) => (isObject(value) ? Object.keys(value).length : 0)

export const namespaceTable: TableShape = [
  NAME,
  text('Status', (item) => textAt(item, 'status', 'phase')),
  AGE,
]
export const configMapTable: TableShape = [
  NAME,
  count('Data', (map) => keys(map.data) + keys(map.binaryData)),
  AGE,
]
export const secretTable: TableShape = [
  NAME,
  text('Type', (secret) => secret.type),
  count('Data', (secret) => keys(secret.data)),
  AGE,
]
export const definitionTable: TableShape = [
  NAME,
  text('Created At', (item) => item.metadata.creationTimestamp),
]
export const webhookTable: TableShape = [
  NAME,
  count('Webhooks', (item) => listAt(item, 'webhooks').length),
  AGE,
]
export const plainTable: TableShape = [NAME, AGE]

const subjects = (kind: string) => (binding: KubeObject) =>
  listAt(binding, 'subjects')
    .filter((subject) => subject.kind === kind)
    .map(({ name, namespace }) => (kind === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name))
    .join(', ')

export const roleTable: TableShape = [NAME, text('Created At', ({ metadata }) => metadata.creationTimestamp)]

export const bindingTable: TableShape = [
  NAME,
  text('Role', (binding) => `${textAt(binding, 'roleRef', 'kind')}/${textAt(binding, 'roleRef', 'name')}`),
  AGE,
  wide(text('Users', subjects('User'))),
  wide(text('Groups', subjects('Group'))),
  wide(text('ServiceAccounts', subjects('ServiceAccount'))),
]
