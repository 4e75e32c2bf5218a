import { isVolume } from '#weir/facts/index.ts'
import type { Check } from '../check.ts'
import { actionT } from '../evidence/actions.ts'
import { endStateT } from '../evidence/span.ts'
import { blindTo } from '../evidence/watches.ts'
import { moment, SECOND } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['order-of-deletion']
const { settle, shared } = MESSAGES

/** No pod is there any more when the resource is deleted, and afterwards nothing that belonged to it. Volumes are told. */
export const orderOfDeletion: Check<'order-of-deletion'> = (run, bounds) => {
  const bound = text.bound(bounds)
  const open = (why: string, resolve: string) =>
    unknown({ bound, measured: shared.unknown, why, settle: resolve })
  const lastT = endStateT(run)
  const ending = run.of('cr').find((event) => event.deleting === true || event.deleted)
  const asked = actionT(run, 'delete')
  if (!ending) {
    if (!asked) return open(text.noDeletion, text.noDeletionSettle)
    if (lastT - asked.doneT < bounds.seconds * SECOND) return open(text.unfinished, settle.wholeRun)
  }
  const fromT = Math.min(ending?.t ?? asked!.doneT, asked?.doneT ?? Infinity)
  const seen = (toT: number) => [evidence('events.ndjson', fromT, toT, text.seen)]
  const running = run.nodes.filter(
    ({ firstSeenT, deletedT = Infinity }) => firstSeenT < fromT && deletedT > fromT,
  )
  if (running.length > 0) {
    if (blindTo(run, 'pods', 0, fromT)) return open(text.blind, settle.watches)
    return fail({
      bound,
      measured: text.measuredRunning({ pods: running.length }),
      sentence: text.running({ pods: running.map(({ pod }) => pod), at: moment(run, fromT) }),
      evidence: seen(fromT),
    })
  }
  const looks = run.of('leftovers').filter(({ t }) => t >= fromT)
  const last = looks.at(-1)
  const others = last?.found.filter((one) => !isVolume(one)) ?? []
  const gone = run.of('cr').findLast(({ deleted }) => deleted)
  const left = [...(gone ? [] : [text.resource]), ...others.map(({ kind, name }) => `${kind} ${name}`)]
  if (left.length > 0) {
    if (lastT - fromT < bounds.seconds * SECOND) return open(text.unfinished, settle.wholeRun)
    return fail({
      bound,
      measured: text.measuredLeft({ left }),
      sentence: text.left({ left, ns: lastT - fromT }),
      evidence: seen(lastT),
    })
  }
  if (!last) return open(text.notLooked, text.notLookedSettle)
  const [unlisted] = last.unlisted
  if (unlisted) return open(text.unlisted(unlisted), text.unlistedSettle)
  const volumes = last.found.filter(isVolume).map(({ name }) => name)
  const tookNs = last.t - fromT
  return pass({
    bound,
    measured: text.measured({ ns: tookNs, volumes: volumes.length }),
    sentence: text.held({ ns: tookNs, volumes }),
    figures: { seconds: tookNs / SECOND, volumes: volumes.length },
    evidence: seen(last.t),
  })
}
