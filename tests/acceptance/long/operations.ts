/**
 * Operations: every scenario three times on the embedded cluster, those that users do most ten times, and each on real Kubernetes with a
 * released operator.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordEvent } from '#weir/facts/index.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { hasReal, realOperator } from '../../support/real/programs.ts'
import { DIALECTS, type MatrixDialect } from '../dialects.ts'
import { Pool } from '../pool.ts'
import { runFit, type WeirRun } from '../weir.ts'
import { type Counts, countRun, none } from './counts.ts'

const SIDE_BY_SIDE = 3
const OFTEN = ['scale-out', 'scale-in-drained', 'upgrade']

/** Scenarios of operations on a dialect. The raw scale-in must fail, which is what it shows. */
const scenariosOf = ({ operations }: MatrixDialect): string[] => [
  ...Object.values(operations).map(([scenario]) => scenario!),
  operations['scale-in-drained'][0]!.replace('drained', 'raw'),
]

/** What the run of a scenario without a fault comes to: a raw scale-in is a storm, and some show what released operators do wrong. */
function isHonest({ verdict, code }: WeirRun): boolean {
  if (verdict.scenario.startsWith('scale-in-raw')) return verdict.outcome === 'fail' && code === 1
  if (loadScenario(verdict.scenario).knownDeviations.length > 0) return code === 0
  return verdict.outcome === 'pass' && code === 0
}

/** Seconds from the first change after the fleet is connected to the end of the last wait. */
function tookSeconds({ dir }: WeirRun): number {
  const steps = readFileSync(join(dir, 'events.ndjson'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"type":"step"'))
    .map((line) => JSON.parse(line) as Extract<RecordEvent, { type: 'step' }>)
  const connected = steps.findIndex(({ name, phase }) => name === 'clients-located' && phase === 'done')
  const after = steps.slice(connected + 1).filter(({ name }) => name !== 'hold' && name !== 'connect-more')
  return (after.at(-1)!.t - after[0]!.t) / 1e9
}

async function repeated(
  scenarios: readonly string[],
  times: number,
  flags: string[] = [],
  lanes = SIDE_BY_SIDE,
) {
  const counts = none()
  const pool = new Pool(lanes)
  const took = new Map<string, number[]>()
  const startedMs = performance.now()
  await Promise.all(
    scenarios
      .flatMap((scenario) => Array<string>(times).fill(scenario))
      .map((scenario) =>
        pool.queue(() =>
          runFit([scenario, ...flags], (run) => {
            countRun(run, scenario, counts, isHonest)
            took.set(scenario, [...(took.get(scenario) ?? []), tookSeconds(run)])
          }),
        ),
      ),
  )
  for (const scenario of scenarios) {
    const seconds = took.get(scenario)!.sort((a, b) => a - b)
    console.log(`  ${scenario} took ${seconds.map((each) => each.toFixed(1)).join(', ')} s`)
  }
  console.log(`  ${scenarios.length * times} runs in ${Math.round((performance.now() - startedMs) / 1000)} s`)
  return counts
}

/** Undefined, after a notice, where no released operator is. */
async function withReleased(dialect: MatrixDialect, testbed: string): Promise<Counts | undefined> {
  if (!hasReal()) {
    console.log('  not here: released operators')
    return undefined
  }
  const flags = ['--testbed', testbed, ...realOperator('2.2.29').flags]
  return await repeated(scenariosOf(dialect), 1, flags, 1)
}

const onEach = (
  title: (dialect: string) => string,
  part: (dialect: MatrixDialect) => Promise<Counts | undefined>,
) => Object.fromEntries(DIALECTS.map((dialect) => [title(dialect.name), () => part(dialect)]))

export const OPERATION_PARTS = {
  ...onEach(
    (dialect) => `operations of ${dialect}, three times`,
    (dialect) => repeated(scenariosOf(dialect), 3),
  ),
  ...onEach(
    (dialect) => `${OFTEN.join(', ')} of ${dialect}, ten times`,
    ({ operations }) =>
      repeated(
        OFTEN.map((name) => operations[name as keyof typeof operations][0]!),
        10,
      ),
  ),
  ...onEach(
    (dialect) => `operations of ${dialect} with the operator 2.2.29 on control-plane`,
    (dialect) => withReleased(dialect, 'control-plane'),
  ),
}
