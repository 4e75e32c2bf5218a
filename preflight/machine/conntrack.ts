import { missing, ok, warning } from '../line.ts'
import type { GeneratorCheck } from './readings.ts'

/** Above this share the kernel may drop entries early, and other programs need some too. */
const TIGHT_SHARE = 0.8

/** A firewall with a full connection table drops packets of further connections silently. */
export const conntrack: GeneratorCheck = {
  id: 'conntrack',
  title: 'conntrack',
  code: 'WEIR_MACHINE_UNFIT',
  run({ clients }, { conntrack: reading }) {
    if (!reading) return [ok('none on this machine')]
    const { max, count } = reading
    const needed = count + clients
    const says = `${count} of ${max} entries are used, and ${clients} clients need one each`
    const todo = `sysctl net.netfilter.nf_conntrack_max=${2 ** Math.ceil(Math.log2(needed * 2))}`
    if (needed > max) return [missing(says, todo)]
    return [needed > max * TIGHT_SHARE ? warning(says, todo) : ok(`${max - count} entries are free`)]
  },
}
