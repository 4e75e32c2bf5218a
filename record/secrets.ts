import { isHarmlessField, isHarmlessHeader, isHarmlessVariable } from './harmless.ts'
import { secretArguments } from './secret-arguments.ts'
import { isReference, isSecretName } from './secret-names.ts'
import { REDACTED, withoutSecretsInText } from './secret-text.ts'

export { REDACTED }

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * A Kubernetes object without its secrets, for the record. Removes the data of Secrets, kubectl's copy of the object in an annotation,
 * every value of an environment and of headers that is not known to be harmless, fields with a secret's name, arguments, assignments, users
 * of addresses, keys, licence texts, whatever looks random, and managedFields (noise). Does not change its argument.
 */
export function withoutSecrets(object: unknown): unknown {
  if (!isTree(object)) return object
  const copy = withoutSecretFields(object, '') as Tree
  const opaque = object.kind === 'Secret' ? ['data', 'stringData'] : ['binaryData']
  for (const field of opaque) if (field in copy) copy[field] = namesOnly(copy[field])
  return copy
}

type Tree = Record<string, unknown>

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Keeps the keys of a Secret, without their values. */
function namesOnly(data: unknown): unknown {
  return isTree(data) ? Object.fromEntries(Object.keys(data).map((key) => [key, REDACTED])) : REDACTED
}

function withoutSecretFields(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return withoutSecretItems(value, name)
  if (typeof value === 'string') {
    if (isSecretName(name)) return REDACTED
    return isHarmlessField(name) && !value.includes('://') ? value : withoutSecretText(value)
  }
  if (typeof value === 'number') return isSecretName(name) ? REDACTED : value
  if (!isTree(value)) return value
  if (name === 'license') return licence(value)
  if (HEADERS.test(name)) return headers(value)
  const copy: Tree = {}
  for (const [key, item] of Object.entries(value)) {
    if (key === 'managedFields') continue
    if (key === LAST_APPLIED) copy[key] = REDACTED
    else copy[key] = withoutSecretFields(item, key)
  }
  // An environment variable or a header has name and value in separate fields.
  if (typeof copy.name === 'string' && 'value' in copy && isSecretPair(copy.name, name)) copy.value = REDACTED
  return copy
}

const HEADERS = /headers$/i

/** Of a map of headers the names stay. A list of pairs is searched item by item. */
const headers = (value: Tree): Tree =>
  Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, isHarmlessHeader(key) ? item : REDACTED]),
  )

/** `list`: the field that holds the pairs. */
function isSecretPair(name: string, list: string): boolean {
  if (isSecretName(name)) return true
  if (HEADERS.test(list)) return !isHarmlessHeader(name)
  return /^env$/i.test(list) && !isHarmlessVariable(name)
}

function withoutSecretItems(items: readonly unknown[], name: string): unknown[] {
  const secret = secretArguments(items)
  return items.map((item, at) => {
    if (secret.has(at)) return REDACTED
    // A word of a command line may contain spaces.
    const assigned = typeof item === 'string' ? /^([\w.$-]+)=/.exec(item) : null
    if (assigned?.[1] && (isSecretName(assigned[1]) || assigned[1] === '--user'))
      return assigned[0] + REDACTED
    return withoutSecretFields(item, name)
  })
}

/** JSON text is parsed and searched; it changes only if it contains a secret. */
function withoutSecretText(text: string): string {
  if (!/^\s*[{[]/.test(text)) return withoutSecretsInText(text)
  let said: unknown
  try {
    said = JSON.parse(text)
  } catch {
    return withoutSecretsInText(text) // Not JSON after all.
  }
  const kept = JSON.stringify(withoutSecretFields(said, ''))
  return kept === JSON.stringify(said) ? text : kept
}

function licence(value: Tree): Tree {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isReference(key) || key === 'lastTransitionTime' ? item : REDACTED,
    ]),
  )
}
