import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { projectFile } from '../../../support/project-file.ts'
import { ask, cluster5, fleet5 } from '../support/cluster-5.ts'
import { until } from '../support/until.ts'

const FOLDER = projectFile('tests/fixtures/emqx-5.8.9-evacuation/')

/** Starts a new burst where nothing has happened for this long. */
const GAP_MS = 300

interface Burst {
  atMs: number
  count: number
}

function burstsOf(times: number[]): Burst[] {
  const bursts: Burst[] = []
  let last = Number.NEGATIVE_INFINITY
  for (const time of times.sort((left, right) => left - right)) {
    if (time - last > GAP_MS) bursts.push({ atMs: time, count: 0 })
    bursts.at(-1)!.count++
    last = time
  }
  return bursts
}

/** When each client of the evacuated node was closed: those that it had admitted, not those that it refused. */
function recordedCloses(): number[] {
  const rows = gunzipSync(readFileSync(new URL('events.csv.gz', FOLDER)))
    .toString()
    .trim()
    .split('\n')
  const admitted = new Set<string>()
  const closes: number[] = []
  for (const row of rows.slice(1)) {
    const [at, event, client, , node, code] = row.split(',')
    if (node !== '127.0.0.1') continue
    if (event === 'connack' && code === '0x0') admitted.add(client!)
    if (event === 'close' && admitted.delete(client!)) closes.push(Number(at))
  }
  return closes
}

function recordedStates(): { state: string; atMs: number }[] {
  return readFileSync(new URL('states.txt', FOLDER), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [, at, state] = /^(\S+) "state":"(\w+)"$/.exec(line)!
      return { state: state!, atMs: Number(at) * 1000 }
    })
}

const periodsOf = (bursts: Burst[]) => bursts.slice(1).map(({ atMs }, index) => atMs - bursts[index]!.atMs)
const median = (values: number[]) => values.sort((left, right) => left - right)[values.length >> 1]!

/** The recorded evacuation on a fleet of a fiftieth, 60 clients and two a second, looked at every 10 ms. */
async function emulated() {
  const { cluster, nodes, clock } = await cluster5()
  const [node] = nodes
  const { live, evacuation } = node!.core
  const clients = await fleet5(node!, 60)
  const body = JSON.stringify({
    wait_health_check: 10,
    conn_evict_rate: 2,
    sess_evict_rate: 2,
    wait_takeover: 20,
  })
  await ask(node!, 'POST', `/api/v5/load_rebalance/${node!.name}/evacuation/start`, { body })
  const times: number[] = []
  const states: { state: string; atMs: number }[] = []
  for (let before = live.size; evacuation.state !== 'prohibiting'; before = live.size) {
    if (states.at(-1)?.state !== evacuation.state) states.push({ state: evacuation.state, atMs: clock.now() })
    await clock.advance(10)
    for (let gone = live.size; gone < before; gone++) times.push(clock.now())
  }
  states.push({ state: evacuation.state, atMs: clock.now() })
  await until(() => clients.every(({ ended }) => ended))
  cluster.close()
  return { bursts: burstsOf(times), states }
}

test('one burst of exactly the rate per tick, as many bursts as the fleet has rates, as recorded', async () => {
  const wanted = burstsOf(recordedCloses())
  assert.is(wanted.length, 30)
  assert.ok(wanted.every(({ count }) => count === 100))
  const { bursts } = await emulated()
  assert.is(bursts.length, 30)
  assert.ok(
    bursts.every(({ count }) => count === 2),
    JSON.stringify(bursts),
  )
})

test('ticks follow each other by 1.00 to 1.05 s, as recorded', async () => {
  const period = median(periodsOf(burstsOf(recordedCloses())))
  assert.ok(period >= 1000 && period <= 1050, `recorded ${period}`)
  const periods = periodsOf((await emulated()).bursts)
  assert.is(periods.length, 29)
  assert.ok(Math.min(...periods) >= 1000 && Math.max(...periods) <= 1050, JSON.stringify(periods))
})

test('the states come in the recorded order, each after the time that the recording shows', async () => {
  const wanted = recordedStates()
  const { states } = await emulated()
  assert.equal(
    states.map(({ state }) => state),
    ['waiting_health_check', ...wanted.map(({ state }) => state)],
  )
  const lasted = (list: { state: string; atMs: number }[], state: string) => {
    const index = list.findIndex((each) => each.state === state)
    return list[index + 1]!.atMs - list[index]!.atMs
  }
  // Of evicting_conns the recorder's first look came late, so that one is told by the bursts.
  assert.ok(Math.abs(lasted(states, 'waiting_takeover') - lasted(wanted, 'waiting_takeover')) < 1000)
  assert.is(Math.round(lasted(states, 'waiting_health_check') / 1000), 10)
})

test.run()
