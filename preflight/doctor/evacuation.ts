import { missing, ok, unknown, warning } from '../line.ts'
import { defineCheck } from './check.ts'

/** This edition and version of EMQX can evacuate a node; otherwise an update drops whole nodes. */
export const evacuation = defineCheck({
  id: 'evacuation',
  title: 'evacuation',
  code: 'WEIR_CLUSTER_UNFIT',
  asksNodes: true,
  needs: ['discovery'],
  run({ discovery: { evacuation: can }, evacuates }) {
    if (can.found === undefined)
      return { lines: [unknown(can.why, 'make EMQX reachable, then run the doctor again')] }
    if (can.found) return { lines: [ok(can.how)] }
    const todo = 'use EMQX Enterprise, or a scenario that expects no evacuation'
    return { lines: [evacuates ? missing(can.how, todo) : warning(can.how, todo)] }
  },
})
