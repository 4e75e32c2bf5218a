import type { ServicePort } from '#weir/cluster/kubernetes/kinds.ts'

/** Ports of the template first; of EMQX's listeners those whose name and number are not yet there. */
export function mergePorts(template: ServicePort[], listeners: ServicePort[]): ServicePort[] {
  const merged = [...template]
  for (const port of listeners)
    if (!merged.some((one) => one.name === port.name || one.port === port.port)) merged.push(port)
  return merged
}
