import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { listAt, textAt } from '../json.ts'
import { AGE, NAME, text, wide } from './column.ts'
import type { TableShape } from './shape.ts'

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
