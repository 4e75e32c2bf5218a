import { type Permission, permissionsFor, permissionText, reviewPermissions } from '#weir/cluster/index.ts'
import { defineCheck, type Line, missing, ok, unknown, warning } from './check.ts'

const RBAC = 'grant it, e.g. with deploy/rbac.yaml'

function lineOf(permission: Permission, allowed: boolean | undefined, why: string | undefined): Line {
  const text = permissionText(permission)
  const where = permission.scope === 'cluster' ? ' in the whole cluster' : ''
  if (allowed) return ok(`${text}${where}`)
  if (allowed === undefined)
    return unknown(`${text}${where}: the API server does not tell (${why ?? 'no reason given'})`, RBAC)
  const denied = `this user may not ${text}${where}`
  return permission.required
    ? missing(`${denied}, which weir does to ${permission.why}`, RBAC)
    : warning(`${denied}, which weir would do to ${permission.why}`, RBAC)
}

/** Every single thing that weir will do to the API server, one line each (SelfSubjectAccessReview). */
export const permissions = defineCheck({
  id: 'permissions',
  title: 'permission',
  code: 'WEIR_CLUSTER_FORBIDDEN',
  needs: ['opened'],
  async look({ opened, changes }) {
    const { dialect, name } = opened
    const reviewed = await reviewPermissions(opened, permissionsFor(dialect, { changes, name }))
    return { lines: reviewed.map(({ permission, allowed, why }) => lineOf(permission, allowed, why)) }
  },
})
