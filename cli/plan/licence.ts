import { dialects } from '#weir/cluster/dialects/index.ts'
import { usageError } from '#weir/errors/index.ts'
import { admittedBy, compareVersions, countsSessions, tellsVersion } from '#weir/facts/index.ts'
import type { PlanFlags } from './options.ts'

/** What a licence is for, and what the clients take of it. */
export interface LicenceUse {
  /** Connections or sessions that it is for. */
  limit: number
  /** As many are admitted. */
  admitted: number
  counts: 'connections' | 'sessions'
  used: number
}

/**
 * A client counts once, on whichever node it is, so an update takes no more of the licence than the clients do before it. Which clients
 * count, and how many are admitted, depends on the version (docs/contract/emqx.md#licence): without one the newest is taken. EMQX 4.4 is
 * not known to admit more than the limit. Undefined without a limit. Throws WEIR_USAGE where EMQX would refuse clients.
 */
export function licenceUse(flags: PlanFlags): LicenceUse | undefined {
  const { licence: limit, clients, away, emqx, dialect } = flags
  if (!Number.isInteger(away) || away < 0)
    throw usageError(`--away is ${away} but must be a whole number from 0`)
  if (emqx !== undefined) checkVersion(emqx, dialect)
  if (limit === undefined) return undefined
  const isOf5 = dialect !== 'v1beta4'
  const hasSessions = isOf5 && (emqx === undefined || countsSessions(emqx) === true)
  const admitted = isOf5 ? admittedBy(limit) : limit
  const used = hasSessions ? clients + away : clients
  const counts = hasSessions ? 'sessions' : 'connections'
  if (used > admitted)
    throw usageError(
      `the licence is for ${limit} ${counts}, of which EMQX admits ${admitted}, ${used - admitted} fewer than the ${used} here: it refuses the rest`,
    )
  return { limit, admitted, counts, used }
}

function checkVersion(version: string, dialect: PlanFlags['dialect']): void {
  const { least, below } = dialects[dialect].versions
  if (!tellsVersion(version)) throw usageError(`--emqx ${version} is no version of EMQX, such as 5.8.6`)
  const isOld = compareVersions(version, least)! < 0
  if (isOld || (below !== undefined && compareVersions(version, below)! >= 0))
    throw usageError(
      `--emqx ${version} does not run under --dialect ${dialect}, which takes ${least} and newer${below === undefined ? '' : `, before ${below}`}`,
    )
}
