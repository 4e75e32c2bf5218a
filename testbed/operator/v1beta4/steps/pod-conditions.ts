import { type Pod, timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { labelled } from '../../apply.ts'
import { wrapping } from '../../runtime/errors.ts'
import { credentials } from '../emqx/requester.ts'
import { API_PORT, ON_SERVING, podNameOf } from '../names.ts'
import type { Step } from '../pass.ts'

const PATH = '/api/v4/load_rebalance/availability_check'

/**
 * The readiness gate of each pod that is a member, running or stopped, and whose containers are ready: True when the
 * pod answers its availability check with 200. One failed request ends the step and the pass.
 */
export const updatePodConditions: Step = async (pass) => {
  const { cr, env } = pass
  const members = new Set((cr.status?.emqxNodes ?? []).map(({ node }) => podNameOf(node)))
  if (members.size === 0) return undefined
  const options = { port: API_PORT, ...(await credentials(pass)) }
  const items = await labelled<Pod>(pass, resources.pods, cr.spec.template.metadata?.labels)
  for (const pod of items) {
    const { name, namespace } = pod.metadata
    const conditions = new Map(pod.status?.conditions?.map((condition) => [condition.type, condition]))
    if (!members.has(name) || conditions.get('ContainersReady')?.status !== 'True') continue
    const { podIP = '' } = pod.status ?? {}
    const answer = await wrapping(
      `failed to check availability for pod/${name}`,
      env.http.send(podIP, 'GET', PATH, options),
    )
    const now = timestamp(env.clock.now())
    const gate = {
      type: ON_SERVING,
      status: answer.status === 200 ? 'True' : 'False',
      lastProbeTime: now,
      lastTransitionTime: conditions.get(ON_SERVING)?.lastTransitionTime ?? now,
    }
    await wrapping(
      'failed to patch pod conditions',
      env.kube.patch(
        resources.pods,
        namespace,
        name,
        'strategic',
        { status: { conditions: [gate] } },
        { subresource: 'status' },
      ),
    )
  }
  return undefined
}
