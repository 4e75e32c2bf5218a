import type { Requester } from '../../emqx5/api.ts'
import { getEvacuations, getNodes, type ListedNode } from '../../emqx5/api.ts'
import { nodeHost, type Role } from '../../emqx5/names.ts'
import { revisionOf } from '../../emqx5/pod-spec.ts'
import type { EmqxNode } from '../../emqx5/types.ts'
import { nextCondition } from '../condition-machine.ts'
import type { Pass, Sets, Step } from '../pass.ts'
import { isSame, ownerOf, podsOf, setsOf } from '../sets.ts'
import { nodesStatus, statusOf, writeStatus } from '../status.ts'
import type { NodesStatus } from '../types.ts'

type Nodes = Record<Role, EmqxNode[]>

/** Members with the pods that they run in; a core's pod by the beginning of its host name, a replicant's by its address. */
async function members(pass: Pass, requester: Requester): Promise<Nodes> {
  const listed = await getNodes(requester)
  const pods = await podsOf(pass)
  const found: Record<Role, ListedNode[]> = { core: [], replicant: [] }
  for (const node of listed) {
    const host = nodeHost(node.node)
    const role = node.role === 'replicant' ? 'replicant' : 'core'
    for (const pod of pods) {
      const isIts = role === 'core' ? host.startsWith(pod.metadata.name) : host === pod.status?.podIP
      if (!isIts) continue
      found[role].push({
        ...node,
        controllerUID: ownerOf(pod) ?? '',
        podUID: pod.metadata.uid ?? '',
      })
    }
  }
  const byUptime = (nodes: ListedNode[]): EmqxNode[] =>
    nodes.sort((a, b) => (a.uptime ?? 0) - (b.uptime ?? 0)).map(({ uptime: _, ...node }) => node)
  return { core: byUptime(found.core), replicant: byUptime(found.replicant) }
}

function count(status: NodesStatus, nodes: EmqxNode[], { update, current }: Sets): void {
  const of = (set: Sets['update']) =>
    nodes.filter((node) => set !== undefined && node.controllerUID === set.metadata.uid).length
  status.readyReplicas = nodes.filter((node) => node.node_status === 'running').length
  status.currentReplicas = of(current)
  status.updateReplicas = of(update)
}

/** When the current set has no pods left, the oldest other set with pods becomes current, else the newest. */
function nextCurrent({ update, current, others }: Sets, isLeft: boolean): string | undefined {
  if (update === undefined || isSame(update, current)) return undefined
  if (isLeft) return revisionOf(update)
  if ((current?.status?.replicas ?? 0) > 0) return undefined
  return revisionOf(others.find((set) => (set.status?.replicas ?? 0) > 0) ?? update)
}

/**
 * Updates the resource's status. A change of the current set is written alone; the rest follows in the next update. A failed
 * request leaves an empty list and a Warning (docs/contract/operator.md#v2beta1-conditions).
 */
export const updateStatus: Step = async (pass) => {
  const { cr, env, requester } = pass
  const { coreTemplate, replicantTemplate } = cr.spec
  const status = statusOf(cr)
  const cores = nodesStatus(cr, 'core')
  const replicants = nodesStatus(cr, 'replicant')
  cores.replicas = coreTemplate.spec.replicas
  if (replicantTemplate) replicants.replicas = replicantTemplate.spec.replicas
  const roles: [Role, NodesStatus][] = [
    ['core', cores],
    ['replicant', replicants],
  ]
  const sets: Partial<Record<Role, Sets>> = {}
  for (const [role, counts] of roles) {
    if (counts.updateRevision && !counts.currentRevision) counts.currentRevision = counts.updateRevision
    const found = await setsOf(pass, role)
    const next = nextCurrent(found, pass.hooks.isLeftAlone(pass, role, found.current))
    if (next !== undefined) {
      counts.currentRevision = next
      await writeStatus(pass)
      return undefined
    }
    sets[role] = found
  }
  if (requester === undefined) return undefined
  const warn = (reason: string) => (error: unknown) => {
    env.recorder.emit(cr, 'Warning', reason, (error as Error).message)
    return undefined
  }
  const nodes = (await members(pass, requester).catch(warn('FailedToGetNodeStatuses'))) ?? {
    core: [],
    replicant: [],
  }
  for (const [role, counts] of roles) {
    nodes[role] = pass.hooks.countedNodes(nodes[role], sets[role]!)
    count(counts, nodes[role], sets[role]!)
  }
  status.coreNodes = nodes.core
  status.replicantNodes = nodes.replicant
  const isEnterprise = nodes.core.some(
    ({ controllerUID, edition }) =>
      controllerUID === sets.core?.current?.metadata.uid && edition === 'Enterprise',
  )
  if (isEnterprise)
    status.nodeEvacuationsStatus =
      (await getEvacuations(requester).catch(warn('FailedToGetNodeEvacuationStatuses'))) ?? []
  const ready = (role: Role) => {
    const update = sets[role]?.update
    return update && (update.status?.readyReplicas ?? 0)
  }
  nextCondition(cr, status, { cores: ready('core'), replicants: ready('replicant') }, env.clock.now())
  await writeStatus(pass)
  return undefined
}
