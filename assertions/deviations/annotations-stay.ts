import { lastNetworkChange } from '../evidence/network.ts'
import type { ServiceSeen } from '../evidence/service-differs.ts'
import type { Deviation } from './deviation.ts'
import { isReleased } from './release.ts'

/** Operator 2.1.0–2.2.29: it keeps every annotation that a Service has, also one that the resource does not name any more. */
export const annotationsStay: Deviation = {
  id: 'operator-2.1.0-2.2.29-annotations-stay',
  source: 'docs/contract/operator.md#v1beta4-service',
  shows(run) {
    const change = lastNetworkChange(run)
    if (!isReleased(run.parameters.dialect, '2.1.0', '2.2.29') || change?.asked.by !== 'operator')
      return false
    const { annotations = {} } = (change.service.at(-1)?.object as ServiceSeen | undefined)?.metadata ?? {}
    return change.asked.removed.some((key) => Object.hasOwn(annotations, key))
  },
  fails: ['service-as-asked'],
  mayFail: [],
  leavesOpen: [],
}
