import type { Cause } from '../verdict.ts'
import type { CauseKind, Judged } from './cause.ts'
import { droppedNodes } from './dropped-nodes.ts'
import { earlyEnd } from './early-end.ts'
import { knownDeviation } from './known-deviation.ts'
import { lostFleetPods } from './lost-fleet-pods.ts'
import { slowHarness } from './slow-harness.ts'

export { earlyEndOf } from './early-end.ts'

/** Every kind, in the order in which a finding that follows from several is given to one. */
const KINDS: readonly CauseKind[] = [knownDeviation, droppedNodes, lostFleetPods, slowHarness, earlyEnd]

/**
 * The causes of what failed or stayed open, each with the findings that follow from it, in the verdict's order. A finding belongs to the
 * first cause that explains it, and to none when none is known to. A cause from which nothing follows is left out.
 */
export function causesOf(judged: Judged): Cause[] {
  const free = new Set(judged.findings)
  return KINDS.flatMap((kind) => kind(judged)).flatMap(({ explains, id, title, link, evidence }): Cause[] => {
    const findings = [...free].filter((finding) => finding.outcome !== 'pass' && explains(finding))
    for (const finding of findings) free.delete(finding)
    if (findings.length === 0) return []
    return [{ id, title, link, findings: findings.map((one) => one.id), ...(evidence && { evidence }) }]
  })
}
