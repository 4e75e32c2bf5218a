import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { ConfigMap, Container, EnvVar, Pod, Secret, Strings } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { podField } from '../kubelet/pod-field.ts'
import { SYSTEM_PATH } from './sandbox.ts'

interface EnvFrom {
  prefix?: string
  configMapRef?: { name: string; optional?: boolean }
  secretRef?: { name: string; optional?: boolean }
}

/**
 * The variables of a container's program: its own, those of its ConfigMaps, Secrets and the pod's fields, and what every pod gets.
 * `missing` is the kubelet's message while a Secret or ConfigMap is not there.
 */
export async function fullEnvironment(
  kube: KubeApi,
  { pod, container, podIp }: { pod: Pod; container: Container; podIp: string },
  apiServer: { host: string; port: number },
): Promise<{ env: Strings } | { missing: string }> {
  const env: Strings = {
    PATH: SYSTEM_PATH,
    HOME: '/root',
    HOSTNAME: pod.metadata.name,
    KUBERNETES_SERVICE_HOST: apiServer.host,
    KUBERNETES_SERVICE_PORT: String(apiServer.port),
  }
  const data = dataReader(kube, pod.metadata.namespace)
  for (const { prefix = '', configMapRef, secretRef } of (container.envFrom ?? []) as EnvFrom[]) {
    for (const [kind, ref] of [
      ['configmap', configMapRef],
      ['secret', secretRef],
    ] as const) {
      if (ref === undefined) continue
      const found = await data(kind, ref.name)
      if (found === undefined && !ref.optional) return { missing: `${kind} "${ref.name}" not found` }
      for (const [key, value] of Object.entries(found ?? {})) env[`${prefix}${key}`] = value
    }
  }
  for (const one of container.env ?? []) {
    const value = await variable(one, pod, podIp, data)
    if (typeof value === 'object') return value
    if (value !== undefined) env[one.name] = expand(value, env)
  }
  return { env }
}

type Data = (kind: 'configmap' | 'secret', name: string) => Promise<Strings | undefined>

function dataReader(kube: KubeApi, namespace: string | undefined): Data {
  return async (kind, name) => {
    if (kind === 'configmap')
      return (await unlessGone(kube.get<ConfigMap>(resources.configMaps, namespace, name)))?.data ?? undefined
    const secret = await unlessGone(kube.get<Secret>(resources.secrets, namespace, name))
    if (secret === undefined) return undefined
    const decoded = Object.entries(secret.data ?? {}).map(([key, text]) => [
      key,
      Buffer.from(text, 'base64').toString(),
    ])
    return Object.fromEntries(decoded) as Strings
  }
}

async function variable(
  { value, valueFrom }: EnvVar,
  pod: Pod,
  podIp: string,
  data: Data,
): Promise<string | undefined | { missing: string }> {
  if (valueFrom === undefined || valueFrom === null) return value ?? ''
  if (valueFrom.fieldRef) return podField(pod, podIp, valueFrom.fieldRef.fieldPath)
  for (const [kind, ref] of [
    ['configmap', valueFrom.configMapKeyRef],
    ['secret', valueFrom.secretKeyRef],
  ] as const) {
    if (!ref) continue
    const found = await data(kind, ref.name ?? '')
    if (found?.[ref.key] !== undefined) return found[ref.key]
    if (!ref.optional) return { missing: `couldn't find key ${ref.key} in ${kind} "${ref.name}"` }
  }
  return undefined
}

/** `$(NAME)` of a variable that is known becomes its value; `$$(NAME)` stays as `$(NAME)`. */
export const expand = (text: string, env: Readonly<Strings>): string =>
  text.replace(/\$?\$\(([^)]+)\)/g, (reference, name: string) =>
    reference.startsWith('$$') ? reference.slice(1) : (env[name] ?? reference),
  )
