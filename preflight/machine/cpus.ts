import { ok, warning } from '../line.ts'
import type { GeneratorCheck } from './check.ts'

/** One loop connects some 7,000 clients a second and holds tens of thousands: what matters is that it gets its turn. */
export const cpus: GeneratorCheck = {
  id: 'cpus',
  title: 'CPUs',
  code: 'WEIR_MACHINE_UNFIT',
  look(_request, { cpus: number, load }) {
    const says = `${number} CPUs, and ${load.toFixed(1)} processes wanted one over the last minute`
    if (number < 2)
      return [warning(says, 'take a machine with 2 or more: clients wait for whatever else runs')]
    return load > number
      ? [
          warning(
            says,
            "wait until the machine is quiet: delays of clients would be its own, not the broker's",
          ),
        ]
      : [ok(says)]
  },
}
