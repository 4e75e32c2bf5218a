import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'

/** A column of `kubectl get`; priority 1 is shown with `-o wide` only. */
export interface Column {
  name: string
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date'
  format?: string
  description?: string
  priority?: number
  cell(object: KubeObject, nowMs: number): unknown
}

export type TableShape = readonly Column[]
