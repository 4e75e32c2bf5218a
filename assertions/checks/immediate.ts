import type { Bounds } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { lastChange, type SettingChange } from '../evidence/settings.ts'
import { moment, SECOND } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES.immediate
const { shared } = MESSAGES

/** From the write until the cluster itself shows the new value, and it stays. */
export const immediate: Check<'immediate'> = (run, bounds) => {
  const change = lastChange(run)
  const none = { bound: text.noBound, measured: shared.unknown }
  if (!change) return unknown({ ...none, why: text.noChange, settle: text.noChangeSettle })
  const within = withinSeconds(run, change, bounds)
  if (within === undefined) return unknown({ ...none, why: text.noTime, settle: text.noTimeSettle })
  const { asked, reads, name } = change
  const { value } = asked
  const bound = text.bound({ within })
  const seen = [evidence('events.ndjson', asked.t, reads.at(-1)?.t ?? asked.t, text.seen)]
  const open = (why: string) =>
    unknown({ bound, measured: shared.unknown, why, settle: text.samplesSettle, evidence: seen })
  if (reads.length === 0) return open(text.unread({ name }))
  const first = reads.findIndex((read) => read.value === value)
  // When it was last seen not to be so: the answer is as old as its question.
  const old = first < 0 ? reads.at(-1)! : reads[first - 1]
  const oldNs = old === undefined ? 0 : old.t - old.tookNs - asked.t
  if (oldNs > within * SECOND) {
    const shown = reads[first]
    const ns = shown === undefined ? oldNs : shown.t - asked.t
    return fail({
      bound,
      measured: shown === undefined ? text.measuredNever({ ns }) : text.measured({ ns }),
      sentence:
        shown === undefined
          ? text.never({ name, value, found: old!.value, ns })
          : text.late({ name, value, ns, within }),
      evidence: seen,
      figures: { seconds: ns / SECOND },
    })
  }
  if (first < 0) return open(text.unfinished)
  const shown = reads[first]!
  const ns = shown.t - asked.t
  if (ns > (within + bounds.sampleSeconds) * SECOND) return open(text.gap({ ns: ns - oldNs }))
  const lost = reads.slice(first).find((read) => read.value !== value)
  if (lost)
    return fail({
      bound,
      measured: text.measured({ ns }),
      sentence: text.lost({ name, value, found: lost.value, at: moment(run, lost.t) }),
      evidence: seen,
    })
  return pass({
    bound,
    measured: text.measured({ ns }),
    sentence: text.held({ name, value, ns }),
    evidence: seen,
    figures: { seconds: ns / SECOND },
  })
}

const withinSeconds = (
  run: RunView,
  { name }: SettingChange,
  { projectSeconds }: Bounds<'immediate'>,
): number | undefined => (name === 'project' ? projectSeconds : run.parameters.dialect.limitWithinSeconds)
