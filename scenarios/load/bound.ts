import { WeirError } from '#weir/errors/index.ts'
import { type AssertRequest, definitionOf, isAssertionId } from '#weir/facts/index.ts'
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
