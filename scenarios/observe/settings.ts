import { readProjects, registryKey } from '#weir/cluster/index.ts'
import type { SettingName } from '#weir/facts/index.ts'
import { every } from '../run/every.ts'
import type { Run } from '../run/run.ts'
import type { Step } from '../types.ts'
import { recordApiFailure } from './api-failure.ts'

/** How many pods are tried before a sample is skipped. */
const TRIES = 3

/** What is not there yet. */
export const NO_PROJECT = 'none'

/**
 * Samples what a step of the scenario changes beside the pods, as the cluster shows it: EMQX's own number of connections, and the list of
 * projects. Samples nothing where no step does.
 */
export function sampleSettings(run: Run): { stop(): Promise<void> } {
  const acts = (action: string) =>
    run.scenario.steps.find(
      (step): step is Extract<Step, { action: string }> => 'action' in step && step.action === action,
    )
  const connections = acts('connections')
  const transfer = acts('transfer')
  if (!connections && !transfer) return { stop: async () => {} }
  return every(run.clock, run.scenario.observe.sampleIntervalSeconds, async () => {
    if (connections) await sampleLimit(run)
    if (transfer?.action === 'transfer') await sampleProject(run, transfer.registryNamespace)
  })
}

function record(run: Run, name: SettingName, value: string, via: string, start: number): void {
  run.emit({ type: 'setting', name, phase: 'read', value, via, tookNs: run.clock.now() - start })
  run.state.settingRead(name, value)
}

async function sampleLimit(run: Run): Promise<void> {
  for (const pod of run.live.reachable.toReversed().slice(0, TRIES)) {
    const start = run.clock.now()
    try {
      const { most } = await run.cluster.emqx(pod).licence()
      return record(run, 'connections', String(most), pod.name, start)
    } catch (error) {
      recordApiFailure(run, 'licence', pod.name, error)
    }
  }
}

async function sampleProject(run: Run, namespace: string): Promise<void> {
  const start = run.clock.now()
  try {
    const projects = await readProjects(run.cluster.kube, namespace)
    const value = projects[registryKey(run.cluster)] ?? NO_PROJECT
    record(run, 'project', value, `ConfigMap ${namespace}/weir-projects`, start)
  } catch (error) {
    recordApiFailure(run, 'projects', run.cluster.kube.server, error)
  }
}
