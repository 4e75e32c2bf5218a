import { usageError, WeirError } from '#weir/errors/index.ts'

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
