import type { Emqx, IntOrPercent } from './types.ts'

export const coreReplicas = ({ spec }: Emqx): number => spec.coreTemplate.spec.replicas

export const replicantReplicas = ({ spec }: Emqx): number => spec.replicantTemplate?.spec.replicas ?? 0

const numberOf = (value: IntOrPercent | undefined, of: number, round: (share: number) => number): number =>
  typeof value === 'string' ? round((Number.parseFloat(value) / 100) * of) : (value ?? 0)

/** How many replicants an update may take away at once; 1 unless said. Shares are rounded as a Deployment's are. */
export const mostUnavailable = (cr: Emqx): number =>
  numberOf(cr.spec.updateStrategy?.replicants?.maxUnavailable ?? 1, replicantReplicas(cr), Math.floor)

/** How many an update may have beyond their number. */
export const mostBeyond = (cr: Emqx): number =>
  numberOf(cr.spec.updateStrategy?.replicants?.maxSurge, replicantReplicas(cr), Math.ceil)

export const evacuates = ({ spec }: Emqx): boolean =>
  spec.updateStrategy?.evacuationStrategy?.type !== 'Disabled'

/** The wait of EMQX's own that the operator does not name. */
const DEFAULT_HEALTH_CHECK_SECONDS = 60

/** The body of evacuation/start. */
export function startBody({ spec }: Emqx, migrateTo: string[]): object {
  const {
    connectionEvictionRate = 1000,
    sessionEvictionRate = 1000,
    waitTakeover = 10,
    waitHealthCheck = DEFAULT_HEALTH_CHECK_SECONDS,
  } = spec.updateStrategy?.evacuationStrategy ?? {}
  return {
    conn_evict_rate: connectionEvictionRate,
    sess_evict_rate: sessionEvictionRate,
    migrate_to: migrateTo,
    ...(waitTakeover > 0 && { wait_takeover: waitTakeover }),
    ...(waitHealthCheck !== DEFAULT_HEALTH_CHECK_SECONDS && { wait_health_check: `${waitHealthCheck}s` }),
  }
}
