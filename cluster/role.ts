import { WeirError } from '#weir/errors/index.ts'
import type { Impersonation } from './kubernetes/connection.ts'

/** A role as EMQX ECP has them; organisations and projects are named as Kubernetes names namespaces. */
const ROLE = /^(system|org:[a-z0-9-]+|(project|user):[a-z0-9-]+\/[a-z0-9-]+)$/

/**
 * Who the API server is to take weir for, in place of the kubeconfig's user: the group of a role (deploy/roles/). Throws WEIR_USAGE.
 *
 * @param role system, org:ORGANISATION, project:ORGANISATION/PROJECT or user:ORGANISATION/PROJECT
 */
export function impersonationOf(role: string): Impersonation {
  if (!ROLE.test(role))
    throw new WeirError(
      'WEIR_USAGE',
      `--as-role ${role} is no role: write system, org:ORGANISATION, project:ORGANISATION/PROJECT or user:ORGANISATION/PROJECT`,
    )
  return { user: `weir:${role}`, groups: [`weir:${role}`, 'system:authenticated'] }
}
