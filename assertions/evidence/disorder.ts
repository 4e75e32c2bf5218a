import type { NodeView, RunView } from '#weir/record/view/index.ts'
import { type AssertionResult, evidence, fail } from '../verdict/finding.ts'
import { SERIAL_BOUND } from './bound-texts.ts'
import type { Track } from './tracks.ts'
import { atTrigger, SECOND } from './wording.ts'

/** Nodes of one side that came in the wrong order. Undefined when none did. `tracks`: in the order in which they were first seen. */
export function disordered(run: RunView, tracks: Track[]): AssertionResult | undefined {
  for (let i = 1; i < tracks.length; i++) {
    const [earlier, later] = [tracks[i - 1], tracks[i]]
    const [a, b] = [run.nodes[earlier?.node ?? -1], run.nodes[later?.node ?? -1]]
    const why = a && b && whyWrong(a, b)
    if (!earlier || !later || !a || !b || !why) continue
    const fromT = earlier.samples[0]?.t ?? 0
    const toT = later.samples[0]?.t ?? 0
    return fail({
      bound: SERIAL_BOUND,
      measured: `${a.pod} before ${b.pod}`,
      sentence: `${a.pod} was evacuated before ${b.pod}: ${atTrigger(run, fromT)} and ${atTrigger(run, toT).replace('at ', '')}; ${why}.`,
      evidence: [evidence('events.ndjson', fromT, toT, 'first sample of each evacuation')],
      figures: { before: a.pod, after: b.pod },
    })
  }
  return coreTooEarly(run, tracks)
}

/** A StatefulSet shrinks from its highest ordinal; of a ReplicaSet the operator takes the greatest name (operator B.6). */
function whyWrong(a: NodeView, b: NodeView): string | undefined {
  if (a.role === 'core' && b.role === 'replicant')
    return 'cores are left only when no old replicant needs them'
  if (a.set !== b.set) return undefined
  if (a.ordinal < 0 || b.ordinal < 0)
    return a.pod < b.pod ? 'of a ReplicaSet the pod with the greatest name comes first' : undefined
  return a.ordinal > b.ordinal
    ? undefined
    : 'a set shrinks from its highest ordinal, so the wrong pod is deleted'
}

/** A core that holds nobody is never evacuated: only the end of its pod tells when its turn was. */
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
        bound: SERIAL_BOUND,
        measured: `${core.pod} before ${replicant.pod}`,
        sentence: `The pod of ${core.pod} was deleted ${atTrigger(run, coreT)}, before the old replicant ${replicant.pod} had its turn ${atTrigger(run, replicantT)}: it still needed its cores.`,
        evidence: [evidence('events.ndjson', coreT, replicantT, 'pods and evacuations of the old nodes')],
        figures: { before: core.pod, after: replicant.pod },
      })
    }
  return undefined
}
