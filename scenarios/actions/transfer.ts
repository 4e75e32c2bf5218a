import { nameTakenBy, readProjects, registryKey, transferTo } from '#weir/cluster/index.ts'
import { WeirError } from '#weir/errors/index.ts'
import { NO_PROJECT } from '../observe/settings.ts'
import type { Run } from '../run/run.ts'
import type { Step } from '../types.ts'
import { audited } from './audited.ts'
import { writeSetting } from './setting.ts'

/** Makes the cluster part of another project: one entry of a list, and nothing of the cluster itself. */
export async function transfer(
  run: Run,
  { project, registryNamespace: namespace }: Extract<Step, { action: 'transfer' }>,
  signal: AbortSignal,
): Promise<void> {
  const { cluster } = run
  const { kube, dialect, name } = cluster
  const what = `${dialect.kind} ${cluster.namespace}/${name}`
  await audited(run, 'transfer', `${what} to project ${project}`, async () => {
    const from = (await readProjects(kube, namespace))[registryKey(cluster)] ?? NO_PROJECT
    signal.throwIfAborted()
    await writeSetting(run, {
      ...{ name: 'project', value: project, via: `ConfigMap ${namespace}/weir-projects` },
      write: () =>
        transferTo(kube, namespace, {
          ...{ cluster, project },
          allows(projects) {
            const other = nameTakenBy(projects, cluster, project)
            if (other !== undefined)
              throw new WeirError(
                'WEIR_REFUSED',
                `${what} is not transferred (rule name-unique): project ${project} has a cluster ${name} already (${other})`,
              )
          },
        }),
    })
    return `project ${from} to ${project}`
  })
}
