import { compareVersions } from '#weir/facts/index.ts'
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
    const downgrades = from !== undefined && (compareVersions(target, from) ?? 0) < 0
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
