import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'

/** The value of a field that a container may refer to by its path; undefined for one that pods here do not have. */
export function podField(pod: Pod, podIp: string, path: string | undefined): string | undefined {
  const { name, namespace, uid, labels, annotations } = pod.metadata
  const entry = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path ?? '')
  if (entry !== null) return (entry[1] === 'labels' ? labels : annotations)?.[entry[2]!]
  switch (path) {
    case 'metadata.name':
      return name
    case 'metadata.namespace':
      return namespace
    case 'metadata.uid':
      return uid
    case 'spec.nodeName':
      return pod.spec.nodeName
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName as string | undefined
    case 'status.podIP':
    case 'status.podIPs':
      return podIp
    case 'status.hostIP':
      return pod.status?.hostIP
    default:
      return undefined
  }
}
