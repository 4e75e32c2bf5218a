import { dialects } from '#weir/cluster/dialects/index.ts'
import {
  type Permission,
  permissionsFor,
  permissionText,
  type Reviewed,
  rebalanceWay,
  reviewPermissions,
} from '#weir/cluster/index.ts'
import { WeirError } from '#weir/errors/index.ts'
import { type Line, missing, ok, refused, unknown, warning } from '../line.ts'
import { defineCheck, type Facts, type Learned } from './check.ts'

const grant = ({ purpose }: Permission) =>
  purpose === 'interfere'
    ? 'grant it, or run a scenario that does not interfere'
    : `grant it, e.g. with deploy/${purpose === 'fleet' ? 'fleet-rbac.yaml' : 'rbac.yaml'}`

/** Whether rights on the kind Rebalance matter: not where the API server lacks it. What cannot be known counts as there. */
async function usesRebalances({ kube, operates }: Pick<Facts, 'operates'> & Pick<Learned, 'kube'>) {
  if (operates !== 'rebalance') return true
  const way = await rebalanceWay({ kube }).catch(() => undefined)
  return way === undefined || way.kind !== undefined
}

/** For the resource; if none could be read, for all served kinds. */
function needed({
  opened,
  served,
  changes,
  operates,
  fleetJob: job,
  rebalances,
  interferes,
}: Facts & Pick<Learned, 'served'> & { rebalances: boolean }): Permission[] {
  const fleetJob = job !== undefined
  const what = {
    changes,
    fleetJob,
    rebalances,
    ...(interferes && { interferes }),
    ...(operates !== undefined && { operates }),
  }
  if (opened) return permissionsFor(opened.dialect, { ...what, name: opened.name })
  const all = served.flatMap((id) => permissionsFor(dialects[id], what))
  return [...new Map(all.map((one) => [permissionText(one), one])).values()]
}

const WRITES: readonly Permission['verb'][] = ['create', 'patch', 'delete']

function lineOf({ permission, allowed, why }: Reviewed, { operates }: Pick<Facts, 'operates'>): Line {
  const text = `${permissionText(permission)}${permission.scope === 'cluster' ? ' in the whole cluster' : ''}`
  if (allowed) return ok(text)
  if (allowed === undefined)
    return unknown(`${text}: the API server did not decide (${why ?? 'no reason given'})`, grant(permission))
  const says = `this user may not ${text}, to ${permission.why}`
  if (!permission.required) return warning(says, grant(permission))
  // What may not be written is the operation itself; what may not be read leaves unknown whether it could be done.
  return operates !== undefined && WRITES.includes(permission.verb)
    ? refused(new WeirError('WEIR_REFUSED', `${says}: ${grant(permission)}`))
    : missing(says, grant(permission))
}

/** Every request that weir will send to the API server, one line each (SelfSubjectAccessReview). */
export const permissions = defineCheck({
  id: 'permissions',
  title: 'permission',
  code: 'WEIR_CLUSTER_FORBIDDEN',
  needs: ['kube', 'served'],
  async run(facts) {
    const { kube } = facts
    const all = needed({ ...facts, rebalances: await usesRebalances(facts) })
    const reviewed = await reviewPermissions({ kube, namespace: kube.namespace }, all)
    return { lines: reviewed.map((one) => lineOf(one, facts)) }
  },
})
