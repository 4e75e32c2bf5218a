import type { RunView } from '#weir/record/view/index.ts'
import { blockerOf } from '../../evidence/blocker.ts'
import { moment } from '../../evidence/wording.ts'
import { MESSAGES } from '../../messages/index.ts'
import { whyCut } from '../downgrade.ts'
import { processEndOf } from '../own-ending.ts'
import type { Cause } from '../verdict.ts'
import { type CauseKind, isOpen } from './cause.ts'

const text = MESSAGES.causes

type Ending = Pick<Cause, 'id' | 'title' | 'link'>

/**
 * Why a run ended before all was seen: a process of weir's died, the change was refused, something held the rollout up, or the run was
 * interrupted, failed, or was killed. Undefined of a run that went to its end.
 */
export function earlyEndOf(run: RunView): Ending | undefined {
  return processEnded(run) ?? refused(run) ?? heldUp(run) ?? ended(run)
}

/**
 * What the end of the run alone leaves open: all that is judged by the change when it was not made, or not seen to its end. Whether the
 * harness kept up is another question.
 */
export const earlyEnd: CauseKind = ({ run }) => {
  const ending = earlyEndOf(run)
  if (!ending) return []
  const isCut = run.moments.trigger === undefined || whyCut(run) !== undefined
  return [
    {
      ...ending,
      explains: (finding) =>
        isOpen(finding) && finding.id !== 'harness-healthy' && (isCut || finding.id === 'all-new'),
    },
  ]
}

function processEnded(run: RunView): Ending | undefined {
  const end = processEndOf(run.record)
  if (!end) return undefined
  const title = MESSAGES.verdict.processEnded({ how: end.how, at: moment(run, end.t) })
  return { id: 'process-ended', title, link: 'docs/own-cluster.md#failures-during-a-run' }
}

/** A refusal that ended the run, and no one that the scenario expects. */
function refused(run: RunView): Ending | undefined {
  if (run.moments.trigger !== undefined || run.record.manifest.end?.how !== 'failed') return undefined
  const refusal = run.of('action').findLast(({ phase }) => phase === 'refused')
  if (!refusal) return undefined
  const title = text.refused({ action: refusal.action, why: refusal.detail })
  return { id: 'change-refused', title, link: 'docs/operations.md#guards' }
}

function heldUp(run: RunView): Ending | undefined {
  if (run.record.manifest.end?.how !== 'failed') return undefined
  const blocker = blockerOf(run, run.moments.fleetStopping ?? run.moments.end)
  if (!blocker) return undefined
  const title = MESSAGES.verdict.blocked(blocker)
  return { id: 'rollout-held-up', title, link: 'docs/contract/operations.md#changes-that-cannot-be-made' }
}

function ended(run: RunView): Ending | undefined {
  const { end } = run.record.manifest
  if (end?.how === 'completed') return undefined
  const { trigger, changeDone } = run.moments
  const seen = trigger === undefined ? 'nothing' : changeDone === undefined ? 'part' : 'change'
  const cut = !end && seen === 'part' ? whyCut(run) : undefined
  const title = text.ended({ how: end?.how ?? 'killed', seen, reason: end?.reason, cut })
  return { id: 'ended-early', title, link: 'docs/own-cluster.md#failures-during-a-run' }
}
