import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { WeirError } from '#weir/errors/index.ts'
import { examineGenerator } from '#weir/preflight/machine/index.ts'
import type { GeneratorRequest, Readings } from '#weir/preflight/machine/readings.ts'
import { readings } from './readings.ts'

/** The lines of one check, on a machine that is fit but for what is said. */
async function found(check: string, changes: Partial<Readings>, request: Partial<GeneratorRequest> = {}) {
  const all = await examineGenerator({ clients: 3000, ...request }, async () => readings(changes))
  const others = all.filter((line) => line.check !== check && line.state !== 'ok')
  assert.equal(others, [], 'nothing else is amiss')
  return all.filter((line) => line.check === check)
}

/** What is tested: a state, and the words of the finding and of what to do. */
async function says(
  check: string,
  state: string,
  words: RegExp,
  changes: Partial<Readings> = {},
  request: Partial<GeneratorRequest> = {},
): Promise<void> {
  const [line, ...more] = await found(check, changes, request)
  assert.equal(more, [])
  assert.is(line!.state, state, JSON.stringify(line))
  assert.match(`${line!.says}: ${line!.todo ?? ''}`, words)
  if (state !== 'ok') assert.ok(line!.todo, 'it says what to do')
}

const target = { host: 'broker.example', port: 1883, address: '192.0.2.9', connectMs: 0.4 }
const loopback = { host: '127.0.0.1', port: 1883, address: '127.0.0.1', connectMs: 0.1 }

test('a machine that is fit: every check says so', async () => {
  const all = await examineGenerator({ clients: 3000 }, async () => readings({ targets: [target] }))
  assert.equal([...new Set(all.map(({ state }) => state))], ['ok'])
  assert.equal(
    all.map(({ check }) => check),
    ['descriptors', 'ports', 'backlog', 'conntrack', 'cpus', 'memory', 'clock', 'broker'],
  )
})

test('descriptors: in this process, over children, or not at all', async () => {
  await says('descriptors', 'ok', /enough for 3000 clients/)
  await says('descriptors', 'ok', /1000 per process: 3000 clients run in 4 child processes/, {
    descriptors: { limit: 1000, open: 30 },
  })
  await says('descriptors', 'missing', /too few even with 64.*ulimit -n 3094/, {
    descriptors: { limit: 80, open: 30 },
  })
  await says(
    'descriptors',
    'missing',
    /do not fit into 2 .*use 4/,
    { descriptors: { limit: 1000, open: 30 } },
    {
      processes: 2,
    },
  )
})

test('local ports: of one address, of several, too few, and addresses that cannot be', async () => {
  await says('ports', 'ok', /32768 to 60999, enough for 3000 clients:/)
  await says(
    'ports',
    'ok',
    /enough for 15000 clients, from 3 source addresses/,
    { targets: [loopback] },
    { clients: 15_000 },
  )
  await says(
    'ports',
    'warning',
    /15000 connections to broker.example:1883 from one address/,
    { targets: [target] },
    {
      clients: 15_000,
    },
  )
  await says(
    'ports',
    'missing',
    /30000 connections.*25408 of the .* are usable.*ip_local_port_range/,
    { targets: [target] },
    {
      clients: 30_000,
    },
  )
  await says('ports', 'unknown', /is unknown/, { portRange: undefined } as unknown as Partial<Readings>)
  const sourceTrouble = new WeirError(
    'WEIR_PORTS',
    'this machine cannot connect from 192.0.2.7: name another',
  )
  await says('ports', 'missing', /192.0.2.7: name another/, { sourceTrouble })
})

test('backlog: of brokers on this machine', async () => {
  await says('backlog', 'warning', /128 connects.*somaxconn/, { somaxconn: 128 })
  await says('backlog', 'ok', /depends on the brokers' machines/, { somaxconn: 128, targets: [target] })
  await says('backlog', 'warning', /128/, { somaxconn: 128, targets: [target, loopback] })
})

test('conntrack: none, room, little room, no room', async () => {
  await says('conntrack', 'ok', /none/, { conntrack: undefined } as unknown as Partial<Readings>)
  await says('conntrack', 'warning', /of 4000 entries.*nf_conntrack_max=8192/, {
    conntrack: { max: 4000, count: 500 },
  })
  await says('conntrack', 'missing', /3500 of 4000 entries are used.*nf_conntrack_max=16384/, {
    conntrack: { max: 4000, count: 3500 },
  })
})

test('CPUs: one, and busy ones', async () => {
  await says('cpus', 'warning', /at least 2 CPUs/, { cpus: 1 })
  await says('cpus', 'warning', /load average 5.0.*until the load drops/, { load: 5 })
})

test('memory: enough, tight, too little; children count', async () => {
  const mib = (number: number) => ({ availableBytes: number * 2 ** 20 })
  await says('memory', 'ok', /145 MiB; 300 MiB are available/, mib(300))
  await says('memory', 'warning', /145 MiB; 160 MiB/, mib(160))
  await says('memory', 'missing', /145 MiB; 100 MiB.*fewer clients/, mib(100))
  await says('memory', 'missing', /365 MiB; 300 MiB/, mib(300), { processes: 2 })
})

test('clock: one that is being set, and one that is slow to read', async () => {
  await says('clock', 'warning', /moved -40 ms against.*settle/, {
    clock: { watchedMs: 200, wallAheadMs: -40 },
  })
  await says('clock', 'warning', /clock source hpet/, {
    clock: { watchedMs: 200, wallAheadMs: 0, source: 'hpet' },
  })
})

test('brokers: each by name; no address, nobody there, slow', async () => {
  const trouble = new WeirError('WEIR_BROKER', 'the host "nope" does not resolve: check the name')
  const slow = { ...target, connectMs: 1003 }
  const { connectMs: _, ...closed } = loopback
  const lines = await found('broker', { targets: [target, { host: 'nope', port: 1, trouble }, closed, slow] })
  assert.equal(
    lines.map(({ state, says: what }) => `${state} ${what}`),
    [
      'ok broker.example:1883 (192.0.2.9) accepts connections, in 0.4 ms',
      'missing the host "nope" does not resolve',
      'missing no TCP connection to 127.0.0.1:1883',
      'warning broker.example:1883 (192.0.2.9) took 1003 ms to accept a connection',
    ],
  )
})

test.run()
