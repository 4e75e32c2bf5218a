import { ApiError } from '../errors.ts'
import { type FieldSet, showPath } from './fields.ts'
import type { Manager } from './managers.ts'

interface Conflict {
  manager: Manager
  path: string
}

/** What others own of the fields that would change. */
export const conflictsWith = (others: readonly Manager[], changed: FieldSet): Conflict[] =>
  others.flatMap((manager) =>
    [...manager.fields.intersection(changed)].sort().map((path) => ({ manager, path })),
  )

/** A manager as conflicts name it (managedfields/internal/conflict.go). */
function show({ manager, operation, apiVersion, subresource }: Manager): string {
  const named =
    JSON.stringify(manager) + (subresource ? ` with subresource ${JSON.stringify(subresource)}` : '')
  return operation === 'Apply' ? named : `${named} using ${apiVersion}`
}

/** The 409 of an apply that others stand against. */
export function conflictError(conflicts: readonly Conflict[]): ApiError {
  const causes = conflicts.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${show(manager)}`,
    field: showPath(path),
  }))
  return new ApiError(409, 'Conflict', messageOf(conflicts), { causes })
}

function messageOf(conflicts: readonly Conflict[]): string {
  const [first] = conflicts
  if (conflicts.length === 1)
    return `Apply failed with 1 conflict: conflict with ${show(first!.manager)}: ${showPath(first!.path)}`
  const byManager = Map.groupBy(conflicts, ({ manager }) => show(manager))
  const lines = [...byManager.keys()]
    .sort()
    .flatMap((manager) => [
      `conflicts with ${manager}:`,
      ...byManager.get(manager)!.map(({ path }) => `- ${showPath(path)}`),
    ])
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`
}
