import { parse } from 'yaml'
import { WeirError } from '#weir/errors/index.ts'

export interface Setting {
  /** As the user wrote it, with its flag. */
  text: string
  path: (string | number)[]
  value: unknown
}

const invalid = (text: string, why: string): WeirError =>
  new WeirError('WEIR_SET_INVALID', `${text}: ${why}; write it as path=value, e.g. fleet.clients=500`)

/** Reads the `a.b.0=value` of --set: keys are separated by dots (`\.` is a dot within a key), the value is YAML. */
export function readSetting(assignment: string): Setting {
  const text = `--set ${assignment}`
  const at = assignment.indexOf('=')
  if (at < 1) throw invalid(text, at < 0 ? 'there is no "="' : 'there is no path before "="')
  const path = assignment
    .slice(0, at)
    .split(/(?<!\\)\./)
    .map((key) => key.replaceAll('\\.', '.'))
  if (path.some((key) => key === '')) throw invalid(text, 'the path has an empty part')
  if (path.includes('__proto__')) throw invalid(text, '"__proto__" is not a key of a scenario')
  try {
    return {
      text,
      path: path.map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
      value: parse(assignment.slice(at + 1)),
    }
  } catch (cause) {
    throw invalid(text, `the value is not YAML (${(cause as Error).message.split('\n')[0]})`)
  }
}

type Branch = Record<string, unknown> | unknown[]
const isBranch = (value: unknown): value is Branch => typeof value === 'object' && value !== null

/** Sets the value, creating objects on the path. An index of a list must exist, or be the next one. */
export function applySetting(scenario: Record<string, unknown>, { text, path, value }: Setting): void {
  let here: Branch = scenario
  for (const [depth, key] of path.entries()) {
    if (Array.isArray(here) && !(typeof key === 'number' && key <= here.length))
      throw invalid(
        text,
        `${path.slice(0, depth).join('.')} is a list of ${here.length} without index "${key}"`,
      )
    const branch = here as Record<string | number, unknown>
    if (depth === path.length - 1) branch[key] = value
    else {
      if (!Object.hasOwn(branch, key) || branch[key] === undefined || branch[key] === null) branch[key] = {}
      const next = branch[key]
      if (!isBranch(next))
        throw invalid(
          text,
          `${path.slice(0, depth + 1).join('.')} is ${JSON.stringify(next)} and has no parts`,
        )
      here = next
    }
  }
}
