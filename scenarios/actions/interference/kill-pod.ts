import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { StepFailure } from '../../run/endings.ts'
import type { LivePod } from '../../run/live-cluster.ts'
import type { Run } from '../../run/run.ts'
import type { Step } from '../../types.ts'
import { audited } from '../audited.ts'

export type PodChoice = Extract<Step, { action: 'kill-pod' }>['pod']

/** Deletes a pod without grace, as a node that fails does: the process in it gets SIGKILL, and its clients no word. */
export const killPod = (run: Run, { pod: choice }: { pod: PodChoice }): Promise<void> =>
  audited(run, 'kill-pod', `the pod of ${choice} node`, async () => {
    const { kube, namespace } = run.cluster
    const { name, uid } = chosen(run, choice)
    await kube.delete(resources.pods, namespace, name, { gracePeriodSeconds: 0, uid })
    return { detail: name, endedPod: name }
  })

/** The pod of an old node that is being evacuated, of the first old one that is not evacuated yet, of the first new one, or of the first that is ready. Throws where there is none. */
export function chosen({ live, state }: Run, choice: PodChoice): LivePod {
  const { trigger, evacuations } = state
  const isOld = ({ uid }: LivePod) => trigger?.pods.has(uid) === true
  const there = live.pods.filter(({ deleting, ip }) => !deleting && ip !== undefined)
  const evacuated = new Set(evacuations.map(({ node }) => node))
  const pods = {
    'an evacuated': there.filter((pod) => evacuated.has(pod.node)),
    'an old': there.filter((pod) => isOld(pod) && !evacuated.has(pod.node)),
    'a new': there.filter((pod) => trigger && !isOld(pod) && pod.ready),
    any: there.filter(({ ready }) => ready),
  }[choice]
  const pod = pods.at(0)
  if (!pod) throw new StepFailure('failed', `there is no pod of ${choice} node`)
  return pod
}
