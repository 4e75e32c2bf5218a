import type { Kind } from '../types.ts'
import { FAULTS } from './faults.ts'
import { HARMLESS } from './harmless.ts'
import { SIZES } from './sizes.ts'
import { UPDATES } from './updates.ts'

/** Every kind of step, in the order in which draws see them. */
export const KINDS: readonly Kind[] = [...UPDATES, ...SIZES, ...FAULTS, ...HARMLESS]

const byName = new Map(KINDS.map((kind) => [kind.name, kind]))

/** Throws for a name that no kind has. */
export function kindOf({ kind }: { kind: string }): Kind {
  const found = byName.get(kind)
  if (!found) throw new Error(`there is no step "${kind}"`)
  return found
}
