/** What stands in a record where a secret stood. */
export const REDACTED = '[redacted]'

const SECRET_NAME =
  /pass(word|wd|phrase)?$|secret(_?key)?$|token$|credential|license|api_?key|private_?key|cookie/i
const SECRET_ASSIGNMENT =
  /((?:password|passwd|secret|token|license[^\n=:]*|\bkey)\s*[=:]\s*)("[^"]*"|[^\s,}]+)/gi
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * A Kubernetes object without its secrets, as the record may keep it: the data of Secrets, the copy of the whole
 * object that kubectl leaves in an annotation, environment values whose name sounds secret, licence texts, and
 * managedFields, which are only noise. The argument is not changed.
 */
export function withoutSecrets(object: unknown): unknown {
  if (!isTree(object)) return object
  const isSecret = object.kind === 'Secret'
  const copy = withoutSecretFields(object, '') as Tree
  if (isSecret)
    for (const field of ['data', 'stringData']) if (field in copy) copy[field] = namesOnly(copy[field])
  return copy
}

type Tree = Record<string, unknown>

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Which keys a Secret has is a fact worth keeping; what they hold is not. */
function namesOnly(data: unknown): unknown {
  return isTree(data) ? Object.fromEntries(Object.keys(data).map((key) => [key, REDACTED])) : REDACTED
}

function withoutSecretFields(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutSecretFields(item, name))
  if (typeof value === 'string') return withoutSecretText(value, name)
  if (!isTree(value)) return value
  if (name === 'license') return licence(value)
  const copy: Tree = {}
  for (const [key, item] of Object.entries(value)) {
    if (key === 'managedFields') continue
    if (key === LAST_APPLIED) copy[key] = REDACTED
    else copy[key] = withoutSecretFields(item, key)
  }
  // An environment variable carries its name beside its value.
  if (typeof copy.name === 'string' && 'value' in copy && SECRET_NAME.test(copy.name)) copy.value = REDACTED
  return copy
}

/** A field that sounds secret goes whole; from a configuration text only the assignments that sound secret. */
function withoutSecretText(text: string, name: string): string {
  if (SECRET_NAME.test(name) && !isName(name)) return REDACTED
  return name === 'data' ? text.replace(SECRET_ASSIGNMENT, `$1${REDACTED}`) : text
}

/** Fields that name a Secret hold no secret themselves. */
function isName(field: string): boolean {
  return /name$|ref$/i.test(field)
}

function licence(value: Tree): Tree {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isName(key) || key === 'lastTransitionTime' ? item : REDACTED,
    ]),
  )
}
