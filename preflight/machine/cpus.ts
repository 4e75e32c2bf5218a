import { availableParallelism, loadavg } from 'node:os'
import { type Line, ok, warning } from '../line.ts'
import type { GeneratorCheck, Readings } from './readings.ts'

/** One event loop connects some 7,000 clients per second and holds tens of thousands, if it gets CPU time. */
export const cpus: GeneratorCheck = {
  id: 'cpus',
  title: 'CPUs',
  code: 'WEIR_MACHINE_UNFIT',
  run: (_request, readings) => [cpuLine(readings)],
}

export const readCpus = (): Pick<Readings, 'cpus' | 'load'> => ({
  cpus: availableParallelism(),
  load: loadavg()[0]!,
})

/** Whether this machine has CPU time to spare: the same for `weir doctor` and for a run that starts its own cluster. */
export function cpuLine({ cpus: number, load }: Pick<Readings, 'cpus' | 'load'> = readCpus()): Line {
  const says = `${number} CPUs, load average ${load.toFixed(1)} over the last minute`
  if (number < 2)
    return warning(says, 'use a machine with at least 2 CPUs: clients compete with other processes')
  return load > number
    ? warning(
        says,
        'wait until the load drops: client delays would be caused by this machine, not the broker',
      )
    : ok(says)
}
