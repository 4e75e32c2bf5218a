import { portsIn } from '#weir/bench/fleet/sources/own-addresses.ts'
import { planSources } from '#weir/bench/fleet/sources/plan-sources.ts'
import { WeirError } from '#weir/errors/index.ts'
import { ok, refused, unknown, warning } from '../line.ts'
import type { GeneratorCheck } from './readings.ts'

/** A broker elsewhere, reached from one address. */
const UNKNOWN_TARGET = { host: 'broker', port: 1883, address: '192.0.2.1' }

/** Every connection to one address and port needs a separate local port. */
export const ports: GeneratorCheck = {
  id: 'ports',
  title: 'local ports',
  code: 'WEIR_PORTS',
  run({ clients, sourceAddresses }, { portRange, ownAddresses, targets, sourceTrouble }) {
    if (sourceTrouble) return [refused(sourceTrouble)]
    if (!portRange)
      return [unknown('the range of local ports is unknown on this system', 'check that it is large enough')]
    const known = targets.flatMap(({ host, port, address }) => (address ? [{ host, port, address }] : []))
    try {
      const { addresses, warning: slow } = planSources({
        clients,
        targets: known.length > 0 ? known : [UNKNOWN_TARGET],
        chosen: sourceAddresses,
        ports: portsIn(portRange),
        own: ownAddresses,
      })
      if (slow) return [warning(slow, 'add addresses with --ifaddr, or widen the port range')]
      const from = addresses
        ? `, from ${addresses.length} source ${addresses.length === 1 ? 'address' : 'addresses'}`
        : ''
      return [ok(`${portRange.low} to ${portRange.high}, enough for ${clients} clients${from}`)]
    } catch (error) {
      if (error instanceof WeirError) return [refused(error)]
      throw error
    }
  },
}
