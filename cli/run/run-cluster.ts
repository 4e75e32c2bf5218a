import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WeirError } from '#weir/errors/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'

/** The cluster of one run: where it is, and how it goes away again. */
export interface RunCluster {
  kubeconfig: string
  /** In order, with everything it made. */
  close(): Promise<void>
  /** At once and synchronously, for a process that is about to end. */
  kill(): void
}

/** Starts the embedded cluster as the scenario wants it. Its kubeconfig and log stand outside the record. */
export async function startCluster(scenario: Scenario, faults: string[], seed: number): Promise<RunCluster> {
  const { startEmbedded } = await import('#weir/testbed/index.ts')
  const dir = await mkdtemp(join(tmpdir(), 'weir-testbed-'))
  const { operator, pollIntervalSeconds, healthCheckWaitSeconds } = scenario.testbed
  const testbed = await startEmbedded({
    operator,
    pollIntervalSeconds,
    ...(healthCheckWaitSeconds === undefined ? {} : { healthCheckWaitSeconds }),
    faults,
    seed,
    dir,
    harnessPid: process.pid,
  })
  return {
    kubeconfig: testbed.kubeconfig,
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
    // It may have ended by itself: that is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** The user's own cluster: weir neither makes nor breaks it. */
export function userCluster(kubeconfig: string, scenario: Scenario, faults: readonly string[]): RunCluster {
  if (faults.length > 0)
    throw new WeirError(
      'WEIR_FAULT_REFUSED',
      `the scenario ${scenario.name} with the fault ${faults[0]} cannot run on ${kubeconfig}: faults belong to weir's own testbed, leave out --kubeconfig or the fault`,
    )
  return { kubeconfig, close: async () => {}, kill() {} }
}
