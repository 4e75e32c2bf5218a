import { WeirError } from '#weir/errors/index.ts'
import type { Faults } from '../types.ts'
import { FAULTS } from './catalogue.ts'

export { FAULTS } from './catalogue.ts'

/** Switches the named faults on. An unknown name is refused with the nearest known one. */
export function makeFaults(names: readonly string[]): Faults {
  const known = new Set(FAULTS.map((fault) => fault.name))
  for (const name of names)
    if (!known.has(name))
      throw new WeirError(
        'WEIR_FAULT_UNKNOWN',
        `unknown fault "${name}": "weir faults list" shows all of them`,
      )
  const on = new Set(names)
  return {
    on(name) {
      if (!known.has(name)) throw new Error(`no fault is called ${name}`)
      return on.has(name)
    },
  }
}
