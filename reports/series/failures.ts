import type { ApiFailureEvent, Scrape } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { nodeOfPodAt } from './labels.ts'

/**
 * Requests that a pod should have answered but did not: after its first answer, and before its deletion. A pod that is
 * starting refuses everything, which means nothing.
 */
export interface Failures {
  scrapes: Scrape[]
  api: ApiFailureEvent[]
}

export function failuresToAnswer(run: RunView): Failures {
  const shouldAnswer = answering(run)
  return {
    scrapes: run.record.scrapes.filter(({ ok, pod, t }) => !ok && shouldAnswer(pod, t)),
    api: run.of('api-failure').filter(({ via, t }) => shouldAnswer(via, t)),
  }
}

/** Whether a pod is up at `t`; anything that is no pod, e.g. the API server, should always answer. */
function answering(run: RunView): (pod: string, t: number) => boolean {
  const firstAnswerT = new Map<number, number>()
  const answered = (pod: string, t: number) => {
    const node = nodeOfPodAt(run, pod, t)
    if (node !== undefined && t < (firstAnswerT.get(node) ?? Number.POSITIVE_INFINITY))
      firstAnswerT.set(node, t)
  }
  for (const { ok, pod, t } of run.record.scrapes) if (ok) answered(pod, t)
  for (const type of ['evacuation', 'nodes', 'listing'] as const)
    for (const { via, t } of run.of(type)) answered(via, t)
  return (pod, t) => {
    const node = nodeOfPodAt(run, pod, t)
    if (node === undefined) return true
    const upT = firstAnswerT.get(node) ?? Number.POSITIVE_INFINITY
    return t >= upT && t < (run.nodes[node]!.deletingT ?? Number.POSITIVE_INFINITY)
  }
}
