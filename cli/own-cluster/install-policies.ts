import { asClusterError } from '#weir/cluster/failure.ts'
import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import { admissionPolicies, collectionOf, readPolicy } from '#weir/preflight/index.ts'

export interface PolicyRequest {
  /** File of the policy. */
  policy: string | undefined
  kubeconfig: string
  context: string | undefined
}

/** Writes the policies of a file to the user's cluster, in place of those that are there. Returns a line for each object. */
export async function installPolicies({ policy, kubeconfig, context }: PolicyRequest): Promise<string[]> {
  const objects = admissionPolicies(readPolicy(policy))
  const kube = createKubeApi({ kubeconfig, ...(context !== undefined && { context }) })
  const lines: string[] = []
  try {
    for (const object of objects) {
      const { name } = object.metadata
      const resource = collectionOf(object)
      const there = await unlessGone(kube.get(resource, undefined, name))
      if (there) {
        const { resourceVersion } = there.metadata
        await kube.replace(resource, {
          ...object,
          metadata: { ...object.metadata, ...(resourceVersion !== undefined && { resourceVersion }) },
        })
      } else await kube.create(resource, object)
      lines.push(`${object.kind} ${name} ${there ? 'replaced' : 'created'}`)
    }
    return lines
  } catch (error) {
    throw asClusterError(error, kube.server, 'write ValidatingAdmissionPolicies')
  } finally {
    kube.close()
  }
}
