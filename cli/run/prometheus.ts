import { checkPrometheus, type PrometheusCredentials, readPrometheusAddress } from '#weir/cluster/index.ts'
import { WeirError } from '#weir/errors/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'
import type { Output } from '../output.ts'
import { prometheusCredentials } from '../own-cluster/credentials.ts'

/**
 * The credentials for the scenario's Prometheus. One that cannot be read now may be there later, and everything else is recorded without
 * it: that is a warning. Throws WEIR_USAGE for an address that is none.
 */
export async function examinedPrometheus(
  { observe: { prometheus } }: Scenario,
  output: Output,
): Promise<{ prometheusCredentials?: PrometheusCredentials | undefined }> {
  if (prometheus === undefined) return {}
  const credentials = prometheusCredentials(output.env)
  try {
    await checkPrometheus(readPrometheusAddress(prometheus, credentials))
  } catch (error) {
    if (!(error instanceof WeirError) || error.code !== 'WEIR_PROMETHEUS') throw error
    output.note(`weir: warning: ${error.message}`)
  }
  return { prometheusCredentials: credentials }
}
