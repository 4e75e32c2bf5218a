/** The lines of emulated nodes against those of the contract: 4.4 as its samples have them, 5.8.9 as a real node printed them. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { listenersOf } from '#weir/testbed/emqx/http/listeners.ts'
import { EmqxLog, type LogOptions } from '#weir/testbed/emqx/log/emqx-log.ts'
import { licenceLine, evacuationLines as lines, servingLines } from '#weir/testbed/emqx/log/lines.ts'
import { type LogSettings, settingsOf4, settingsOf5 } from '#weir/testbed/emqx/log/settings.ts'
import { profileOf } from '#weir/testbed/emqx/version.ts'

const NODE = 'emqx@emqx-core-5d87d4c6bd-0.emqx-headless.default.svc.cluster.local'
const WARNING: LogSettings = { toConsole: true, level: 'warning', formatter: 'text' }

function log(api: LogOptions['api'], settings: Partial<LogSettings> = {}, atMs = 1_796_042_985_257.798) {
  const printed: string[] = []
  const state = { nowMs: atMs }
  const own = new EmqxLog({
    ...{ api, print: (line: string) => void printed.push(line), now: () => state.nowMs },
    settings: () => ({ ...WARNING, ...settings }),
  })
  return { log: own, printed, state }
}

const options = {
  connEvictRate: 10,
  sessEvictRate: 10,
  waitTakeoverSeconds: 1,
  waitHealthCheckSeconds: 2,
  migrateTo: undefined,
  serverReference: undefined,
}

test('5.8.9 in text', () => {
  const { log: own, printed } = log('v5')
  own.write(lines.started(options))
  own.write(lines.evictConnections(40, 10))
  own.write(lines.connectionsGone())
  own.write(lines.takeoverWaited())
  own.write(lines.evictSessions(40, 10, [NODE]))
  own.write(lines.sessionsGone())
  own.write(licenceLine('bench-0044', '10.244.1.7:51022'))
  const at = '2026-11-30T12:49:45.257798+00:00'
  assert.equal(printed, [
    `${at} [warning] msg: node_evacuation_started, opts: #{conn_evict_rate => 10,migrate_to => undefined,server_reference => undefined,sess_evict_rate => 10,wait_health_check => 2,wait_takeover => 1}`,
    `${at} [warning] msg: node_evacuation_evict_conns, conn_evict_rate: 10, count: 40`,
    `${at} [warning] msg: node_evacuation_evict_conns_done`,
    `${at} [warning] msg: node_evacuation_waiting_takeover_done`,
    `${at} [warning] msg: node_evacuation_evict_sessions, target_nodes: ['${NODE}'], session_evict_rate: 10, session_count: 40`,
    `${at} [warning] msg: node_evacuation_evict_sessions_over`,
    `${at} [error] tag: LICENSE, clientid: bench-0044, msg: connection_rejected_due_to_license_limit_reached, peername: 10.244.1.7:51022`,
  ])
})

test('5.8.9 in JSON: an event a line, its time in microseconds', () => {
  const { log: own, printed } = log('v5', { formatter: 'json' })
  own.write(lines.started(options))
  own.write(lines.evictConnections(40, 10))
  assert.equal(
    printed.map((line) => JSON.parse(line)),
    [
      {
        ...{ time: 1_796_042_985_257_798, level: 'warning', msg: 'node_evacuation_started' },
        opts: {
          ...{ conn_evict_rate: 10, migrate_to: 'undefined', server_reference: 'undefined' },
          ...{ sess_evict_rate: 10, wait_health_check: 2, wait_takeover: 1 },
        },
      },
      {
        ...{ time: 1_796_042_985_257_798, level: 'warning', msg: 'node_evacuation_evict_conns' },
        ...{ conn_evict_rate: 10, count: 40 },
      },
    ],
  )
})

test('4.4, free text', () => {
  const { log: own, printed } = log('v4')
  own.write(lines.started(options))
  own.write(lines.evictConnections(990, 10))
  own.write(lines.evictSessions(40, 10, [NODE]))
  own.write(licenceLine('c', '1.2.3.4:5'))
  const at = '2026-11-30T12:49:45.257798+00:00'
  assert.equal(printed, [
    `${at} [warning] Node evacuation started`,
    `${at} [warning] Node evacuation evict_conns, count=990, conn_evict_rate=10`,
    `${at} [warning] Node evacuation evict_sessions, count=40, sess_evict_rate=10,target_nodes=['${NODE}']`,
  ])
})

test('a throttled line comes once a minute', () => {
  const { log: own, printed, state } = log('v5')
  for (const second of [0, 1, 59, 60, 61]) {
    state.nowMs = 1_000_000 + second * 1000
    own.throttled(licenceLine(`c${second}`, ''))
  }
  assert.equal(
    printed.map((line) => /clientid: (\w+)/.exec(line)?.[1]),
    ['c0', 'c60'],
  )
})

test('nothing is printed below the level, or where the console is off', () => {
  const { log: severe, printed } = log('v5', { level: 'error' })
  severe.write(lines.stopped())
  severe.write(licenceLine('c', ''))
  assert.is(printed.length, 1)
  const { log: off, printed: none } = log('v5', { toConsole: false })
  off.write(licenceLine('c', ''))
  assert.equal(none, [])
})

test('settings: 4.4 by its environment, 5 by HOCON and its environment', () => {
  const env = (...pairs: [string, string][]) => new Map(pairs)
  assert.equal(settingsOf4(env(['EMQX_LOG__TO', 'console'])), WARNING)
  assert.is(settingsOf4(env(['EMQX_LOG__TO', 'file'])).toConsole, false)
  assert.is(settingsOf4(env(['EMQX_LOG__TO', 'both'], ['EMQX_LOG__LEVEL', 'debug'])).level, 'debug')
  assert.equal(settingsOf5(env(), ['', 'listeners {}']), WARNING)
  const json = 'log { console { enable = true, level = error, formatter = json } }'
  assert.equal(settingsOf5(env(), [json]), { toConsole: true, level: 'error', formatter: 'json' })
  assert.is(settingsOf5(env(), [json, 'log.console.level = debug']).level, 'debug', 'the later one')
  assert.is(settingsOf5(env(['EMQX_LOG__CONSOLE__ENABLE', 'false']), [json]).toConsole, false)
  assert.equal(settingsOf5(env(), ['log {']), WARNING, 'a document that is none')
})

test('5 says where it listens and that it runs', () => {
  assert.equal(servingLines('5.8.9', '127.91.7.11', listenersOf(profileOf('5.8.9')!, { env: new Map() })), [
    'Listener ssl:default on 127.91.7.11:8883 started.',
    'Listener tcp:default on 127.91.7.11:1883 started.',
    'Listener ws:default on 127.91.7.11:8083 started.',
    'Listener wss:default on 127.91.7.11:8084 started.',
    'Listener http:dashboard on 127.91.7.11:18083 started.',
    'EMQX 5.8.9 is running now!',
  ])
})

test.run()
