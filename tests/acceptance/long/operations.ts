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
import { interferenceOn } from '../interference.ts'
import { Pool } from '../pool.ts'
import { runFit, type WeirRun } from '../weir.ts'
import { type Counts, countRun, none } from './counts.ts'

const SIDE_BY_SIDE = 3
const OFTEN = ['scale-out', 'scale-in-drained', 'upgrade'] as const

/** Scenarios of operations on a dialect. The raw scale-in must fail, which is what it shows. */
const scenariosOf = ({ operations }: MatrixDialect): string[] => [
  ...Object.values(operations).map(([scenario]) => scenario!),
  operations['scale-in-drained'][0]!.replace('drained', 'raw'),
]

/** Scenarios that are on one dialect alone. */
const ALONE: Readonly<Record<string, string[]>> = {
  v1beta4: ['resize-unschedulable-rolling'],
  v2beta1: ['stop-start-volumes-v5'],
}

/** What the run of a scenario without a fault comes to: a raw scale-in is a storm, and some show what released operators do wrong. */
function isHonest({ verdict, code }: WeirRun): boolean {
  if (verdict.scenario.startsWith('scale-in-raw')) return verdict.outcome === 'fail' && code === 1
  if (loadScenario(verdict.scenario).knownDeviations.length > 0) return code === 0
  return verdict.outcome === 'pass' && code === 0
}

/** Steps that are no part of the operation. */
const BESIDE = new Set(['hold', 'connect-more', 'store-data', 'find-data'])

/** Seconds from the first change after the fleet is connected to the end of the last wait. */
function tookSeconds({ dir }: WeirRun): number {
  const steps = readFileSync(join(dir, 'events.ndjson'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"type":"step"'))
    .map((line) => JSON.parse(line) as Extract<RecordEvent, { type: 'step' }>)
  const connected = steps.findIndex(({ name, phase }) => name === 'clients-located' && phase === 'done')
  const after = steps.slice(connected + 1).filter(({ name }) => !BESIDE.has(name))
  return (after.at(-1)!.t - after[0]!.t) / 1e9
}

/** A released operator may do what it is known for, and nothing else that is wrong. */
const isKnown = (run: WeirRun) =>
  isHonest(run) || (run.ids('fail').length > 0 && run.verdict.findings.every(isExplained))
const isExplained = ({ outcome, deviation }: WeirRun['verdict']['findings'][number]) =>
  outcome !== 'fail' || deviation !== undefined

/** Nodes that give refuse clients. Until a released operator has looked, the Service goes on to lead to them. */
const AS_RELEASED: Readonly<Record<string, string[]>> = {
  rebalance: ['--set', 'steps.8.waitHealthCheckSeconds=25'],
}

interface Repetition {
  times?: number
  flags?: (scenario: string) => string[]
  /** Runs side by side. */
  lanes?: number
  isRight?: (run: WeirRun) => boolean
}

async function repeated(
  scenarios: readonly string[],
  { times = 1, flags = () => [], lanes = SIDE_BY_SIDE, isRight = isHonest }: Repetition,
  counts = none(),
): Promise<Counts> {
  const pool = new Pool(lanes)
  const took = new Map(scenarios.map((scenario) => [scenario, [] as number[]]))
  const startedMs = performance.now()
  const once = (scenario: string) =>
    runFit([scenario, ...flags(scenario)], (run) => {
      countRun(run, scenario, counts, isRight)
      took.get(scenario)!.push(tookSeconds(run))
    })
  const runs = scenarios.flatMap((scenario) => Array<string>(times).fill(scenario))
  await Promise.all(runs.map((scenario) => pool.queue(() => once(scenario))))
  for (const [scenario, seconds] of took)
    console.log(
      `  ${scenario} took ${seconds
        .sort((a, b) => a - b)
        .map((each) => each.toFixed(1))
        .join(', ')} s`,
    )
  console.log(`  ${runs.length} runs in ${Math.round((performance.now() - startedMs) / 1000)} s`)
  return counts
}

/** Each operation once with a released operator. Undefined, after a notice, where none is. */
export async function operationsOnRelease(
  dialect: MatrixDialect,
  testbed: string,
  counts = none(),
): Promise<Counts | undefined> {
  if (!hasReal()) {
    console.log('  not here: released operators')
    return undefined
  }
  const always = ['--testbed', testbed, ...realOperator('2.2.29').flags]
  const flags = (scenario: string) => [...always, ...(AS_RELEASED[scenario] ?? [])]
  return repeated(scenariosOf(dialect), { flags, lanes: 1, isRight: isKnown }, counts)
}

export const onEachDialect = <Part>(
  title: (dialect: string) => string,
  part: (dialect: MatrixDialect) => Part,
) => Object.fromEntries(DIALECTS.map((dialect) => [title(dialect.name), part(dialect)]))

export const OPERATION_PARTS = {
  ...onEachDialect(
    (dialect) => `operations of ${dialect}, three times`,
    (dialect) => () => repeated([...scenariosOf(dialect), ...(ALONE[dialect.name] ?? [])], { times: 3 }),
  ),
  ...onEachDialect(
    (dialect) => `${OFTEN.join(', ')} of ${dialect}, ten times`,
    ({ operations }) =>
      () =>
        repeated(
          OFTEN.map((name) => operations[name][0]!),
          { times: 10 },
        ),
  ),
  ...onEachDialect(
    (dialect) => `interference on ${dialect}`,
    ({ name }) =>
      () =>
        repeated(interferenceOn(name), { lanes: 2 }),
  ),
  'retained-dropped in stop-start-volumes-v5': () =>
    repeated(['stop-start-volumes-v5'], {
      flags: () => ['--fault', 'retained-dropped'],
      isRight: (run) => run.ids('fail').includes('data-kept'),
    }),
  ...onEachDialect(
    (dialect) => `operations of ${dialect} with the operator 2.2.29 on control-plane`,
    (dialect) => () => operationsOnRelease(dialect, 'control-plane'),
  ),
}
