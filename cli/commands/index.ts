import type { Registration } from '../command.ts'
import { assertions } from './assertions.ts'
import { baseline } from './baseline.ts'
import { bench } from './bench.ts'
import { check } from './check.ts'
import { compare } from './compare.ts'
import { completeWords, completion } from './completion.ts'
import { doctor } from './doctor.ts'
import { explore } from './explore.ts'
import { faults } from './faults.ts'
import { fleetPod } from './fleet-pod.ts'
import { importCommand } from './import.ts'
import { observe } from './observe.ts'
import { ops } from './ops/index.ts'
import { plan } from './plan.ts'
import { policy } from './policy.ts'
import { prometheusConfig } from './prometheus-config.ts'
import { report } from './report.ts'
import { run } from './run.ts'
import { scenarios } from './scenarios.ts'
import { search } from './search.ts'
import { serve } from './serve.ts'
import { testbed } from './testbed.ts'

/** Every command, in the order in which the help lists them. */
export const commands: readonly Registration[] = [
  run,
  observe,
  plan,
  search,
  explore,
  ops,
  policy,
  doctor,
  check,
  report,
  serve,
  compare,
  baseline,
  scenarios,
  faults,
  assertions,
  testbed,
  prometheusConfig,
  importCommand,
  bench,
  completion,
  fleetPod,
  completeWords(() => commands),
]
