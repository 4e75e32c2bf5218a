/** EMQX's container, as the kubelet reports it. */
export interface ContainerFacts {
  restarts: number
  /** How it ended last, if it ever did. */
  lastEnd?: {
    /** The node's wall clock, in whole seconds. */
    finishedAt: string
    exitCode?: number
    /** e.g. "Error", "OOMKilled" */
    reason?: string
  }
}

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

/** What the operator calls EMQX's container. */
export const EMQX_CONTAINER = 'emqx'

/** EMQX's among the containers of a pod; there are others, such as the reloader. */
export const emqxContainer = <T extends { name?: unknown }>(containers: readonly T[] = []): T | undefined =>
  containers.find(({ name }) => name === EMQX_CONTAINER) ?? containers[0]

/** From the `status` of a raw pod, which may be damaged; undefined until the kubelet has reported a container. */
export function containerFacts(status: unknown): ContainerFacts | undefined {
  const { containerStatuses } = objectOf(status)
  if (!Array.isArray(containerStatuses)) return undefined
  const container = emqxContainer(containerStatuses.map(objectOf))
  if (!container) return undefined
  const { restartCount, state, lastState } = container
  const ended = objectOf(objectOf(state).terminated ?? objectOf(lastState).terminated)
  const { finishedAt, exitCode, reason } = ended
  return {
    restarts: typeof restartCount === 'number' ? restartCount : 0,
    ...(typeof finishedAt === 'string' && {
      lastEnd: {
        finishedAt,
        ...(typeof exitCode === 'number' && { exitCode }),
        ...(typeof reason === 'string' && { reason }),
      },
    }),
  }
}
