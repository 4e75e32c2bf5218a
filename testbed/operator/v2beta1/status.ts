import type { Role } from './names.ts'
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
