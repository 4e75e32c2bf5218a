import { serverName } from '#weir/cluster/index.ts'
import { tellApiFailure } from '../observe/api-failure.ts'
import type { Run } from './run.ts'
import { pause } from './within.ts'

type Resource = Awaited<ReturnType<Run['cluster']['resource']>>

const AGAIN_MS = 1000

/** The resource as the server has it now; undefined when it does not tell, which is an event and no reason to end. */
export async function askResource(run: Run): Promise<Resource | undefined> {
  const { cluster, signal } = run
  try {
    return await cluster.resource()
  } catch (error) {
    signal.throwIfAborted()
    tellApiFailure(run, 'kubernetes', serverName(cluster.kube.server), error)
    const why = error instanceof Error ? error.message : String(error)
    run.state.polled(`${cluster.dialect.kind} ${cluster.name} cannot be read: ${why}`)
    return undefined
  }
}

/** The same, asked until the server tells. Rejects with the run's own reason when the run ends before. */
export async function resourceAtLast(run: Run): Promise<Resource> {
  for (;;) {
    const resource = await askResource(run)
    if (resource) return resource
    await pause(AGAIN_MS, run.signal)
  }
}
