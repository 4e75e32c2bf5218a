import { backlog } from './backlog.ts'
import { broker } from './broker.ts'
import type { GeneratorCheck } from './check.ts'
import { clock } from './clock.ts'
import { conntrack } from './conntrack.ts'
import { cpus } from './cpus.ts'
import { descriptors } from './descriptors.ts'
import { memory } from './memory.ts'
import { ports } from './ports.ts'

/** Checks of this machine. */
export const machineChecks: readonly GeneratorCheck[] = [
  descriptors,
  ports,
  backlog,
  conntrack,
  cpus,
  memory,
  clock,
]

/** The same, and the path to the brokers. */
export const generatorChecks: readonly GeneratorCheck[] = [...machineChecks, broker]
