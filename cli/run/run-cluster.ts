import { rm } from 'node:fs/promises'
import type { ClusterProcess } from '#weir/scenarios/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'

export interface RunCluster {
  kubeconfig: string
  process: ClusterProcess
  /** In order, with all its files. */
  close(): Promise<void>
  /** At once and synchronously, for a process that is ending. */
  kill(): void
}

/** Starts the testbed's cluster for a scenario. Its kubeconfig and log are outside the record, the logs of programs in pods inside. */
export async function startCluster(
  scenario: Scenario,
  faults: string[],
  seed: number,
  logs: string,
): Promise<RunCluster> {
  const { claimRunFolder, startEmbedded } = await import('#weir/testbed/index.ts')
  const dir = claimRunFolder()
  const { kind, operator, emqx, pollIntervalSeconds, healthCheckWaitSeconds } = scenario.testbed
  const testbed = await startEmbedded({
    kind,
    operator,
    ...(emqx && { emqx }),
    pollIntervalSeconds,
    healthCheckWaitSeconds,
    faults,
    seed,
    dir,
    logs,
    harnessPid: process.pid,
  })
  return {
    kubeconfig: testbed.kubeconfig,
    process: {
      pid: testbed.pid,
      died: testbed.died.then(({ message }) => message),
      health: testbed.health,
    },
    async close() {
      await testbed.close()
      await rm(dir, { recursive: true, force: true })
    },
    kill() {
      if (testbed.pid !== process.pid) tryToKill(testbed.pid)
    },
  }
}

function tryToKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // It has already ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
