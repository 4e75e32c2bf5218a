import { missing, ok } from '../line.ts'
import { defineCheck } from './check.ts'

/** The version to change to is another one than the one that runs. */
export const version = defineCheck({
  id: 'version',
  title: 'version',
  code: 'WEIR_CLUSTER_UNFIT',
  matters: ({ target }) => target !== undefined,
  needs: ['discovery'],
  look({ discovery: { version: from, dialect, name }, target, targetIsChosen }) {
    if (target === undefined) return { lines: [] }
    if (from === target)
      return {
        lines: [
          missing(
            `${dialect.kind} ${name} runs EMQX ${target} already, so there is nothing to upgrade`,
            'say with --to which version it should be',
          ),
        ],
      }
    const downgrades = from !== undefined && isOlder(target, from)
    if (downgrades && !targetIsChosen)
      return {
        lines: [
          missing(
            `${dialect.kind} ${name} runs EMQX ${from}, which is newer than the ${target} of the scenario`,
            'say with --to which version it should be, also if it should be the older one',
          ),
        ],
      }
    return {
      lines: [ok(`${from ?? 'an unnamed version'} to ${target}${downgrades ? ', a downgrade' : ''}`)],
    }
  },
})

/** By the numbers of their versions (5.8.9 is older than 5.8.10). What names no numbers is older than nothing. */
function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => /\d+(?:\.\d+)+/.exec(text)?.[0]?.split('.').map(Number))
  if (!a || !b) return false
  const at = a.findIndex((number, index) => number !== (b[index] ?? 0))
  return at >= 0 && a[at]! < (b[at] ?? 0)
}
