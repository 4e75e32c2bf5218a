import { defineCheck, missing, ok } from './check.ts'

/** The version to change to is another one than the one that runs. */
export const version = defineCheck({
  id: 'version',
  title: 'version',
  code: 'WEIR_CLUSTER_UNFIT',
  matters: ({ target }) => target !== undefined,
  needs: ['discovery'],
  look({ discovery: { version: from, dialect, name }, target }) {
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
    return { lines: [ok(`${from ?? 'an unnamed version'} to ${target}`)] }
  },
})
