/**
 * Why Kubernetes itself is about to end a pod: the reason of its condition `DisruptionTarget`, e.g. "EvictionByEvictionAPI"
 * (Kubernetes, "Disruptions", pod disruption conditions). From the `status` of a raw pod, which may be damaged; undefined where
 * nothing disrupts it, and where an operator or a person deletes it.
 */
export function disruptionOf(status: unknown): string | undefined {
  const { conditions } = (status ?? {}) as { conditions?: unknown }
  if (!Array.isArray(conditions)) return undefined
  for (const condition of conditions) {
    const { type, status: is, reason } = (condition ?? {}) as Record<string, unknown>
    if (type === 'DisruptionTarget' && is === 'True' && typeof reason === 'string') return reason
  }
  return undefined
}
