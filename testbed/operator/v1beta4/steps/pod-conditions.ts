import { type Pod, selectorOf, timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { wrap } from '../../runtime/errors.ts'
import { credentials } from '../emqx/credentials.ts'
import { API_PORT, ON_SERVING, podNameOf } from '../names.ts'
import type { Step } from '../pass.ts'

const PATH = '/api/v4/load_rebalance/availability_check'

/**
 * The readiness gate of each pod that is a member, running or stopped, and whose containers are ready: True when the
 * pod itself says that it is available. One pod that cannot be asked ends the step, and the pass with it.
 */
export const updatePodConditions: Step = async ({ cr, env }) => {
  const members = new Set((cr.status?.emqxNodes ?? []).map(({ node }) => podNameOf(node)))
  if (members.size === 0) return undefined
  const options = { port: API_PORT, ...(await credentials(env.kube, cr)) }
  const { items } = await env.kube.list<Pod>(resources.pods, {
    namespace: cr.metadata.namespace,
    labelSelector: selectorOf(cr.spec.template.metadata?.labels),
  })
  for (const pod of items) {
    const { name, namespace } = pod.metadata
    const conditions = new Map(pod.status?.conditions?.map((condition) => [condition.type, condition]))
    if (!members.has(name) || conditions.get('ContainersReady')?.status !== 'True') continue
    const { podIP = '' } = pod.status ?? {}
    const answer = await env.http.send(podIP, 'GET', PATH, options).catch((error: unknown) => {
      throw wrap(error, `failed to check availability for pod/${name}`)
    })
    const now = timestamp(env.clock.now())
    const gate = {
      type: ON_SERVING,
      status: answer.status === 200 ? 'True' : 'False',
      lastProbeTime: now,
      lastTransitionTime: conditions.get(ON_SERVING)?.lastTransitionTime ?? now,
    }
    await env.kube
      .patch(
        resources.pods,
        namespace,
        name,
        'strategic',
        { status: { conditions: [gate] } },
        { subresource: 'status' },
      )
      .catch((error: unknown) => {
        throw wrap(error, 'failed to patch pod conditions')
      })
  }
  return undefined
}
