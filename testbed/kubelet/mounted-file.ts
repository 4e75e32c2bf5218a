import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { ConfigMap, Container, Pod, Secret } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'

/** A file that a container mounts from a Secret or a ConfigMap, as it is now. */
export type MountedFile = { text: string } | { missing: string; volume: string } | undefined

/**
 * Reads the file at this path. "missing" while its Secret or ConfigMap does not exist: then the container cannot start yet; undefined
 * where nothing of the kind is mounted there.
 */
export async function readMounted(
  kube: KubeApi,
  pod: Pod,
  container: Container,
  path: string,
): Promise<MountedFile> {
  // Mounts may lie inside each other: the innermost holds the file.
  const mount = container.volumeMounts
    ?.filter(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath}/`))
    .sort((a, b) => b.mountPath.length - a.mountPath.length)[0]
  const volume = pod.spec.volumes?.find(({ name }) => name === mount?.name)
  if (mount === undefined || volume === undefined) return undefined
  const key = mount.subPath ?? path.slice(mount.mountPath.length + 1)
  const { namespace } = pod.metadata
  const { secret, configMap } = volume
  if (secret?.secretName !== undefined) {
    const found = await unlessGone(kube.get<Secret>(resources.secrets, namespace, secret.secretName))
    if (found === undefined) return { missing: `secret "${secret.secretName}" not found`, volume: mount.name }
    return { text: Buffer.from(found.data?.[key] ?? '', 'base64').toString() }
  }
  if (configMap?.name !== undefined) {
    const found = await unlessGone(kube.get<ConfigMap>(resources.configMaps, namespace, configMap.name))
    if (found === undefined) return { missing: `configmap "${configMap.name}" not found`, volume: mount.name }
    return { text: found.data?.[key] ?? '' }
  }
  return undefined
}
