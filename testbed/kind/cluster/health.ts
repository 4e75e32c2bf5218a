import { setTimeout as sleep } from 'node:timers/promises'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import type { Engine } from '../engine.ts'
import type { ClusterNode } from './nodes.ts'
import { runningOf } from './nodes.ts'

const EVERY_MS = 2000
/** The kubelet starts an API server again within this; one that is away for longer does not come back. */
const AWAY_MS = 60_000

export interface Watched {
  engine: Engine
  kube: Pick<KubeApi, 'raw'>
  nodes: readonly ClusterNode[]
  everyMs?: number
  awayMs?: number
}

/** Resolves `died` when a node of the cluster ends, or its API server stays away, until stopped. */
export function watchNodes({ engine, kube, nodes, everyMs = EVERY_MS, awayMs = AWAY_MS }: Watched): {
  died: Promise<WeirError>
  stop(): void
} {
  const stopped = new AbortController()
  const { promise: died, resolve } = Promise.withResolvers<WeirError>()
  const report = (what: string) => resolve(new WeirError('WEIR_TESTBED', what))

  async function watch(): Promise<void> {
    let heardMs = Date.now()
    while (!stopped.signal.aborted) {
      await sleep(everyMs, undefined, { signal: stopped.signal }).catch(() => {})
      const answer = await kube
        .raw('GET', '/readyz', undefined, { timeoutMs: EVERY_MS })
        .catch(() => undefined)
      if (stopped.signal.aborted) return
      if (answer?.status === 200) {
        heardMs = Date.now()
        continue
      }
      const running = await runningOf(engine, nodes)
      const ended = running && nodes.find(({ id }) => !running.has(id))
      if (stopped.signal.aborted) return
      if (ended !== undefined) return report(`the node ${ended.name} of the kind cluster ended`)
      if (Date.now() - heardMs > awayMs)
        return report(`the API server of the kind cluster has not answered for ${awayMs / 1000} s`)
    }
  }

  void watch()
  return { died, stop: () => stopped.abort() }
}
