import type { ClusterFlags } from '../own-cluster/options.ts'

/** What `weir doctor` was given. */
export interface DoctorFlags extends ClusterFlags {
  kubeconfig?: string | undefined
  scenario?: string | undefined
  set: string[]
  to?: string | undefined
  clients?: number | undefined
  hostname?: string | undefined
  port?: number | undefined
  ifaddr?: string[] | undefined
  processes?: number | undefined
}
