import type { Found } from '#weir/preflight/index.ts'
import type { DoctorFlags } from '../options.ts'
import type { Output } from '../output.ts'

/** What the doctor found: of a cluster and of this machine where a kubeconfig names one, else of this machine alone. */
export async function examined(flags: DoctorFlags, env: Output['env']): Promise<readonly Found[]> {
  const { askedOfCluster, generatorRequest } = await import('./generator-request.ts')
  // As for kubectl, where the question is about a cluster.
  const usual = askedOfCluster(flags) === undefined ? undefined : env.KUBECONFIG || undefined
  const kubeconfig = flags.kubeconfig ?? usual
  if (kubeconfig === undefined) {
    const { examineGenerator } = await import('#weir/preflight/index.ts')
    return examineGenerator(generatorRequest(flags))
  }
  const { examine } = await import('#weir/preflight/index.ts')
  const { doctorRequest } = await import('../own-cluster/request.ts')
  const examination = await examine(doctorRequest({ ...flags, kubeconfig }, env))
  await examination.close()
  return examination.found
}
