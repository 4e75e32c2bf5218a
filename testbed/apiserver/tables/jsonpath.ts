/**
 * The JSONPath of printer columns and scale subresources (k8s.io/client-go jsonpath): `.a.b`, `["a.b"]`, `\.`, `[0]`,
 * `[*]`, slices are not known, and filters `[?(@.type=="Ready")]`, whose operand may have no path (`@`).
 */
type Step =
  | { kind: 'field'; name: string }
  | { kind: 'index'; index: number }
  | { kind: 'all' }
  | { kind: 'filter'; path: JsonPath; operator: string; value: unknown }

export type JsonPath = readonly Step[]

const FIELD = /^\.?((?:\\.|[^.[\]\\])+)/
const QUOTED = /^\[\s*(['"])((?:\\.|(?!\1).)*)\1\s*\]/
const INDEX = /^\[\s*(-?\d+)\s*\]/
const ALL = /^(?:\[\s*\*\s*\]|\.\*)/
const FILTER = /^\[\s*\?\(\s*@([^=!<>()]*?)\s*(?:(==|!=|<=|>=|<|>)\s*([^)]*?)\s*)?\)\s*\]/

/** Throws an Error that names the part which cannot be understood. */
export function parseJsonPath(text: string): JsonPath {
  const steps: Step[] = []
  let rest = text
    .trim()
    .replace(/^\{(.*)\}$/, '$1')
    .replace(/^\$/, '')
  while (rest !== '' && rest !== '.') {
    const found = FORMS.map(([pattern, step]) => ({ match: pattern.exec(rest), step })).find(
      (form) => form.match,
    )
    if (!found?.match) throw new Error(`unrecognized part of a JSONPath: ${rest}`)
    rest = rest.slice(found.match[0].length)
    steps.push(found.step(found.match))
  }
  return steps
}

const withoutEscapes = (text: string) => text.replace(/\\(.)/g, '$1')

const FORMS: [RegExp, (match: RegExpExecArray) => Step][] = [
  [ALL, () => ({ kind: 'all' })],
  [
    FILTER,
    ([, path, operator = 'exists', value]) => ({
      kind: 'filter',
      path: parseJsonPath(path!),
      operator,
      value: literal(value),
    }),
  ],
  [QUOTED, (match) => ({ kind: 'field', name: withoutEscapes(match[2]!) })],
  [INDEX, (match) => ({ kind: 'index', index: Number(match[1]) })],
  [FIELD, (match) => ({ kind: 'field', name: withoutEscapes(match[1]!) })],
]

function literal(text: string | undefined): unknown {
  if (text === undefined) return undefined
  const quoted = /^(['"])(.*)\1$/.exec(text)
  if (quoted) return quoted[2]
  if (text === 'true' || text === 'false') return text === 'true'
  const number = Number(text)
  return text !== '' && !Number.isNaN(number) ? number : text
}

/** All values that the path leads to; none where a key is missing. */
export function findAll(value: unknown, path: JsonPath): unknown[] {
  let found = [value]
  for (const step of path) found = found.flatMap((item) => follow(item, step))
  return found
}

function follow(value: unknown, step: Step): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  if (step.kind === 'field') {
    const inner = (value as Record<string, unknown>)[step.name]
    return Array.isArray(value) || inner === undefined ? [] : [inner]
  }
  if (step.kind === 'all') return Object.values(value)
  if (!Array.isArray(value)) return []
  if (step.kind === 'index') {
    const inner: unknown = value.at(step.index)
    return inner === undefined ? [] : [inner]
  }
  return value.filter((item) =>
    findAll(item, step.path).some((left) => compare(left, step.operator, step.value)),
  )
}

function compare(left: unknown, operator: string, right: unknown): boolean {
  if (operator === 'exists') return true
  if (operator === '==') return left === right
  if (operator === '!=') return left !== right
  if (typeof left !== typeof right || (typeof left !== 'number' && typeof left !== 'string')) return false
  const [a, b] = [left as number, right as number]
  if (operator === '<') return a < b
  if (operator === '>') return a > b
  return operator === '<=' ? a <= b : a >= b
}
