import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Evacuation, type Evacuee } from '#weir/testbed/emqx/evacuation/machine.ts'
import { readOptions } from '#weir/testbed/emqx/evacuation/options.ts'
import { makeFaults } from '#weir/testbed/faults/index.ts'
import { VirtualClock } from '../../runtime/virtual-clock.ts'

interface Burst {
  atMs: number
  count: number
}

/** A node of numbers: so many connections and sessions, and what each tick of work costs. */
function evacuee(clock: VirtualClock, live: number, sessions: number, workMs = 0) {
  const startMs = clock.now()
  const state = {
    ...{ live, sessions, recipients: true, bursts: [] as Burst[], sessionBursts: [] as Burst[] },
    logged: [] as { atMs: number; text: string }[],
  }
  const at = (): number => clock.now() - startMs
  const target: Evacuee = {
    liveConnections: () => state.live,
    sessions: () => state.sessions,
    evictConnections(count, done) {
      const evicted = Math.min(count, state.live)
      state.live -= evicted
      state.bursts.push({ atMs: at(), count: evicted })
      clock.pass(workMs)
      done()
    },
    evictSessions(count) {
      if (!state.recipients) return []
      const moved = Math.min(count, state.sessions)
      state.sessions -= moved
      state.sessionBursts.push({ atMs: at(), count: moved })
      return ['n2']
    },
    onStart() {},
    keep() {},
    log: ({ text4 = '' }) => void state.logged.push({ atMs: at(), text: text4 }),
  }
  return { state, target, at }
}

function options(body: object = {}) {
  const checked = readOptions(body, () => true)
  if ('error' in checked) throw new Error(checked.error)
  return checked.options
}

function run(live: number, sessions: number, body: object, faults: string[] = [], workMs = 0) {
  const clock = new VirtualClock()
  const { state, target, at } = evacuee(clock, live, sessions, workMs)
  const machine = new Evacuation(target, clock, makeFaults(faults).emqx())
  machine.start(options(body), true)
  return { clock, state, machine, at }
}

test('each step is logged, with the count before the burst of its tick', () => {
  const { clock, state, machine } = run(12, 3, { conn_evict_rate: 5, sess_evict_rate: 2, wait_takeover: 4 })
  clock.jump(30_000)
  machine.stop()
  assert.equal(
    state.logged.map(({ atMs, text }) => `${atMs} ${text}`),
    [
      '0 Node evacuation started',
      '0 Node evacuation evict_conns, count=12, conn_evict_rate=5',
      '1000 Node evacuation evict_conns, count=7, conn_evict_rate=5',
      '2000 Node evacuation evict_conns, count=2, conn_evict_rate=5',
      '3000 Node evacuation evict_conns over',
      '7000 Node evacuation wait_takeover over',
      '7000 Node evacuation evict_sessions, count=3, sess_evict_rate=2,target_nodes=[n2]',
      '8000 Node evacuation evict_sessions, count=1, sess_evict_rate=2,target_nodes=[n2]',
      '9000 Node evacuation evict_sessions over',
      '30000 Node evacuation stopped',
    ],
  )
})

test('sessions that have nowhere to go are logged', () => {
  const { clock, state } = run(0, 3, { wait_takeover: 1 })
  state.recipients = false
  clock.jump(2_000)
  assert.is(state.logged.at(-1)?.text, 'No nodes are available to evacuate sessions, session_count=3')
})

test('evicts one burst of the rate at once and then one a second', () => {
  const { clock, state, machine } = run(94, 0, { conn_evict_rate: 5 })
  assert.is(machine.state, 'evicting_conns')
  clock.jump(18_000)
  assert.equal(
    state.bursts,
    Array.from({ length: 19 }, (_, tick) => ({ atMs: tick * 1000, count: tick < 18 ? 5 : 4 })),
  )
})

test('a tick is armed after its work, so the period is a second plus the work', () => {
  const { clock, state } = run(30, 0, { conn_evict_rate: 10 }, [], 30)
  clock.jump(5000)
  assert.equal(
    state.bursts.map(({ atMs }) => atMs),
    [0, 1030, 2060],
  )
})

test('current_connected is the count before the tick that evicts', () => {
  const { clock, machine, state } = run(20, 0, { conn_evict_rate: 5 })
  clock.jump(0)
  assert.is(machine.currentConnections, 20)
  assert.is(state.live, 15)
  clock.jump(1000)
  assert.is(machine.currentConnections, 15)
  assert.is(machine.initialConnections, 20)
})

