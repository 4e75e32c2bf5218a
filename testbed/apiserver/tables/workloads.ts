import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { at, listAt, numberAt, textAt } from '../json.ts'
import { AGE, count, NAME, type TableShape, text, wide } from './column.ts'
import { labelsText } from './services.ts'

const containers = (field: 'name' | 'image') => (set: KubeObject) =>
  listAt(set, 'spec', 'template', 'spec', 'containers')
    .map((container) => container[field])
    .join(',')

const replicas =
  (...path: string[]) =>
  (set: KubeObject) =>
    numberAt(set, ...path) ?? 0

const READY = text(
  'Ready',
  (set) => `${numberAt(set, 'status', 'readyReplicas') ?? 0}/${numberAt(set, 'spec', 'replicas') ?? 0}`,
)

export const deploymentTable: TableShape = [
  NAME,
  READY,
  count('Up-to-date', replicas('status', 'updatedReplicas')),
  count('Available', replicas('status', 'availableReplicas')),
  AGE,
  wide(text('Containers', containers('name'))),
  wide(text('Images', containers('image'))),
  wide(text('Selector', (set) => labelsText(at(set, 'spec', 'selector', 'matchLabels')))),
]

export const statefulSetTable: TableShape = [
  NAME,
  READY,
  AGE,
  wide(text('Containers', containers('name'))),
  wide(text('Images', containers('image'))),
]

export const replicaSetTable: TableShape = [
  NAME,
  count('Desired', replicas('spec', 'replicas')),
  count('Current', replicas('status', 'replicas')),
  count('Ready', replicas('status', 'readyReplicas')),
  AGE,
  wide(text('Containers', containers('name'))),
  wide(text('Images', containers('image'))),
  wide(text('Selector', (set) => labelsText(at(set, 'spec', 'selector', 'matchLabels')))),
]

function owner(object: KubeObject): string {
  const found = object.metadata.ownerReferences?.find((reference) => reference.controller)
  if (!found) return '<none>'
  const group = found.apiVersion.includes('/') ? `.${found.apiVersion.split('/')[0]}` : ''
  return `${found.kind.toLowerCase()}${group}/${found.name}`
}

export const controllerRevisionTable: TableShape = [
  NAME,
  text('Controller', owner),
  count('Revision', (revision) => numberAt(revision, 'revision')),
  AGE,
]

export const claimTable: TableShape = [
  NAME,
  text('Status', (claim) =>
    claim.metadata.deletionTimestamp ? 'Terminating' : textAt(claim, 'status', 'phase'),
  ),
  text('Volume', (claim) => textAt(claim, 'spec', 'volumeName') ?? ''),
  text('Capacity', (claim) => textAt(claim, 'status', 'capacity', 'storage') ?? ''),
  text('Access Modes', (claim) => listAt<string>(claim, 'status', 'accessModes').join(',')),
  text('StorageClass', (claim) => textAt(claim, 'spec', 'storageClassName') ?? ''),
  AGE,
  wide(text('VolumeMode', (claim) => textAt(claim, 'spec', 'volumeMode') ?? '')),
]
