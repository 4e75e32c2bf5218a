import { missing, ok, warning } from '../line.ts'
import type { GeneratorCheck } from './readings.ts'

const MIB = 2 ** 20
/** The command's process, and each child, without clients. */
const PROCESS_BYTES = 110 * MIB
/** An idle client in its process, and its socket in the kernel: docs/many-connections.md has the measurements. */
const CLIENT_BYTES = 12 * 1024
const TIGHT_SHARE = 0.7
/** About as many as one process runs. */
const CLIENTS_PER_PROCESS = 20_000

export const memory: GeneratorCheck = {
  id: 'memory',
  title: 'memory',
  code: 'WEIR_MACHINE_UNFIT',
  run({ clients, processes = 0 }, { availableBytes }) {
    const count = 1 + (processes || Math.floor(clients / CLIENTS_PER_PROCESS))
    const needed = count * PROCESS_BYTES + clients * CLIENT_BYTES
    const says = `${clients} clients need about ${mib(needed)} MiB; ${mib(availableBytes)} MiB are available`
    const todo = 'use fewer clients, or a machine with more memory'
    if (needed > availableBytes) return [missing(says, todo)]
    return [needed > availableBytes * TIGHT_SHARE ? warning(says, todo) : ok(says)]
  },
}

function mib(bytes: number): string {
  return String(Math.round(bytes / MIB))
}
