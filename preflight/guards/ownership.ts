import Type, { type Static } from 'typebox'
import { type Broken, guarded } from './guard.ts'

const closed = { additionalProperties: false }

/** The key of a policy that says which clusters are not weir's to change. */
export const OWNERSHIP_KEYS = {
  clusters: Type.Optional(
    Type.Array(
      Type.Object(
        {
          name: Type.String({ pattern: '^[^/]+/[^/]+$', description: 'NAMESPACE/NAME' }),
          deployment: Type.Enum(['kubernetes', 'docker'], { default: 'kubernetes' }),
          ownership: Type.Enum(['hosted', 'adopted'], { default: 'hosted' }),
        },
        closed,
      ),
      {
        description:
          'Clusters that run in docker, or that somebody else has made. All others are hosted on Kubernetes.',
      },
    ),
  ),
}

const Ownership = Type.Object(OWNERSHIP_KEYS)
export type Ownership = Static<typeof Ownership>

/** What may be done with a cluster that weir may not change. */
const ALLOWED: readonly string[] = ['transfer']

export interface OwnershipRequest {
  /** e.g. "EMQX default/emqx" */
  what: string
  /** NAMESPACE/NAME */
  cluster: string
  operation: string
}

/** Whether a cluster is one that weir may change. Throws WEIR_REFUSED. */
export const guardOwnership = (request: OwnershipRequest, policy: Ownership): void =>
  guarded(request, 'changed', [ownedOtherwise(request, policy)])

function ownedOtherwise(
  { operation, cluster }: OwnershipRequest,
  { clusters = [] }: Ownership,
): Broken | undefined {
  const listed = clusters.find(({ name }) => name === cluster)
  if (!listed || ALLOWED.includes(operation)) return undefined
  const { deployment, ownership } = listed
  const allowed = `only ${ALLOWED.join(' and ')} is for it`
  if (ownership === 'adopted') {
    const instead = operation === 'delete' ? ': take it off the policy to forget it' : ''
    return { rule: 'ownership', figures: `it is adopted, and ${allowed}${instead}` }
  }
  return deployment === 'docker'
    ? { rule: 'ownership', figures: `it runs in docker, and ${allowed}` }
    : undefined
}
