import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judgeRecord } from '#weir/cli/judge-record.ts'
import type { GateFlags } from '#weir/cli/options.ts'
import { repeatedRuns } from '#weir/cli/run/repeated-runs.ts'
import type { RunRequest } from '#weir/cli/run/run-and-judge.ts'
import { type ErrorCode, WeirError } from '#weir/errors/index.ts'
import { baselineText, runSetOf } from '#weir/gate/index.ts'
import { writeRecord } from '#weir/import/index.ts'
import { quickened, settingsOf, simulate } from '../../simulator/index.ts'
import { memoryOutput } from '../weir.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-repeated-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

const settings = quickened(settingsOf(3))
const request: RunRequest = {
  scenario: 'blue-green-quick',
  set: [`fleet.clients=${settings.parameters.clients}`],
  ...{ bound: [], label: [], fault: [], seed: 7, yes: false, fleet: 'process', scrape: true },
}

/** Writes what a run of this seed records, by a simulation. */
async function recorded({ out, seed }: Pick<RunRequest, 'out' | 'seed'>, faults: string[] = []) {
  const dir = out ?? join(folder, String(seed))
  const record = simulate({ ...settings, faults: new Set(faults), seed })
  const { scenario } = record.manifest
  await writeRecord(
    { ...record, manifest: { ...record.manifest, scenario: { ...scenario, name: 'blue-green-quick' } } },
    dir,
  )
  return dir
}

async function told(flags: GateFlags, exitCodes: readonly number[], faults: string[] = []) {
  const { output, said } = memoryOutput()
  const requests: RunRequest[] = []
  const out = mkdtempSync(join(folder, 'run-'))
  const code = await repeatedRuns({ ...request, out: join(out, 'r') }, flags, output, async (one) => {
    requests.push(one)
    const dir = flags.baseline === undefined ? one.out! : await recorded(one, faults)
    return { dir, exitCode: exitCodes[requests.length - 1]! }
  })
  return { code, requests, ...said }
}

let written: Promise<string> | undefined
const baselineFile = () => (written ??= writeBaseline())

async function writeBaseline(): Promise<string> {
  const judged = await Promise.all([101, 102, 103].map(async (seed) => judgeRecord(await recorded({ seed }))))
  const file = join(folder, 'base.json')
  const runs = judged.map(({ dir, run, verdict }) => ({ name: dir, manifest: run.record.manifest, verdict }))
  writeFileSync(file, baselineText(runSetOf(runs), '0'))
  return file
}

test('one run keeps its folder and its seed, and gives its own code', async () => {
  const { code, requests, stdout } = await told({}, [3])
  assert.is(code, 3)
  assert.match(requests[0]!.out!, /\/r$/)
  assert.is(requests[0]!.seed, 7)
  assert.is(stdout, '')
})

test('runs have folders and seeds of their own, and the most urgent code is that of all', async () => {
  const { code, requests, stdout } = await told({ repeat: 3 }, [0, 1, 3])
  assert.is(code, 1)
  assert.equal(
    requests.map(({ out, seed }) => [out!.slice(-3), seed]),
    [
      ['r-1', 7],
      ['r-2', 8],
      ['r-3', 9],
    ].map(([name, seed]) => [`${name}`, seed]),
  )
  assert.match(stdout, /3 runs: 1 pass, 1 fail \(.*r-2\), 1 inconclusive \(.*r-3\)\./)
  assert.is((await told({ repeat: 2 }, [0, 3])).code, 3)
  assert.is((await told({ repeat: 2 }, [0, 0])).code, 0)
})

test('an interrupted run is the last', async () => {
  const { code, requests } = await told({ repeat: 3 }, [0, 130, 0])
  assert.is(code, 130)
  assert.is(requests.length, 2)
})

test('with a baseline there are three runs: of one build 0, of a worse one 5', async () => {
  const baseline = await baselineFile()
  const same = await told({ baseline }, [0, 0, 0])
  assert.is(same.code, 0, same.stdout)
  assert.is(same.requests.length, 3)
  assert.match(same.stdout, /3 runs beside a baseline of 3 runs/)
  const worse = await told({ baseline }, [0, 0, 0], ['all-at-once'])
  assert.is(worse.code, 5, worse.stdout)
  assert.is((await told({ baseline }, [1, 0, 0], ['all-at-once'])).code, 1)
})

test('what cannot be compared is refused before anything runs', async () => {
  const baseline = await baselineFile()
  const other = join(folder, 'other.json')
  writeFileSync(other, readFileSync(baseline, 'utf8').replace('"blue-green-quick"', '"rolling"'))
  const refusals: [GateFlags, ErrorCode][] = [
    [{ repeat: 0 }, 'WEIR_USAGE'],
    [{ repeat: 1.5 }, 'WEIR_USAGE'],
    [{ baseline: join(folder, 'nothing.json') }, 'WEIR_USAGE'],
    [{ baseline: other }, 'WEIR_UNLIKE'],
  ]
  for (const [flags, code] of refusals) {
    const { output } = memoryOutput()
    try {
      await repeatedRuns(request, flags, output, () => assert.unreachable('it ran') as never)
      assert.unreachable(JSON.stringify(flags))
    } catch (error) {
      assert.instance(error, WeirError, String(error))
      assert.is((error as WeirError).code, code)
    }
  }
})

test.run()
