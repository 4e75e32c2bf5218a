import { removeAbandoned } from '../abandoned.ts'
import type { Engine } from '../engine.ts'
import { startEngine } from '../engine.ts'
import { mustHaveNodeImage, nodeImage } from '../image/node-image.ts'
import { inTurn } from '../turn.ts'
import { createCluster, mustNotBeHeld, removeCluster } from './create.ts'
import type { ClusterNode } from './nodes.ts'

export interface OwnOptions {
  name: string
  /** What weir keeps of its clusters. */
  home: string
  /** The program kind. */
  kind: string
  kubeconfig: string
  log(line: string): void
  signal?: AbortSignal | undefined
}

export interface OwnCluster {
  engine: Engine
  nodes: ClusterNode[]
  /** Removes it, and the docker daemon that was started for it. */
  remove(): Promise<void>
}

/** Makes a kind cluster of weir's own in the docker daemon that answers, or in one of its own. Throws WEIR_KIND, and leaves nothing then. */
export async function makeOwnCluster(options: OwnOptions): Promise<OwnCluster> {
  const { name, home, kind, kubeconfig, log, signal } = options
  // One that runs is told of at once, also where it is still being made.
  mustNotBeHeld(home, name)
  const taking = { note: log }
  const start = async (): Promise<{ engine: Engine; nodes: ClusterNode[] }> => {
    signal?.throwIfAborted()
    await removeAbandoned(home)
    const engine = await startEngine(home)
    try {
      await mustHaveNodeImage(engine)
      const image = nodeImage()
      const nodes = await createCluster({ engine, kind, name, image, dir: home, kubeconfig, signal })
      return { engine, nodes }
    } catch (error) {
      await engine.release()
      throw error
    }
  }
  const { engine, nodes } = await inTurn(home, start, taking)
  const end = async () => {
    try {
      await removeCluster(engine, home, name)
    } finally {
      await engine.release()
    }
  }
  return { engine, nodes, remove: () => inTurn(home, end, taking) }
}
