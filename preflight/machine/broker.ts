import { targetName } from '#weir/bench/fleet/resolve-target.ts'
import { missing, ok, refused, warning } from '../line.ts'
import type { GeneratorCheck } from './readings.ts'

/** From here on the SYN was sent twice. */
const RESENT_MS = 1000

/** Every broker has an address and accepts a TCP connection. */
export const broker: GeneratorCheck = {
  id: 'broker',
  title: 'broker',
  code: 'WEIR_BROKER',
  run(_request, { targets }) {
    return targets.map(({ host, port, address, connectMs, trouble }) => {
      if (trouble) return refused(trouble)
      const name = targetName({ host, port })
      const where = host === address ? name : `${name} (${address})`
      if (connectMs === undefined)
        return missing(`no TCP connection to ${where}`, 'start the broker, or check firewalls and the port')
      if (connectMs >= RESENT_MS)
        return warning(
          `${where} took ${connectMs.toFixed(0)} ms to accept a connection`,
          'check for a full listen backlog or packet loss: the first SYN was not answered',
        )
      return ok(`${where} accepts connections, in ${connectMs.toFixed(1)} ms`)
    })
  },
}
