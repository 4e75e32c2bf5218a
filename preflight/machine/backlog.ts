import { isLoopback } from '#weir/bench/fleet/sources/plan-sources.ts'
import { ok, unknown, warning } from '../line.ts'
import type { GeneratorCheck } from './check.ts'

/** A fleet has 64 connects in flight unless told otherwise; a storm that lifts that bound, or several fleets, want more. */
const ENOUGH = 1024

/** A full listen backlog drops SYNs, and a connect then takes a second or more. It is the broker's; only here it can be seen. */
export const backlog: GeneratorCheck = {
  id: 'backlog',
  title: 'backlog',
  code: 'WEIR_MACHINE_UNFIT',
  look(_request, { somaxconn, targets }) {
    const elsewhere = targets.filter(({ address }) => address !== undefined && !isLoopback(address))
    if (elsewhere.length > 0 && elsewhere.length === targets.length)
      return [ok("the brokers' machines decide: their net.core.somaxconn should be 1024 or more")]
    if (somaxconn === undefined)
      return [
        unknown('this system does not tell the bound of listen backlogs', 'see that it is 1024 or more'),
      ]
    if (somaxconn >= ENOUGH)
      return [ok(`brokers on this machine may have up to ${somaxconn} connects waiting`)]
    return [
      warning(
        `brokers on this machine may have ${somaxconn} connects waiting, and more at once take a second longer each`,
        `sysctl net.core.somaxconn=4096, and the broker's own backlog with it`,
      ),
    ]
  },
}
