/** The coordinator's end of a pod, against a pod that a test scripts. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CounterRow, makeCounterMemory } from '#weir/bench/counters/live-counters.ts'
import type { FromProcess } from '#weir/bench/fleet/hosts/shard-host.ts'
import type { PodAnswer } from '#weir/cluster/fleet-job/pod-http.ts'
import { weirVersion } from '#weir/errors/index.ts'
import type { ClockReading } from '#weir/scenarios/fleet-job/clock-comparison.ts'
import { fromJson, toJson } from '#weir/scenarios/fleet-job/json.ts'
import type { Orders } from '#weir/scenarios/fleet-job/order.ts'
import { podHosting } from '#weir/scenarios/fleet-job/pod-hosting.ts'
import { PodLink } from '#weir/scenarios/fleet-job/pod-link.ts'
import { encode, framed, LAST_HEADER, REACHES_HEADER, WIRE_FORMAT } from '#weir/scenarios/fleet-job/wire.ts'
import { assertRejects } from '../../bench/support/rejects.ts'
import { until } from '../../bench/support/until.ts'

/** `waitedMs`: how long messages have waited that are not in it. */
interface News {
  body: Buffer
  last: number
  waitedMs?: number
}
type Answer = object | News
type Respond = (path: string, body: string, query: string) => Answer | Promise<Answer>

const isNews = (answer: Answer): answer is News => (answer as { body?: unknown }).body instanceof Buffer

/** A pod's endpoint: what a test does not answer is answered as by a pod with nothing to say. */
class FakePod {
  /** How far its clock is ahead. */
  aheadMs = 0
  /** How long it takes to read it and to answer, each. */
  slowMs = 0
  readonly asked: string[] = []
  readonly #zeroMs = performance.now()
  readonly #respond: Partial<Record<string, Respond>>

  constructor(respond: Partial<Record<string, Respond>> = {}) {
    this.#respond = respond
  }

  async request(method: string, path: string, { body }: { body?: Uint8Array }): Promise<PodAnswer> {
    this.asked.push(`${method} ${path}`)
    const [name = '', query = ''] = path.split('?')
    const respond = this.#respond[`${method} ${name}`] ?? this.#usual[`${method} ${name}`]
    const answer = await respond!(name, Buffer.from(body ?? []).toString(), query)
    if (isNews(answer)) {
      const { last, waitedMs = 0 } = answer
      const reachesMs = this.#nowMs() - waitedMs
      const headers = { [LAST_HEADER]: String(last), [REACHES_HEADER]: String(reachesMs) }
      return { status: 200, headers, body: answer.body }
    }
    return { status: 200, headers: {}, body: Buffer.from(toJson(answer)) }
  }

  close(): void {}

  #nowMs(): number {
    return performance.now() - this.#zeroMs + this.aheadMs
  }

  async #pause(): Promise<void> {
    if (this.slowMs > 0) await new Promise((resolve) => setTimeout(resolve, this.slowMs))
  }

  readonly #usual: Record<string, Respond> = {
    'GET /hello': () => ({ format: WIRE_FORMAT, weir: weirVersion() }),
    'GET /clock': async () => {
      await this.#pause()
      const fleetMs = this.#nowMs()
      await this.#pause()
      return { fleetMs }
    },
    'POST /clock': () => ({}),
    'POST /begin': () => ({}),
    'POST /orders': () => ({}),
    'GET /news': async (_path, _body, query) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return { body: Buffer.alloc(0), last: Number(query.replace('after=', '')) }
    },
  }
}

interface Heard {
  link: PodLink
  messages: FromProcess[]
  readings: ClockReading[]
  lost: { how: string; sinceMs: number }[]
}

async function linked(pod: FakePod, lostMs = 40_000): Promise<Heard> {
  const link = new PodLink({ name: 'pod-1', ip: '10.0.0.1' }, pod, { lostMs })
  const heard: Heard = { link, messages: [], readings: [], lost: [] }
  const assignment = { shard: 0, spec: NO_CLIENTS, clockZeroNs: process.hrtime.bigint() }
  await link.begin([assignment], {
    hear: (message) => heard.messages.push(message),
    lost: (how, sinceMs) => heard.lost.push({ how, sinceMs }),
    compared: (reading) => heard.readings.push(reading),
  })
  return heard
}

