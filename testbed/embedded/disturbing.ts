import { messageOf } from '#weir/errors/index.ts'
import type { Disturbance } from '#weir/facts/index.ts'
import type { EmqxCluster } from '../emqx/index.ts'
import type { Plane } from '../plane.ts'

/** Begins disturbances of the parts of a testbed, each of which knows its own. Returns why one cannot be begun. */
export const disturbing =
  ({ restart }: Pick<Plane, 'restart'>, emqx: EmqxCluster, log: (line: string) => void) =>
  (disturbance: Disturbance): string | undefined => {
    const { what, seconds, podIp } = disturbance
    if (what === 'api-server-restart') {
      if (!restart) return 'this API server cannot be restarted'
      restart(seconds * 1000).catch((error: unknown) => log(`restart of the API server: ${messageOf(error)}`))
      return undefined
    }
    return emqx.disturb(disturbance) ? undefined : `there is no emulated node at ${podIp ?? 'any address'}`
  }
