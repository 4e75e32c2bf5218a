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

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY

/** A duration as kubectl writes it (k8s.io/apimachinery duration.HumanDuration): two units at most. */
export function humanDuration(ms: number): string {
  if (ms < -SECOND) return '<invalid>'
  if (ms < 0) return '0s'
  const part = (unit: number, of: number, name: string) => {
    const rest = Math.floor((ms % of) / unit)
    return rest === 0 ? '' : `${rest}${name}`
  }
  if (ms < 2 * MINUTE) return `${Math.floor(ms / SECOND)}s`
  if (ms < 10 * MINUTE) return `${Math.floor(ms / MINUTE)}m${part(SECOND, MINUTE, 's')}`
  if (ms < 3 * HOUR) return `${Math.floor(ms / MINUTE)}m`
  if (ms < 8 * HOUR) return `${Math.floor(ms / HOUR)}h${part(MINUTE, HOUR, 'm')}`
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)}h`
  if (ms < 8 * DAY) return `${Math.floor(ms / DAY)}d${part(HOUR, DAY, 'h')}`
  if (ms < 2 * YEAR) return `${Math.floor(ms / DAY)}d`
  if (ms < 8 * YEAR) return `${Math.floor(ms / YEAR)}y${part(DAY, YEAR, 'd')}`
  return `${Math.floor(ms / YEAR)}y`
}

/** Time since a timestamp, or `<unknown>` where there is none. */
export function age(timestamp: unknown, nowMs: number): string {
  if (typeof timestamp !== 'string' || timestamp === '') return '<unknown>'
  return humanDuration(nowMs - Date.parse(timestamp))
}
