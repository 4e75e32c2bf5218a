import type { V1CustomResourceColumnDefinition } from '@kubernetes/client-node'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { AGE, age, type Column, NAME, type TableShape } from './column.ts'
import { findAll, type JsonPath, parseJsonPath } from './jsonpath.ts'

export type PrinterColumn = V1CustomResourceColumnDefinition

/** Columns of a custom resource: its name, then additionalPrinterColumns, or its age where there are none. */
export function customTable(columns: readonly PrinterColumn[] | undefined): TableShape {
  if (!columns?.length) return [NAME, AGE]
  return [NAME, ...columns.map(customColumn)]
}

function customColumn(column: PrinterColumn): Column {
  const path = parseJsonPath(column.jsonPath)
  const isDate = column.type === 'date'
  return {
    name: column.name,
    type: isDate ? 'date' : (column.type as Column['type']),
    ...(column.format && { format: column.format }),
    ...(column.description && { description: column.description }),
    ...(column.priority !== undefined && { priority: column.priority }),
    cell: (object, nowMs) => cellOf(object, path, isDate, nowMs),
  }
}

/** The first match only, as the real server prints it. */
function cellOf(object: KubeObject, path: JsonPath, isDate: boolean, nowMs: number): unknown {
  const [first] = findAll(object, path)
  if (first === undefined || first === null) return isDate ? '<unknown>' : undefined
  if (isDate) return age(first, nowMs)
  return typeof first === 'object' ? JSON.stringify(first) : first
}
