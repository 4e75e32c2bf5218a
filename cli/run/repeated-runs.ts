import { EXIT, usageError } from '#weir/errors/index.ts'
import type { RunSet } from '#weir/gate/index.ts'
import { type Against, baselineOf, comparedWith } from '../gate/against-baseline.ts'
import type { GateFlags } from '../options.ts'
import type { Output } from '../output.ts'
import { quieted, type VerdictFlags } from '../output-options.ts'
import { refuseUsedOutDir } from './out-dir.ts'
import { withOwnMetrics } from './own-metrics.ts'
import { type RunRequest, runAndJudge, scenarioOf } from './run-and-judge.ts'
import { type ShowRuns, showRuns } from './show-runs.ts'
import { type ShowVerdict, showVerdict } from './show-verdict.ts'
import { tellVerdict } from './tell-verdict.ts'

/** As many as a comparison takes. */
const RUNS_OF_A_GATE = 3
const MOST_RUNS = 100

/** The codes of runs that were judged; the first that occurs is that of all of them together. */
const URGENCY = [EXIT.fail, EXIT.worse, EXIT.inconclusive, EXIT.pass]

/** A run that was made and judged, and its verdict told. */
export interface ToldRun {
  /** Folder of its record. */
  dir: string
  exitCode: number
}

async function runAndTell(
  request: RunRequest,
  output: Output,
  show: ShowVerdict,
  baseline?: RunSet,
): Promise<ToldRun> {
  let dir = ''
  const exitCode = await withOwnMetrics(
    request.prometheus,
    output,
    (onRecord) => runAndJudge({ ...request, onRecord }, output),
    (run) => {
      dir = run.judged.dir
      return tellVerdict(run, output, show, baseline)
    },
  )
  return { dir, exitCode }
}

/** Makes the runs that the flags ask for, and compares them with the baseline. Returns the exit code of all; a run that fails ends them. */
export async function repeatedRuns(
  request: RunRequest,
  flags: GateFlags & VerdictFlags,
  whole: Output,
  makeRun: typeof runAndTell = runAndTell,
): Promise<number> {
  const output = quieted(flags, whole)
  const count = runsOf(flags)
  const requests = Array.from({ length: count }, (_, index) => ofRun(request, index + 1, count))
  for (const { out } of requests) refuseUsedOutDir(out)
  const against = flags.baseline === undefined ? undefined : await baselineOf(flags, scenarioOf(request))
  if (count === 1 && !against)
    return (await makeRun(requests[0]!, output, showVerdict(flags, output))).exitCode
  const show = showRuns(flags, output)
  try {
    return await allRuns(requests, against, output, show, makeRun)
  } finally {
    show.end()
  }
}

async function allRuns(
  requests: readonly RunRequest[],
  against: Against | undefined,
  output: Output,
  show: ShowRuns,
  makeRun: typeof runAndTell,
): Promise<number> {
  const count = requests.length
  const runs: ToldRun[] = []
  for (const [index, one] of requests.entries()) {
    if (count > 1) output.progress(`weir: run ${index + 1} of ${count}`)
    const run = await makeRun(one, output, show.verdict, against?.base)
    if (run.exitCode === EXIT.interrupted) return EXIT.interrupted
    runs.push(run)
  }
  if (count > 1) show.summary(summary(runs))
  const codes = runs.map(({ exitCode }) => exitCode)
  const dirs = runs.map(({ dir }) => dir)
  if (against) codes.push(await comparedWith(against, dirs, output, show.comparison))
  return URGENCY.find((code) => codes.includes(code)) ?? codes[0]!
}

/** Throws WEIR_USAGE. */
function runsOf({ repeat, baseline }: GateFlags): number {
  const count = repeat ?? (baseline === undefined ? 1 : RUNS_OF_A_GATE)
  if (!Number.isInteger(count) || count < 1 || count > MOST_RUNS)
    throw usageError(`--repeat takes a whole number from 1 to ${MOST_RUNS}, not ${count}`)
  return count
}

/** Runs with one seed would be more alike than runs of one build are. */
function ofRun(request: RunRequest, number: number, count: number): RunRequest {
  const out = request.out !== undefined && count > 1 ? `${request.out}-${number}` : request.out
  return { ...request, out, seed: request.seed + number - 1 }
}

/** "3 runs: 2 pass, 1 fail (runs/x-2)." */
function summary(runs: readonly ToldRun[]): string {
  const words = { [EXIT.pass]: 'pass', [EXIT.fail]: 'fail', [EXIT.inconclusive]: 'inconclusive' }
  const parts = Object.entries(Object.groupBy(runs, ({ exitCode }) => exitCode)).map(([code, some = []]) => {
    const dirs = Number(code) === EXIT.pass ? '' : ` (${some.map(({ dir }) => dir).join(', ')})`
    return `${some.length} ${words[Number(code) as keyof typeof words]}${dirs}`
  })
  return `${runs.length} runs: ${parts.join(', ')}.`
}
