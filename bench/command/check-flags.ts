import { usageError, WeirError } from '#weir/errors/index.ts'

export { FOUR_BYTES, TWO_BYTES } from '../codec/fields.ts'

/** Refuses by name what is no whole number from `low` to `high`; undefined is fine. Throws WEIR_USAGE. */
export function wholeNumber(flag: string, value: number | undefined, low: number, high: number): void {
  if (value !== undefined && !(Number.isInteger(value) && value >= low && value <= high))
    throw usageError(`${flag} is ${value} but must be a whole number from ${low} to ${high}`)
}

/** Refuses by name what is no number from 0 up, or beyond `high`; undefined is fine. Throws WEIR_USAGE. */
export function notBelowZero(flag: string, value: number | undefined, high: number, unit: string): void {
  if (value !== undefined && !(value >= 0 && value <= high))
    throw usageError(`${flag} is ${value} but must be ${unit} from 0 to ${high}`)
}

/** Refuses by name what is no number above 0, or beyond `high`; undefined is fine. Throws WEIR_USAGE. */
export function aboveZero(flag: string, value: number | undefined, high: number, unit: string): void {
  if (value !== undefined && !(value > 0 && value <= high))
    throw usageError(`${flag} is ${value} but must be ${unit} from above 0 to ${high}`)
}

/** The fields of an object that are there: what was left out must not appear in a spec as undefined. */
export function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}

/** Refuses flags that say the same in two ways. Throws WEIR_USAGE. */
export function exclusive<Flags extends object>(
  flags: Flags,
  names: readonly (keyof Flags & string)[],
): void {
  const given = names.filter((name) => flags[name] !== undefined)
  if (given.length > 1)
    throw new WeirError(
      'WEIR_USAGE',
      `${given.map((name) => `--${name}`).join(' and ')} cannot be combined: give one of them`,
    )
}

/** Refuses a flag that says something only together with another. Throws WEIR_USAGE. */
export function requires<Flags extends object>(
  flags: Flags,
  names: readonly (keyof Flags & string)[],
  needed: string,
  why: string,
): void {
  const alone = names.find((name) => flags[name] !== undefined)
  if (alone) throw usageError(`--${alone} requires ${needed}: ${why}`)
}