const NO_CLIENTS = {
  clients: {
    index: new Uint32Array(),
    ids: [],
    group: new Uint16Array(),
    arrivalMs: new Float64Array(),
  },
} as unknown as Parameters<PodLink['begin']>[0][number]['spec']

const ready = (shard: number): FromProcess => ({ type: 'ready', shard })
const news = (last: number, ...shards: number[]) => ({
  body: Buffer.concat(shards.map((shard) => framed(encode(ready(shard))))),
  last,
})

test('news go on after what has come, when an answer is lost on the way', async () => {
  const answers: (() => Answer)[] = [
    () => news(2, 1, 2),
    () => {
      throw new Error('ECONNRESET')
    },
    () => news(3, 3),
  ]
  const usual = new FakePod()
  const pod = new FakePod({
    'GET /news': (path, body, query) =>
      answers.shift()?.() ??
      usual.request('GET', `${path}?${query}`, { body: Buffer.from(body) }).then((a) => ({
        body: a.body,
        last: Number(a.headers[LAST_HEADER]),
      })),
  })
  const { link, messages } = await linked(pod)
  await until('all have come', () => messages.length === 3)
  link.release()
  assert.equal(messages, [ready(1), ready(2), ready(3)])
  const asked = pod.asked.filter((one) => one.startsWith('GET /news'))
  assert.equal(asked.slice(0, 3), ['GET /news?after=0', 'GET /news?after=2', 'GET /news?after=2'])
})

test('an order whose answer is lost is sent again with its number, and the next ones wait', async () => {
  const got: Orders[] = []
  const pod = new FakePod({
    'POST /orders': (_path, body) => {
      got.push(fromJson(body) as Orders)
      if (got.length === 1) throw new Error('ECONNRESET')
      return {}
    },
  })
  const { link } = await linked(pod)
  link.send(0, { type: 'start', startMs: 5 })
  link.send(0, { type: 'traffic-end' })
  link.send(1, { type: 'stop', graceMs: 2000 })
  await until('all are there', () => got.length === 3)
  link.release()
  assert.equal(
    got.map(({ number }) => number),
    [1, 1, 2],
  )
  assert.equal(got[2]!.messages, [
    { shard: 0, message: { type: 'traffic-end' } },
    { shard: 1, message: { type: 'stop', graceMs: 2000 } },
  ])
})

test('a pod that does not answer is lost after a while, with the last reason', async () => {
  let isUp = true
  const pod = new FakePod({
    'GET /news': async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      if (!isUp) throw new Error('connect EHOSTUNREACH')
      return news(0)
    },
  })
  const { lost } = await linked(pod, 300)
  await new Promise((resolve) => setTimeout(resolve, 200))
  assert.equal(lost, [])
  isUp = false
  await until('it is lost', () => lost.length > 0)
  assert.match(lost[0]!.how, /^fleet pod pod-1 has not answered for \d+ s \(connect EHOSTUNREACH\)$/)
  assert.ok(lost[0]!.sinceMs >= 150, 'since it was last heard')
})

test('a pod that is lost while more waits in it is known only up to what has come', async () => {
  let isUp = true
  const startedMs = performance.now()
  const pod = new FakePod({
    'GET /news': async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      if (!isUp) throw new Error('connect EHOSTUNREACH')
      // The first that is not in it came when the pod began, and so do all after it.
      return { ...news(0), waitedMs: performance.now() - startedMs - 100 }
    },
  })
  const { link, lost } = await linked(pod)
  await new Promise((resolve) => setTimeout(resolve, 500))
  isUp = false
  await link.gone('ended (Error, exit code 137)')
  assert.ok(lost[0]!.sinceMs < 200, `${lost[0]!.sinceMs} ms: answers came for longer, but not what waited`)
})

test('what a pod says of its own end comes before what Kubernetes says of it', async () => {
  const pod = new FakePod({
    'GET /news': () => ({ body: framed(encode({ type: 'died', what: 'out of memory' })), last: 1 }),
  })
  const { link, lost } = await linked(pod)
  await link.gone('ended (Error, exit code 1)')
  assert.equal(
    lost.map(({ how }) => how),
    ['fleet pod pod-1 ended: out of memory'],
  )
  assert.ok(pod.asked.includes('GET /news?after=1'), 'it may forget what has come')
})

