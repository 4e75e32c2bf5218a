import { missing, ok } from '../line.ts'
import { defineCheck } from './check.ts'

/** Bounds depend on what an operator of this line does; of an unknown one nobody knows. */
export const operator = defineCheck({
  id: 'operator',
  title: 'operator',
  code: 'WEIR_CLUSTER_UNFIT',
  needs: ['discovery'],
  look({ discovery: { operator: found, dialect } }) {
    const say = 'say with --operator which release line it behaves like, e.g. --operator 2.2.29'
    if (found.line === undefined)
      return { lines: [missing(`the release line of the EMQX Operator is not known: ${found.how}`, say)] }
    if (!found.known)
      return {
        lines: [
          missing(
            `weir does not know how the EMQX Operator ${found.line} (${found.how}) treats ${dialect.kind}`,
            say,
          ),
        ],
      }
    return { lines: [ok(`EMQX Operator ${found.line}: ${found.how}`)] }
  },
})
