import { serverName } from '#weir/cluster/index.ts'
import { messageOf } from '#weir/errors/index.ts'
import { recordApiFailure } from '../observe/api-failure.ts'
import type { Run } from './run.ts'
import { pause } from './within.ts'

type Resource = Awaited<ReturnType<Run['cluster']['resource']>>

const RETRY_MS = 1000

/** Reads the resource; undefined on a failure, which is recorded as an event and does not end the run. */
export async function readResource(run: Run): Promise<Resource | undefined> {
  const { cluster, signal } = run
  try {
    return await cluster.resource()
  } catch (error) {
    signal.throwIfAborted()
    recordApiFailure(run, 'kubernetes', serverName(cluster.kube.server), error)
    run.state.polled(`${cluster.dialect.kind} ${cluster.name} cannot be read: ${messageOf(error)}`)
    return undefined
  }
}

/** Reads the resource until it succeeds. Rejects with the run's reason when the run ends before. */
export async function untilRead(run: Run): Promise<Resource> {
  for (;;) {
    const resource = await readResource(run)
    if (resource) return resource
    await pause(RETRY_MS, run.signal)
  }
}
