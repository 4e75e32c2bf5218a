import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { type FieldError, invalidValue } from '../field-error.ts'

const FIELD = 'metadata.ownerReferences'

/** What is wrong with an object's owners (k8s.io/apimachinery, api/validation: ValidateOwnerReferences). */
export function ownerProblems({ metadata }: KubeObject): FieldError[] {
  const owners = metadata.ownerReferences ?? []
  const empty = owners.flatMap((owner) =>
    (['apiVersion', 'kind', 'name', 'uid'] as const)
      .filter((field) => !owner[field])
      .map((field) =>
        invalidValue(
          `${FIELD}.${field}`,
          owner[field] ?? '',
          field === 'apiVersion' ? 'version must not be empty' : 'must not be empty',
        ),
      ),
  )
  const [first, second] = owners.filter(({ controller }) => controller === true)
  if (first === undefined || second === undefined) return empty
  const found = `${first.kind}/${first.name} and ${second.kind}/${second.name}`
  const why = `Only one reference can have Controller set to true. Found "true" in references for ${found}`
  return [...empty, invalidValue(FIELD, owners, why)]
}
