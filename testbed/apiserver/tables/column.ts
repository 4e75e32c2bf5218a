import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { age } from './age.ts'
import type { Column } from './shape.ts'

type Cell = (object: KubeObject, nowMs: number) => unknown

export const text = (name: string, cell: Cell): Column => ({ name, type: 'string', cell })
export const count = (name: string, cell: Cell): Column => ({ name, type: 'integer', cell })
/** Shown with `-o wide` only. */
export const wide = (column: Column): Column => ({ ...column, priority: 1 })

export const NAME: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  cell: (object) => object.metadata.name,
}
export const AGE: Column = text('Age', (object, nowMs) => age(object.metadata.creationTimestamp, nowMs))
