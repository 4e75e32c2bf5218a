import type { Container, Pod } from '#weir/cluster/kubernetes/kinds.ts'

/**
 * The variables of a container as its process sees them: values with `$(NAME)` of variables above them put in, and those of
 * the pod's own fields. Empty ones are left out. What comes from Secrets and ConfigMaps is left out too: an emulated EMQX
 * asks nobody for a cookie.
 */
export function environmentOf(pod: Pod, container: Container, podIp: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const { name, value, valueFrom } of container.env ?? []) {
    const given = value ?? fieldOf(pod, podIp, valueFrom?.fieldRef?.fieldPath)
    if (given === undefined || given === '') continue
    values.set(
      name,
      given.replace(/\$\(([^)]+)\)/g, (reference, wanted: string) => values.get(wanted) ?? reference),
    )
  }
  return values
}

function fieldOf(pod: Pod, podIp: string, path: string | undefined): string | undefined {
  switch (path) {
    case 'metadata.name':
      return pod.metadata.name
    case 'metadata.namespace':
      return pod.metadata.namespace
    case 'status.podIP':
      return podIp
    default:
      return undefined
  }
}
