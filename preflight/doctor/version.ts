import { missing, ok } from '../line.ts'
import { defineCheck } from './check.ts'

/** The target version differs from the running one. */
export const version = defineCheck({
  id: 'version',
  title: 'version',
  code: 'WEIR_CLUSTER_UNFIT',
  matters: ({ target }) => target !== undefined,
  needs: ['discovery'],
  run({ discovery: { version: from, dialect, name }, target, targetIsChosen }) {
    if (target === undefined) return { lines: [] }
    if (from === target)
      return {
        lines: [
          missing(`${dialect.kind} ${name} already runs EMQX ${target}`, 'name another version with --to'),
        ],
      }
    const downgrades = from !== undefined && isOlder(target, from)
    if (downgrades && !targetIsChosen)
      return {
        lines: [
          missing(
            `${dialect.kind} ${name} runs EMQX ${from}, newer than the scenario's ${target}`,
            'name the version with --to, even to downgrade',
          ),
        ],
      }
    return {
      lines: [ok(`${from ?? 'an unnamed version'} to ${target}${downgrades ? ', a downgrade' : ''}`)],
    }
  },
})

/** Compares version numbers (5.8.9 is older than 5.8.10). False if one has none. */
function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => /\d+(?:\.\d+)+/.exec(text)?.[0]?.split('.').map(Number))
  if (!a || !b) return false
  const at = a.findIndex((number, index) => number !== (b[index] ?? 0))
  return at >= 0 && a[at]! < (b[at] ?? 0)
}
