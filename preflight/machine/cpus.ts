import { ok, warning } from '../line.ts'
import type { GeneratorCheck } from './readings.ts'

/** One event loop connects some 7,000 clients per second and holds tens of thousands, if it gets CPU time. */
export const cpus: GeneratorCheck = {
  id: 'cpus',
  title: 'CPUs',
  code: 'WEIR_MACHINE_UNFIT',
  run(_request, { cpus: number, load }) {
    const says = `${number} CPUs, load average ${load.toFixed(1)} over the last minute`
    if (number < 2)
      return [warning(says, 'use a machine with at least 2 CPUs: clients compete with other processes')]
    return load > number
      ? [
          warning(
            says,
            'wait until the load drops: client delays would be caused by this machine, not the broker',
          ),
        ]
      : [ok(says)]
  },
}
