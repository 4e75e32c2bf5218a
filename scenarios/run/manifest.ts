import { availableParallelism, totalmem } from 'node:os'
import { basename } from 'node:path'
import { weirVersion } from '#weir/errors/index.ts'
import { type Manifest, RECORD_FORMAT } from '#weir/facts/index.ts'
import { withoutSecrets } from '#weir/record/index.ts'
import { withFiles } from '../load/fleet-files.ts'
import type { Scenario } from '../types.ts'
import type { RunClock } from './clock.ts'

/** run.json at the start of the run. The caller, which created the cluster, provides `notes`. */
export function firstManifest(
  scenario: Scenario,
  clock: RunClock,
  {
    seed,
    notes,
    server,
    command,
  }: {
    seed: number
    notes: readonly string[]
    server: Record<string, string>
    command?: readonly string[] | undefined
  },
): Manifest {
  const weir = weirVersion()
  return {
    format: RECORD_FORMAT,
    weir,
    scenario: {
      name: scenario.name,
      description: scenario.description,
      // A record goes to others: files have their own name alone.
      resolved: withoutSecrets({ ...scenario, fleet: withFiles(scenario.fleet, (path) => basename(path)) }),
    },
    seed,
    ...(command && { command: [...command] }),
    ...(scenario.labels && { labels: scenario.labels }),
    clock: { source: 'monotonic', anchorUnixMs: clock.anchorUnixMs },
    host: {
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpus: availableParallelism(),
      memoryMiB: Math.round(totalmem() / 2 ** 20),
    },
    versions: { weir, node: process.versions.node, ...server },
    asserts: scenario.assert,
    knownDeviations: scenario.knownDeviations,
    ...(scenario.mayDeviate.length > 0 && { mayDeviate: scenario.mayDeviate }),
    notes: [...notes],
  }
}
