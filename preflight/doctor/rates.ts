import { missing, ok, warning } from '../line.ts'
import { defineCheck } from './check.ts'

/** The resource configures evacuation rates. */
export const rates = defineCheck({
  id: 'rates',
  title: 'rates',
  code: 'WEIR_CLUSTER_UNFIT',
  needs: ['discovery'],
  run({ discovery: { strategy, dialect, name }, evacuates }) {
    const { connEvictRate, sessEvictRate, byDefault } = strategy
    const what = `${dialect.kind} ${name}`
    if (connEvictRate === 0 || sessEvictRate === 0) {
      const says = `${what} configures no eviction rates: an update deletes nodes with their clients connected`
      const todo = `set ${dialect.strategyPath}, or run a scenario that expects no evacuation`
      return { lines: [evacuates ? missing(says, todo) : warning(says, todo)] }
    }
    const figures = `${connEvictRate} connections and ${sessEvictRate} sessions per second and node`
    if (byDefault)
      return {
        lines: [
          warning(
            `${what} configures no rates: the operator's default is ${figures}, which is hardly a limit`,
            `set ${dialect.strategyPath}`,
          ),
        ],
      }
    return { lines: [ok(figures)] }
  },
})
