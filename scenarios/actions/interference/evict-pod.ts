import type { Node, Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { KubeApiError } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import { StepFailure } from '../../run/endings.ts'
import type { Run } from '../../run/run.ts'
import { audited } from '../audited.ts'
import { chosen, type PodChoice } from './kill-pod.ts'

/**
 * Does to one pod what draining its machine does: no pod may come there any more, and Kubernetes is asked to evict it, which its disruption
 * budget may refuse. A run that ends before the machine takes pods again lets it do so then.
 */
export async function evictPod(run: Run, { pod: choice }: { pod: PodChoice }): Promise<void> {
  const { kube, namespace } = run.cluster
  const { name } = chosen(run, choice)
  const { nodeName: host } = (await kube.get<Pod>(resources.pods, namespace, name)).spec
  if (host === undefined) throw new StepFailure('failed', `evict-pod: ${name} is on no machine`)
  await cordon(run, host)
  await audited(run, 'evict-pod', `${name} of ${choice} node`, async () => {
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } }
    const { status, body } = await kube.raw('POST', path, eviction)
    const { message = '', reason = '' } = (body ?? {}) as { message?: string; reason?: string }
    if (status >= 300) throw new KubeApiError(status, reason, message)
    return { detail: 'accepted', endedPod: name }
  })
}

/** One that is cordoned already stays so: somebody else did that. */
async function cordon(run: Run, host: string): Promise<void> {
  const { spec } = await run.cluster.kube.get<Node>(resources.nodes, undefined, host)
  if (spec?.unschedulable) return
  await audited(run, 'cordon', host, async () => {
    run.cleanUp.addUndo(() => uncordonUnlessDone(run, host))
    run.state.cordoned(host)
    await setUnschedulable(run, host, true)
    return 'no pod comes there any more'
  })
}

/** The machines that the run cordoned take pods again. */
export async function uncordon(run: Run): Promise<void> {
  const hosts = [...run.state.cordonedHosts]
  if (hosts.length === 0)
    run.emit({ type: 'note', level: 'info', text: 'No machine is cordoned by this run.' })
  for (const host of hosts) await uncordonOne(run, host)
}

const uncordonOne = (run: Run, host: string): Promise<void> =>
  audited(run, 'uncordon', host, async () => {
    await setUnschedulable(run, host, false)
    run.state.uncordoned(host)
    return 'pods may come there again'
  })

async function uncordonUnlessDone(run: Run, host: string): Promise<void> {
  if (!run.state.cordonedHosts.has(host)) return
  try {
    await uncordonOne(run, host)
  } catch (error) {
    const text = `${host} may still be cordoned: kubectl uncordon ${host} (${messageOf(error)})`
    run.emit({ type: 'note', level: 'error', text })
  }
}

const setUnschedulable = ({ cluster }: Run, host: string, is: boolean): Promise<unknown> =>
  cluster.kube.patch(resources.nodes, undefined, host, 'merge', { spec: { unschedulable: is ? true : null } })
