import { omitEmpty } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { Role } from '../emqx5/names.ts'
import { wrap } from '../runtime/errors.ts'
import type { Pass } from './pass.ts'
import type { Emqx, EmqxStatus, NodesStatus } from './types.ts'

/** The resource's status, to be edited in place. */
export function statusOf(cr: Emqx): EmqxStatus {
  const status = cr.status ?? {}
  cr.status = status
  return status
}

/** A role's part of it, to be edited in place. */
export function nodesStatus(cr: Emqx, role: Role): NodesStatus {
  const status = statusOf(cr)
  const key = role === 'core' ? 'coreNodesStatus' : 'replicantNodesStatus'
  const nodes = status[key] ?? {}
  status[key] = nodes
  return nodes
}

/** Empty counts and lists are left out when they are written, as Go does; so they come back as nothing. */
function written(status: EmqxStatus): EmqxStatus {
  const lists = ['coreNodes', 'replicantNodes', 'nodeEvacuationsStatus'] as const
  const rest: EmqxStatus = { ...status }
  for (const list of lists) if ((rest[list] ?? []).length === 0) delete rest[list]
  return {
    ...rest,
    coreNodesStatus: omitEmpty(status.coreNodesStatus ?? {}),
    replicantNodesStatus: omitEmpty(status.replicantNodesStatus ?? {}),
  }
}

/** Writes the status and goes on with what the API server made of the resource. */
export async function writeStatus(pass: Pass): Promise<void> {
  const truth = written(pass.cr.status ?? {})
  const shown = await pass.hooks.shownStatus(pass, truth)
  try {
    pass.cr = await pass.env.kube.replace<Emqx>(resources.emqxes, { ...pass.cr, status: shown }, 'status')
  } catch (error) {
    throw wrap(error, 'failed to update status')
  }
  if (shown !== truth) pass.cr.status = truth
}
