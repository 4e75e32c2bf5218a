import { ASSERTIONS } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { endStateT } from '../evidence/span.ts'
import { changedT, claimsOf, earlyClaim } from '../evidence/state-claims.ts'
import { SECOND } from '../evidence/wording.ts'
import type { Deviation } from './deviation.ts'
import { isReleased } from './release.ts'

/** Operator 2.1.0–2.2.29 on v1beta4: whether it runs as asked is a count of EMQX's nodes. */
export const runningEarly: Deviation = {
  id: 'operator-2.1.0-2.2.29-running-early',
  source: 'docs/contract/operator.md#v1beta4-status',
  shows: (run) =>
    isReleased(run.parameters.dialect, '2.1.0', '2.2.29') &&
    // The operator that says Running also writes the Service's addresses.
    run.parameters.dialect.trafficSwitch === 'service' &&
    countsNodes(run),
  fails: ['state-truth'],
  mayFail: [],
  leavesOpen: [],
}

/** As the assertion is asked for. */
const earlySeconds = ({ record }: RunView): number =>
  record.manifest.asserts.find(({ id }) => id === 'state-truth')?.bounds?.earlySeconds ??
  ASSERTIONS['state-truth'].bounds.earlySeconds.default

/** What it says too early and for more than a moment is right of EMQX's nodes. */
function countsNodes(run: RunView): boolean {
  const { trigger } = run.moments
  if (trigger === undefined) return false
  const toT = endStateT(run)
  const early = earlyClaim(claimsOf(run, changedT(run, trigger), toT), toT, earlySeconds(run) * SECOND)
  const said = early && run.of('cr').findLast(({ t }) => t <= early.fromT)
  return said !== undefined && said.nodes.filter(({ running }) => running).length === said.wanted
}