test('goes through the states of 4.4, without a health wait, and stays prohibiting', () => {
  const { clock, machine, state } = run(10, 7, { conn_evict_rate: 5, sess_evict_rate: 5, wait_takeover: 5 })
  const seen: [string, number][] = []
  for (let ms = 0; ms <= 20_000; ms += 100) {
    if (seen.at(-1)?.[0] !== machine.state) seen.push([machine.state, ms])
    clock.jump(100)
  }
  // Bursts at 0 and 1 s; at 2 s nobody is left; 5 s for takeovers; sessions at 7 and 8 s; at 9 s none is left.
  assert.equal(seen, [
    ['evicting_conns', 0],
    ['waiting_takeover', 2000],
    ['evicting_sessions', 7000],
    ['prohibiting', 9000],
  ])
  assert.equal(
    state.sessionBursts.map(({ count }) => count),
    [5, 2],
  )
  clock.jump(3_600_000)
  assert.is(machine.state, 'prohibiting')
})

test('current_sessions keeps its first value until sessions are evicted', () => {
  const { clock, machine, state } = run(5, 9, { conn_evict_rate: 5, sess_evict_rate: 5, wait_takeover: 5 })
  state.sessions = 6
  clock.jump(3000)
  assert.is(machine.state, 'waiting_takeover')
  assert.is(machine.currentSessions, 9)
  clock.jump(3000)
  assert.is(machine.state, 'evicting_sessions')
  assert.is(machine.currentSessions, 6)
  clock.jump(2000)
  assert.is(machine.currentSessions, 0)
})

test('an absent wait_takeover means a minute', () => {
  const { clock, machine } = run(0, 0, {})
  clock.jump(59_900)
  assert.is(machine.state, 'waiting_takeover')
  clock.jump(200)
  assert.is(machine.state, 'prohibiting')
})

test('without a recipient it tries again after 30 s', () => {
  const { clock, machine, state } = run(0, 3, { wait_takeover: 1 })
  state.recipients = false
  clock.jump(5000)
  assert.is(machine.state, 'evicting_sessions')
  state.recipients = true
  clock.jump(25_000)
  assert.is(state.sessions, 3)
  clock.jump(2000)
  assert.is(state.sessions, 0)
})

test('start and stop answer as EMQX does, and a stop ends the ticks', () => {
  const { clock, machine, state } = run(100, 0, { conn_evict_rate: 10 })
  assert.is(machine.start(options(), false), 'already_started')
  clock.jump(1500)
  assert.is(machine.stop(), 'ok')
  assert.is(machine.state, 'disabled')
  assert.is(machine.enabled, false)
  clock.jump(10_000)
  assert.is(state.live, 80)
  assert.is(machine.stop(), 'not_started')
})

test('a stop during the work of a tick is not undone by its end', () => {
  const clock = new VirtualClock()
  const { target, state } = evacuee(clock, 100, 0)
  let finish: () => void = () => {}
  const slow: Evacuee = {
    ...target,
    evictConnections(count, done) {
      target.evictConnections(count, () => {
        finish = done
      })
    },
  }
  const machine = new Evacuation(slow, clock, makeFaults([]).emqx())
  machine.start(options({ conn_evict_rate: 10 }), true)
  clock.jump(0)
  machine.stop()
  finish()
  clock.jump(5000)
  assert.is(state.live, 90)
})

for (const [fault, counts, periodMs] of [
  ['rate-ignored', [40, 40, 20], 1000],
  ['all-at-once', [100], 1000],
  ['double-tick', [10, 10, 10, 10, 10, 10], 500],
  ['rate-13', [13, 13, 13], 1000],
  ['evacuation-slow', [5, 5, 5], 1000],
] as const)
  test(`fault ${fault} changes the bursts and nothing of what the node says`, () => {
    const { clock, state, machine } = run(100, 0, { conn_evict_rate: 10 }, [fault])
    clock.jump(2500)
    assert.equal(
      state.bursts,
      counts.map((count, tick) => ({ atMs: tick * periodMs, count })),
    )
    assert.is(machine.options?.connEvictRate, 10)
  })

test('fault skip-takeover-wait leaves the waiting out', () => {
  const { clock, machine } = run(5, 5, { conn_evict_rate: 5, sess_evict_rate: 1, wait_takeover: 60 }, [
    'skip-takeover-wait',
  ])
  clock.jump(1100)
  assert.is(machine.state, 'evicting_sessions')
})

test('fault evacuation-stuck keeps the first node evicting sessions, and only the first', () => {
  const { clock, machine, state } = run(0, 4, { wait_takeover: 1 }, ['evacuation-stuck'])
  clock.jump(600_000)
  assert.is(machine.state, 'evicting_sessions')
  assert.is(machine.currentSessions, 4)
  assert.is(state.sessions, 4)
  const other = evacuee(clock, 0, 4)
  const second = new Evacuation(other.target, clock, makeFaults(['evacuation-stuck']).emqx())
  second.start(options({ wait_takeover: 1 }), false)
  clock.jump(10_000)
  assert.is(second.state, 'prohibiting')
})

test.run()
