import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { ConfigMap, Container, Pod, Secret, Volume } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { podField } from '../kubelet/pod-field.ts'
import type { Mount } from './sandbox.ts'
import { requestToken } from './service-account.ts'

/** Where files of a volume come from: a Secret, a ConfigMap, fields of the pod, a token, or all of them. */
interface Source {
  secret?: NamedSource & { secretName?: string }
  configMap?: NamedSource
  downwardAPI?: { items?: { path: string; fieldRef?: { fieldPath: string } }[] }
  serviceAccountToken?: { path: string; expirationSeconds?: number }
  projected?: { sources?: Source[] }
}

interface NamedSource {
  name?: string
  items?: { key: string; path: string }[]
  optional?: boolean
}

export interface VolumeOptions {
  kube: KubeApi
  pod: Pod
  podIp: string
  /** A folder of the pod's own, for the contents of its volumes. */
  dir: string
  /** A folder that outlives pods, for the contents of persistent volumes. */
  claims: string
}

/** Writes what the container mounts to files and folders. `missing` is the kubelet's message while something is not there. */
export async function mountVolumes(
  container: Container,
  options: VolumeOptions,
): Promise<{ mounts: Mount[] } | { missing: string }> {
  const mounts: Mount[] = []
  for (const { name, mountPath, subPath } of container.volumeMounts ?? []) {
    const volume = options.pod.spec.volumes?.find((one) => one.name === name)
    const claim = claimOf(options.pod, name, volume)
    const folder =
      claim === undefined
        ? join(options.dir, name)
        : join(options.claims, options.pod.metadata.namespace ?? 'default', claim)
    mkdirSync(folder, { recursive: true })
    const problem = volume && (await fill(folder, volume as Source, options))
    if (problem !== undefined)
      return { missing: `MountVolume.SetUp failed for volume "${name}" : ${problem}` }
    const from = subPath === undefined ? folder : join(folder, subPath)
    if (subPath !== undefined && volume !== undefined && isEmptyFolder(volume))
      mkdirSync(from, { recursive: true })
    mounts.push({ from, at: mountPath })
  }
  // What lies within another mount comes after it.
  return { mounts: mounts.sort((a, b) => a.at.length - b.at.length) }
}

function claimOf(pod: Pod, name: string, volume: Volume | undefined): string | undefined {
  const named = (volume?.persistentVolumeClaim as { claimName?: string } | undefined)?.claimName
  // A StatefulSet's claims are not among the volumes of pods that the embedded controller makes.
  return volume === undefined ? `${name}-${pod.metadata.name}` : named
}

const isEmptyFolder = (volume: Volume) => 'emptyDir' in volume || 'persistentVolumeClaim' in volume

/** Returns what is missing. */
async function fill(folder: string, source: Source, options: VolumeOptions): Promise<string | undefined> {
  for (const one of [source, ...(source.projected?.sources ?? [])]) {
    const problem = await fillFrom(folder, one, options)
    if (problem !== undefined) return problem
  }
  return undefined
}

async function fillFrom(
  folder: string,
  { secret, configMap, downwardAPI, serviceAccountToken }: Source,
  { kube, pod, podIp }: VolumeOptions,
): Promise<string | undefined> {
  const { namespace } = pod.metadata
  const read = <T extends KubeObject>(kind: 'secrets' | 'configMaps', name: string) =>
    unlessGone(kube.get<T>(resources[kind], namespace, name))
  if (secret !== undefined) {
    const name = secret.secretName ?? secret.name ?? ''
    const found = await read<Secret>('secrets', name)
    if (found === undefined && !secret.optional) return `secret "${name}" not found`
    const decoded = Object.entries(found?.data ?? {}).map(
      ([key, text]) => [key, Buffer.from(text, 'base64')] as const,
    )
    write(folder, new Map(decoded), secret.items)
  }
  if (configMap !== undefined) {
    const found = await read<ConfigMap>('configMaps', configMap.name ?? '')
    if (found === undefined && !configMap.optional) return `configmap "${configMap.name}" not found`
    write(folder, new Map(Object.entries(found?.data ?? {})), configMap.items)
  }
  for (const { path, fieldRef } of downwardAPI?.items ?? [])
    write(folder, new Map([[path, podField(pod, podIp, fieldRef?.fieldPath) ?? '']]))
  if (serviceAccountToken !== undefined)
    write(folder, new Map([[serviceAccountToken.path, await requestToken(kube, pod)]]))
  return undefined
}

function write(
  folder: string,
  files: ReadonlyMap<string, string | Buffer>,
  items: NamedSource['items'] = [...files.keys()].map((key) => ({ key, path: key })),
): void {
  for (const { key, path } of items) {
    const content = files.get(key)
    if (content === undefined) continue
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content, { mode: 0o600 })
  }
}
