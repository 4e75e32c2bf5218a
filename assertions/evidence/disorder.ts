import type { NodeView, RunView } from '#weir/record/view/index.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, evidence, fail } from '../verdict/finding.ts'
import { isByPod } from './by-pod.ts'
import { serialBound } from './serial-bound.ts'
import type { Track } from './tracks.ts'
import { moment, SECOND } from './wording.ts'

const text = MESSAGES['evacuation-serial']

/** Nodes of one side that came in the wrong order. Undefined when none did. `tracks`: in the order in which they were first seen. */
export function disordered(run: RunView, tracks: Track[]): AssertionResult | undefined {
  const byPod = isByPod(run)
  for (let i = 1; i < tracks.length; i++) {
    const [earlier, later] = [tracks[i - 1], tracks[i]]
    const [a, b] = [run.nodes[earlier?.node ?? -1], run.nodes[later?.node ?? -1]]
    const why = a && b && whyWrong(a, b, byPod)
    if (!earlier || !later || !a || !b || !why) continue
    const fromT = earlier.samples[0]?.t ?? 0
    const toT = later.samples[0]?.t ?? 0
    return fail({
      bound: serialBound(run),
      measured: text.measuredOrder({ before: a.pod, after: b.pod }),
      sentence: text.wrongOrder({
        before: a.pod,
        after: b.pod,
        beforeAt: moment(run, fromT),
        afterAt: moment(run, toT),
        why,
      }),
      evidence: [evidence('events.ndjson', fromT, toT, text.firstSamplesSeen)],
      figures: { before: a.pod, after: b.pod },
    })
  }
  return byPod ? undefined : coreTooEarly(run, tracks)
}

/**
 * A StatefulSet shrinks, or is replaced, from its highest ordinal; of a ReplicaSet the operator takes the greatest name
 * (docs/contract/operator.md#v2beta1-drain). Where pods are replaced one by one, nothing says which of the replicants goes first.
 */
function whyWrong(a: NodeView, b: NodeView, byPod: boolean): string | undefined {
  if (!byPod && a.role === 'core' && b.role === 'replicant') return text.coreFirst
  if (a.set !== b.set) return undefined
  if (a.ordinal < 0 || b.ordinal < 0) return !byPod && a.pod < b.pod ? text.replicaSetOrder : undefined
  return a.ordinal > b.ordinal ? undefined : text.statefulSetOrder
}

/** A core without clients is never evacuated: its turn is known only from the end of its pod. */
function coreTooEarly(run: RunView, tracks: Track[]): AssertionResult | undefined {
  const beganT = (index: number) => tracks.find(({ node }) => node === index)?.samples[0]?.t
  const old = run.nodes.flatMap((node, index) =>
    node.side === 'old' ? [{ ...node, turnT: beganT(index) ?? node.deletingT }] : [],
  )
  for (const core of old)
    for (const replicant of old) {
      if (core.role !== 'core' || replicant.role !== 'replicant') continue
      const [coreT, replicantT] = [core.deletingT, replicant.turnT]
      if (coreT === undefined || replicantT === undefined || coreT + SECOND >= replicantT) continue
      return fail({
        bound: serialBound(run),
        measured: text.measuredOrder({ before: core.pod, after: replicant.pod }),
        sentence: text.coreDeletedFirst({
          core: core.pod,
          at: moment(run, coreT),
          replicant: replicant.pod,
          replicantAt: moment(run, replicantT),
        }),
        evidence: [evidence('events.ndjson', coreT, replicantT, text.oldNodesSeen)],
        figures: { before: core.pod, after: replicant.pod },
      })
    }
  return undefined
}
