import { WeirError } from '#weir/errors/index.ts'
import { type AssertRequest, definitionOf, isAssertionId } from '#weir/facts/index.ts'
import { didYouMean } from './nearest.ts'
import type { Problem } from './problem.ts'
import type { Setting } from './set.ts'

const invalid = (text: string, why: string): WeirError => new WeirError('WEIR_SET_INVALID', `${text}: ${why}`)

/**
 * Reads the `assertion.bound=number` of --bound as a setting of a scenario that asks for the assertions `asked`. Throws WEIR_SET_INVALID and
 * WEIR_ASSERTION_UNKNOWN.
 */
export function readBound(assignment: string, asked: readonly AssertRequest[]): Setting {
  const text = `--bound ${assignment}`
  const [, id, name, number] = /^([^.=]+)\.([^.=]+)=(.*)$/.exec(assignment) ?? []
  if (id === undefined || name === undefined)
    throw invalid(text, 'write it as assertion.bound=number, e.g. downtime.mostSeconds=5')
  if (!isAssertionId(id))
    throw new WeirError(
      'WEIR_ASSERTION_UNKNOWN',
      `${text}: no assertion is called "${id}": see "weir assertions list"`,
    )
  const names = Object.keys(definitionOf(id).bounds)
  if (!names.includes(name))
    throw invalid(
      text,
      names.length === 0 ? `${id} has no bounds` : `the bounds of ${id} are ${names.join(', ')}`,
    )
  const value = Number(number)
  if (number?.trim() === '' || !Number.isFinite(value) || value < 0)
    throw invalid(text, `"${number}" is not a number from 0`)
  const index = asked.findIndex((one) => one.id === id)
  if (index === -1) throw invalid(text, `the scenario does not ask for ${id}`)
  return { text, path: ['assert', index, 'bounds', name], value }
}

/** Bounds in the `assert` of a scenario file that their assertions do not have. What else is wrong with the file does not matter. */
export function unknownBounds(content: unknown): Problem[] {
  const { assert } = (content ?? {}) as { assert?: unknown }
  const also = (assert as { also?: unknown } | null | undefined)?.also
  return [...unknownIn(assert, ['assert']), ...unknownIn(also, ['assert', 'also'])]
}

function unknownIn(list: unknown, path: readonly (string | number)[]): Problem[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((one: unknown, index) => {
    const { id, bounds } = (one ?? {}) as { id?: unknown; bounds?: unknown }
    if (typeof id !== 'string' || !isAssertionId(id) || typeof bounds !== 'object' || bounds === null)
      return []
    const known = Object.keys(definitionOf(id).bounds)
    return Object.keys(bounds)
      .filter((name) => !known.includes(name))
      .map((name): Problem => {
        const what =
          known.length === 0
            ? `${id} has no bounds`
            : `${id} has no bound "${name}"${didYouMean(name, known)}`
        return { code: 'WEIR_SCENARIO_INVALID', path: [...path, index, 'bounds', name], key: true, what }
      })
  })
}
