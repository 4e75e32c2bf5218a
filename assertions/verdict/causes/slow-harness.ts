import { MESSAGES } from '../../messages/index.ts'
import type { Finding } from '../verdict.ts'
import { type CauseKind, isOpen } from './cause.ts'

const ID = 'harness-healthy'

/**
 * A harness that did not keep up leaves rates and times open: what was judged inconclusive for that, and nothing that is open for a reason of its own.
 * Without any, it is a finding like others.
 */
export const slowHarness: CauseKind = ({ findings }) => {
  const health = findings.find(({ id }) => id === ID)
  const explains = (finding: Finding) =>
    isOpen(finding) && (finding.id === ID || finding.settle === MESSAGES.settle.lessLoad)
  if (!health || !isOpen(health) || !findings.some((one) => one.id !== ID && explains(one))) return []
  const title = MESSAGES.causes.slowHarness({ measured: health.measured })
  return [{ id: 'slow-harness', title, link: 'docs/assertions.md#harness-healthy', explains }]
}
