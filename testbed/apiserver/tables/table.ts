import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { TableShape } from './column.ts'

export type IncludeObject = 'None' | 'Metadata' | 'Object'

/** A meta.k8s.io/v1 Table, which kubectl prints as it stands. */
export function tableOf(
  shape: TableShape,
  objects: readonly KubeObject[],
  options: { resourceVersion?: string; include: IncludeObject; headers: boolean; nowMs: number },
) {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: options.resourceVersion === undefined ? {} : { resourceVersion: options.resourceVersion },
    columnDefinitions: options.headers ? shape.map(definition) : [],
    rows: objects.map((object) => ({
      cells: shape.map((column) => column.cell(object, options.nowMs) ?? null),
      ...(options.include !== 'None' && {
        object: options.include === 'Object' ? object : partialObject(object),
      }),
    })),
  }
}

const definition = ({ name, type, format = '', description = '', priority = 0 }: TableShape[number]) => ({
  name,
  type,
  format,
  description,
  priority,
})

const partialObject = (object: KubeObject) => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata: object.metadata,
})
