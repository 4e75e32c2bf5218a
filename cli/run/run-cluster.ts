import { rm } from 'node:fs/promises'
import type { ClusterProcess } from '#weir/scenarios/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'

export interface RunCluster {
  kubeconfig: string
  /** Left out for one that outlives the run. */
  process?: ClusterProcess
  /** In order, with all its files. */
  close(): Promise<void>
  /** At once and synchronously, for a process that is ending. */
  kill(): void
}

export interface ClusterRequest {
  faults: string[]
  seed: number
  /** Where programs in pods print to. */
  logs: string
  /** A kind cluster of the user's. */
  adopt?: string | undefined
  /** Whether it stays after the run. */
  keep?: boolean | undefined
  /** Pods of it are to run this weir. */
  hasWeirImage: boolean
}

/** Starts the testbed's cluster for a scenario. Its kubeconfig and log are outside the record, the logs of programs in pods inside. */
export async function startCluster(scenario: Scenario, request: ClusterRequest): Promise<RunCluster> {
  const { faults, seed, logs, adopt, keep, hasWeirImage } = request
  const {
    kind,
    operator,
    emqx,
    pollIntervalSeconds,
    healthCheckWaitSeconds,
    secretSyncSeconds,
    loadBalancer,
  } = scenario.testbed
  const options = {
    ...{ kind, operator, pollIntervalSeconds, healthCheckWaitSeconds, secretSyncSeconds, loadBalancer },
    ...{ faults, seed },
    ...(emqx && { emqx }),
    ...(hasWeirImage && { hasWeirImage }),
  }
  const { claimRunFolder, startEmbedded, testbedUp } = await import('#weir/testbed/index.ts')
  if (keep) {
    const { kubeconfig } = await testbedUp(options)
    return { kubeconfig, async close() {}, kill() {} }
  }
  const dir = claimRunFolder()
  const testbed = await startEmbedded({
    ...options,
    ...(adopt !== undefined && { adopt }),
    ...{ dir, logs, harnessPid: process.pid },
  })
  return {
    kubeconfig: testbed.kubeconfig,
    process: {
      pid: testbed.pid,
      died: testbed.died.then(({ message }) => message),
      health: testbed.health,
      disturb: testbed.disturb,
    },
    async close() {
      await testbed.close()
      await rm(dir, { recursive: true, force: true })
    },
    kill() {
      // Containers do not end with it: it removes them when this process is gone.
      if (testbed.pid !== process.pid && kind !== 'kind') tryToKill(testbed.pid)
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
