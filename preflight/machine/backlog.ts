import { isLoopback } from '#weir/bench/fleet/sources/plan-sources.ts'
import { ok, unknown, warning } from '../line.ts'
import type { GeneratorCheck } from './readings.ts'

/** The default is 64 attempts in flight; a storm without that limit, or several fleets, need more. */
const ENOUGH = 1024

/** A full listen backlog drops SYNs, and a connect then takes a second or more. Readable only for brokers on this machine. */
export const backlog: GeneratorCheck = {
  id: 'backlog',
  title: 'backlog',
  code: 'WEIR_MACHINE_UNFIT',
  run(_request, { somaxconn, targets }) {
    const elsewhere = targets.filter(({ address }) => address !== undefined && !isLoopback(address))
    if (elsewhere.length > 0 && elsewhere.length === targets.length)
      return [ok("depends on the brokers' machines: set net.core.somaxconn to 1024 or more there")]
    if (somaxconn === undefined)
      return [
        unknown('the limit of listen backlogs is unknown on this system', 'check that it is 1024 or more'),
      ]
    if (somaxconn >= ENOUGH) return [ok(`brokers on this machine can queue up to ${somaxconn} connects`)]
    return [
      warning(
        `brokers on this machine can queue ${somaxconn} connects; further ones take a second longer`,
        `sysctl net.core.somaxconn=4096, and raise the broker's own backlog`,
      ),
    ]
  },
}
