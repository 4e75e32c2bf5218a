import { isAlreadyExists } from '#weir/cluster/kubernetes/api-errors.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { fromRegistry, type LineSwitches } from './lines.ts'

const NAMESPACE = 'emqx-operator-system'
const NAME = 'emqx-operator-controller-manager'
const REPOSITORY = 'emqx/emqx-operator-controller'
const LABELS = { 'control-plane': 'controller-manager' }

async function createMissing(kube: KubeApi, resource: Parameters<KubeApi['create']>[0], wanted: KubeObject) {
  try {
    return await kube.create(resource, wanted)
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    return await kube.get(resource, wanted.metadata.namespace, wanted.metadata.name)
  }
}

/** Of an operator of that line; its version is read there. */
export const controllerImage = ({ line }: LineSwitches): string => `${REPOSITORY}:${line}`

/** Whether an operator runs in a container of this image. */
export const isController = (image: string): boolean => image.includes(`${REPOSITORY}:`)

/**
 * Leaves the object by which a cluster is seen to have an operator, and of which release line: the Deployment that its
 * manifests make. Its status is written too, for clusters where no controller runs it.
 */
export async function showDeployment(kube: KubeApi, line: LineSwitches): Promise<void> {
  await createMissing(kube, resources.namespaces, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE, labels: LABELS },
  })
  const container = {
    name: 'manager',
    image: fromRegistry(line, controllerImage(line)),
    args: ['--leader-elect'],
  }
  const deployment = await createMissing(kube, resources.deployments, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, namespace: NAMESPACE, labels: LABELS },
    spec: {
      replicas: 1,
      selector: { matchLabels: LABELS },
      template: { metadata: { labels: LABELS }, spec: { containers: [container] } },
    },
  })
  const counts = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 }
  const status = { observedGeneration: deployment.metadata.generation, ...counts }
  // Without a version: where a controller runs, it writes the status at the same moment.
  await kube.patch(resources.deployments, NAMESPACE, NAME, 'merge', { status }, { subresource: 'status' })
}