/** A fleet of one shard in this pod. */
function hosted(pod: FakePod) {
  const link = new PodLink({ name: 'pod-1', ip: '10.0.0.1' }, pod)
  const hosting = podHosting([link], { compared: () => undefined, warned: () => undefined })
  const assignments = [{ shard: 0, spec: NO_CLIENTS, clockZeroNs: process.hrtime.bigint() }]
  const memory = makeCounterMemory(1)
  const rows = [new CounterRow(memory, 0)]
  const { members, ...hosts } = hosting.host({ processes: 1, workersEach: 1 }, assignments, {
    ...{ memory, rows },
    take: () => undefined,
  })
  return { ...hosts, link, lost: members![0]!.lost }
}

test('a pod that is silent when the fleet is stopped is lost, and known up to what has come', async () => {
  let isUp = true
  let upUntilMs = 0
  const startedMs = performance.now()
  const pod = new FakePod({
    'GET /news': async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      if (!isUp) throw new Error('connect EHOSTUNREACH')
      upUntilMs = performance.now() - startedMs
      return { body: framed(encode(ready(0))), last: 1 }
    },
  })
  const { shards, lost, destroy } = hosted(pod)
  await shards[0]!.ready
  isUp = false
  await new Promise((resolve) => setTimeout(resolve, 5500))
  await destroy()
  const { how, sinceMs } = await lost
  assert.match(
    how,
    /^fleet pod pod-1 fell silent \(nothing came for [56] s, and then the fleet was stopped: connect EHOSTUNREACH\)$/,
  )
  assert.ok(Math.abs(sinceMs - upUntilMs) < 500, `${sinceMs}, and not ${upUntilMs}`)
  assert.equal(await shards[0]!.stopped, { ended: 0, left: 0 })
  await shards[0]!.done
})

test('a pod that answers and has not stopped in time is lost too', async () => {
  const pod = new FakePod({ 'GET /news': () => ({ body: framed(encode(ready(0))), last: 1 }) })
  const { shards, lost, destroy } = hosted(pod)
  await shards[0]!.ready
  await destroy()
  assert.is((await lost).how, 'fleet pod pod-1 did not stop in time')
})

test('a pod whose clients have left may end: it is not lost', async () => {
  const stopped: FromProcess = { type: 'stopped', shard: 0, sessions: { ended: 3, left: 0 } }
  const answers = [
    { body: framed(encode(ready(0))), last: 1 },
    { body: framed(encode(stopped)), last: 2 },
  ]
  const pod = new FakePod({
    'GET /news': async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return answers.shift() ?? { body: Buffer.alloc(0), last: 2 }
    },
  })
  const { link, shards, lost, destroy } = hosted(pod)
  assert.equal(await shards[0]!.stopped, { ended: 3, left: 0 })
  await shards[0]!.done
  // The others of the fleet are still leaving.
  await link.gone('ended (Completed, exit code 0)')
  await destroy()
  const pending = Symbol('pending')
  assert.is(await Promise.race([lost, Promise.resolve(pending)]), pending)
  assert.ok(pod.asked.includes('GET /news?after=2'), 'it may forget what has come')
})

test('a clock that is ahead is moved back, one that only may be is not', async () => {
  for (const [aheadMs, slowMs] of [
    [500, 0],
    [-500, 0],
    [5, 30],
  ] as const) {
    const moves: number[] = []
    const pod = new FakePod({
      'POST /clock': (_path, body) => {
        moves.push(Number(body))
        return {}
      },
    })
    Object.assign(pod, { aheadMs, slowMs })
    const { link, readings } = await linked(pod)
    await until('it was compared', () => readings.length > 0)
    await until('it was told', () => slowMs > 0 || moves.length > 0)
    link.release()
    assert.ok(Math.abs(readings[0]!.aheadMs - aheadMs) < readings[0]!.errorMs + 20)
    if (slowMs > 0) assert.equal(moves, [], `${readings[0]!.aheadMs} within ${readings[0]!.errorMs}`)
    else assert.equal(moves, [readings[0]!.aheadMs])
  }
})

test('an image of another version of weir', async () => {
  const pod = new FakePod({ 'GET /hello': () => ({ format: WIRE_FORMAT, weir: '9.9.9' }) })
  await assertRejects(
    new PodLink({ name: 'pod-1', ip: '10.0.0.1' }, pod).greet(1000),
    'WEIR_FLEET_JOB',
    'the image of the fleet pods has weir 9.9.9',
  )
})

test.run()
