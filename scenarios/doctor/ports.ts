import { readFileSync } from 'node:fs'
import { defineCheck, hasClients, missing, ok, unknown } from './check.ts'

const RANGE_FILE = '/proc/sys/net/ipv4/ip_local_port_range'
/** Of the range others use some, and a closed connection keeps its port for a minute. */
const USABLE_SHARE = 0.9

/** Every connection to one address and port needs a local port of its own. */
export const ports = defineCheck({
  id: 'ports',
  title: 'local ports',
  code: 'WEIR_CLUSTER_UNFIT',
  matters: hasClients,
  needs: [],
  look({ clients }) {
    let text: string
    try {
      text = readFileSync(RANGE_FILE, 'utf8')
    } catch {
      return {
        lines: [unknown('this system does not tell its range of local ports', 'see that it is large enough')],
      }
    }
    const [low = 0, high = 0] = text.trim().split(/\s+/).map(Number)
    const usable = Math.floor((high - low + 1) * USABLE_SHARE)
    if (clients > usable)
      return {
        lines: [
          missing(
            `${clients} clients need a local port each, and of ${low} to ${high} some ${usable} can be used`,
            'widen the range, e.g. sysctl net.ipv4.ip_local_port_range="1024 65535", or take fewer clients',
          ),
        ],
      }
    return { lines: [ok(`${low} to ${high}, enough for ${clients} clients`)] }
  },
})
