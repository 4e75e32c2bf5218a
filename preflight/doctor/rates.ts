import { missing, ok, warning } from '../line.ts'
import { defineCheck } from './check.ts'

/** Somebody has said at which rate nodes are to be evacuated. */
export const rates = defineCheck({
  id: 'rates',
  title: 'rates',
  code: 'WEIR_CLUSTER_UNFIT',
  needs: ['discovery'],
  look({ discovery: { strategy, dialect, name }, evacuates }) {
    const { connEvictRate, sessEvictRate, byDefault } = strategy
    const what = `${dialect.kind} ${name}`
    if (connEvictRate === 0 || sessEvictRate === 0) {
      const says = `${what} names no rates of eviction: an update takes nodes away with their clients on them`
      const todo = `set ${dialect.strategyPath}, or run a scenario that expects no evacuation`
      return { lines: [evacuates ? missing(says, todo) : warning(says, todo)] }
    }
    const figures = `${connEvictRate} connections and ${sessEvictRate} sessions a second and node`
    if (byDefault)
      return {
        lines: [
          warning(
            `nobody has set rates for ${what}: the operator's own default is ${figures}, which is hardly a limit`,
            `set ${dialect.strategyPath}`,
          ),
        ],
      }
    return { lines: [ok(figures)] }
  },
})
