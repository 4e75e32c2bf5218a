import { isNewerLine, linesText } from '#weir/cluster/index.ts'
import { missing, ok } from '../line.ts'
import { defineCheck } from './check.ts'

/** weir knows the operator's release line: bounds depend on its behavior. */
export const operator = defineCheck({
  id: 'operator',
  title: 'operator',
  code: 'WEIR_CLUSTER_UNFIT',
  needs: ['discovery'],
  run({ discovery: { operator: found, dialect } }) {
    const say = 'name the release line that it behaves like, e.g. --operator 2.2.29'
    if (found.line === undefined)
      return { lines: [missing(`the release line of the EMQX Operator is unknown: ${found.how}`, say)] }
    if (!found.known && isNewerLine(dialect, found.line))
      return {
        lines: [
          missing(
            `weir does not know the EMQX Operator ${found.line} (${found.how}): it is newer than the lines that weir knows for ${dialect.kind}, and none of them is known to behave like it`,
            `use a cluster whose EMQX Operator is of ${linesText([dialect])}`,
          ),
        ],
      }
    if (!found.known)
      return {
        lines: [
          missing(
            `weir does not support the EMQX Operator ${found.line} (${found.how}) for ${dialect.kind}`,
            say,
          ),
        ],
      }
    return { lines: [ok(`EMQX Operator ${found.line}: ${found.how}`)] }
  },
})
