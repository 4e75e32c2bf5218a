import { type ClusterKey, nameTakenBy, registryKey } from '#weir/cluster/index.ts'
import type { Broken } from './guard.ts'
import { guarded } from './guard.ts'
import type { Policy } from './policy.ts'

export interface TransferRequest {
  /** e.g. "EMQX default/emqx" */
  what: string
  cluster: ClusterKey
  /** The project that it is to belong to. */
  to: string
  /** The project of each cluster that was transferred before, by its key in the list of projects. */
  transferred: Readonly<Record<string, string>>
  /** In which weir asks, as --as-role takes it. Left out, that of the kubeconfig's user, of which only the API server knows. */
  role?: string | undefined
}

/** The project of a cluster: where it was transferred to, else where the policy has it. */
export function projectOf(
  cluster: ClusterKey,
  transferred: Readonly<Record<string, string>>,
  { projects = [] }: Policy,
): string | undefined {
  const written = `${cluster.namespace}/${cluster.name}`
  return (
    transferred[registryKey(cluster)] ??
    projects.find(({ clusters = [] }) => clusters.includes(written))?.name
  )
}

/** Whether a cluster may belong to another project. Nothing of the cluster changes, so an update may be under way. Throws WEIR_REFUSED. */
export const guardTransfer = (request: TransferRequest, policy: Policy): void => {
  const from = projectOf(request.cluster, request.transferred, policy)
  guarded(request, 'transferred', [
    known(request, policy),
    held(from, policy),
    another(request, from),
    unique(request, policy),
    ofBoth(request, from, policy),
  ])
}

const namesOf = ({ projects = [] }: Policy) => projects.map(({ name }) => name)
const listed = (policy: Policy) => namesOf(policy).join(', ') || 'none, for it names no projects'

const known = ({ to }: TransferRequest, policy: Policy): Broken | undefined =>
  namesOf(policy).includes(to)
    ? undefined
    : { rule: 'project-known', figures: `project ${to} is none of the policy's: ${listed(policy)}` }

/** A transfer needs both projects: to take a cluster out of one that the policy does not have is somebody else's to do. */
function held(from: string | undefined, policy: Policy): Broken | undefined {
  if (from !== undefined && namesOf(policy).includes(from)) return undefined
  const figures =
    from === undefined
      ? 'it belongs to no project of the policy'
      : `it belongs to project ${from}, which is none of the policy's: ${listed(policy)}`
  return { rule: 'project-held', figures }
}

const another = ({ to }: TransferRequest, from: string | undefined): Broken | undefined =>
  from === to ? { rule: 'no-change', figures: `it belongs to project ${to} already` } : undefined

/** A transfer needs the rights of an administrator in both projects. The list of projects is one object, so the API server cannot tell. */
function ofBoth({ role, to }: TransferRequest, from: string | undefined, policy: Policy): Broken | undefined {
  if (role === undefined || role === 'system') return undefined
  const [kind, whose] = role.split(':')
  if (kind !== 'org') {
    const only = kind === 'user' ? 'only looks' : `administers project ${whose?.split('/')[1]} alone`
    return { rule: 'project-rights', figures: `${role} ${only}, and a transfer needs ${from} and ${to}` }
  }
  const foreign = [from, to].find((name) => organisationOf(name, policy) !== whose)
  if (foreign === undefined) return undefined
  const organisation = organisationOf(foreign, policy)
  return {
    rule: 'project-rights',
    figures: `${role} does not administer project ${foreign}, ${organisation === undefined ? 'of which the policy names no organisation' : `which is of ${organisation}`}`,
  }
}

const organisationOf = (project: string | undefined, { projects = [] }: Policy) =>
  projects.find(({ name }) => name === project)?.organisation

function unique({ cluster, to, transferred }: TransferRequest, policy: Policy): Broken | undefined {
  const other = nameTakenBy(transferred, cluster, to) ?? writtenIn(policy, to, { cluster, transferred })
  if (other === undefined) return undefined
  return { rule: 'name-unique', figures: `project ${to} has a cluster ${cluster.name} already, ${other}` }
}

/** One of this name that the policy has in the project, unless it was transferred to another. */
function writtenIn(
  { projects = [] }: Policy,
  to: string,
  { cluster, transferred }: Pick<TransferRequest, 'cluster' | 'transferred'>,
): string | undefined {
  const { clusters = [] } = projects.find(({ name }) => name === to) ?? {}
  const own = `${cluster.namespace}/${cluster.name}`
  return clusters.find((written) => {
    const [namespace = '', name] = written.split('/')
    if (name !== cluster.name || written === own) return false
    // The policy does not say of which kind it is.
    const moved = Object.entries(transferred).find(([key]) => key.endsWith(`.${namespace}.${name}`))
    return moved === undefined || moved[1] === to
  })
}
