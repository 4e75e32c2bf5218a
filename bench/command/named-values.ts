import { usageError } from '#weir/errors/index.ts'

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
