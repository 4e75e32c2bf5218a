import { usageError, WeirError } from '#weir/errors/index.ts'
import type { ProtocolVersion } from '#weir/facts/index.ts'

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

/**
 * "name: value" pairs of user properties and WebSocket headers: `-up "a: 1" "b: 2"`. Names may repeat. Throws WEIR_USAGE
 * for a text without ":".
 */
export function namedValues(flag: string, texts: readonly string[]): Record<string, string[]> {
  const values: Record<string, string[]> = {}
  for (const text of texts) {
    const colon = text.indexOf(':')
    if (colon < 1) throw usageError(`${flag} is "${text}" but must be written as "name: value"`)
    const name = text.slice(0, colon).trim()
    const list = Object.hasOwn(values, name) ? values[name]! : []
    list.push(text.slice(colon + 1).trim())
    Object.defineProperty(values, name, { value: list, enumerable: true, configurable: true })
  }
  return values
}

/** User properties of MQTT 5 (§1.5.7): undefined where none were given. */
export function userProperties(
  flag: string,
  texts: readonly string[] | undefined,
): Record<string, string[]> | undefined {
  return texts === undefined || texts.length === 0 ? undefined : namedValues(flag, texts)
}

const VERSIONS: Readonly<Record<string, ProtocolVersion>> = { '5': '5', '5.0': '5', '3.1.1': '3.1.1' }

/** The protocol that `-V` names. MQTT 3.1 (2010, before OASIS) is refused: no engine speaks it. Throws WEIR_USAGE. */
export function protocolOf(version: string | undefined): ProtocolVersion {
  const protocol = VERSIONS[version ?? '5']
  if (protocol) return protocol
  const reason = version === '3.1' ? 'MQTT 3.1 is not supported' : 'unknown version'
  throw usageError(`--mqtt-version is ${version}: ${reason}, use 3.1.1 or 5`)
}

/** Refuses by name what only MQTT 5 has, where 3.1.1 is spoken: it would be accepted and do nothing. Throws WEIR_USAGE. */
export function onlyMqtt5<Flags extends object>(
  protocol: ProtocolVersion,
  flags: Flags,
  names: readonly (keyof Flags & string)[],
): void {
  if (protocol === '5') return
  const given = names.find((name) => flags[name] !== undefined)
  if (given) throw usageError(`--${given} needs MQTT 5: remove it or use -V 5`)
}
