import type { Found } from '#weir/preflight/index.ts'
import { CLUSTER_FLAGS } from '../cluster-options.ts'
import type { DoctorFlags } from '../options.ts'
import type { Output } from '../output.ts'

/** Where it does, KUBECONFIG names it, as for kubectl; else the question is about this machine. */
const asksForCluster = (flags: DoctorFlags): boolean =>
  flags.scenario !== undefined ||
  flags.set.length > 0 ||
  flags.fleet === 'job' ||
  (['to', ...CLUSTER_FLAGS] as const).some((flag) => flags[flag] !== undefined)

/** What the doctor found: of a cluster and of this machine where a kubeconfig names one, else of this machine alone. */
export async function examined(flags: DoctorFlags, env: Output['env']): Promise<readonly Found[]> {
  const kubeconfig = flags.kubeconfig ?? (asksForCluster(flags) ? env.KUBECONFIG || undefined : undefined)
  if (kubeconfig === undefined) {
    const { examineGenerator } = await import('#weir/preflight/index.ts')
    const { generatorRequest } = await import('./generator-request.ts')
    return examineGenerator(generatorRequest(flags))
  }
  const { examine } = await import('#weir/preflight/index.ts')
  const { doctorRequest } = await import('../own-cluster/request.ts')
  const examination = await examine(doctorRequest({ ...flags, kubeconfig }, env))
  await examination.close()
  return examination.found
}
