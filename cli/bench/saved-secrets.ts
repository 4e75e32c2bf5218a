import { isSecretName } from '#weir/record/secret-names.ts'

/** A header may carry a secret under any name. */
const NEVER_SAVED: readonly string[] = ['password', 'ws-headers']
/** Lists of "name: value". */
const PAIRS: readonly string[] = ['user-properties', 'conn-user-properties', 'will-user-properties']

/**
 * The flags that may be saved, and a note for each that may not: passwords, headers, and user properties with the name of a
 * secret.
 */
export function withoutSecrets(given: Readonly<Record<string, unknown>>): {
  kept: Record<string, unknown>
  notes: string[]
} {
  const kept: Record<string, unknown> = {}
  const notes: string[] = []
  for (const [name, value] of Object.entries(given)) {
    if (NEVER_SAVED.includes(name)) {
      const instead = name === 'password' ? ', or set WEIR_MQTT_PASSWORD' : ''
      notes.push(
        `--${name} is not saved, because it ${name === 'password' ? 'is' : 'may contain'} a secret: enter it again${instead}`,
      )
    } else if (PAIRS.includes(name) && Array.isArray(value)) {
      const secret = value.map((pair) => nameOf(String(pair))).filter(isSecretName)
      const open = value.filter((pair) => !isSecretName(nameOf(String(pair))))
      if (open.length > 0) kept[name] = open
      if (secret.length > 0)
        notes.push(
          `--${name} is not saved for ${secret.join(', ')}, because it is a secret: enter it again with all others of ${name}`,
        )
    } else kept[name] = value
  }
  return { kept, notes }
}

function nameOf(pair: string): string {
  return pair.split(':', 1)[0]!.trim()
}
