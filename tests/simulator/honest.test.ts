import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import { quickEmqx5, quickened, type Settings, settingsOf, simulate, withEmqx5 } from './index.ts'

/** What an honest run may leave open, and why: the numbers of the run do not suffice to tell. */
const STATED: Record<string, RegExp> = {
  'eviction-slope': /its drain took only|its drain has only|no gauge of an old node falls/,
  'eviction-floor': /no node evicted more than \d+ ticks/,
  'session-kept': /no persistent client was evicted/,
  messages: /the fleet has no publishers/,
  wills: /the fleet has no wills|no will was due/,
  suback: /no client had to subscribe/,
  'drained-before-delete': /which may have left in between/,
}

const RUNS = 200

/** Fails on the first false alarm; returns how often each assertion stayed open. */
function judgeHonest(runs: number, settings: (seed: number) => Settings): Map<string, number> {
  const open = new Map<string, number>()
  for (let seed = 1; seed <= runs; seed++)
    for (const { id, outcome, sentence, settle } of judge(simulate(settings(seed))).findings) {
      if (outcome === 'pass') continue
      assert.is(outcome, 'inconclusive', `seed ${seed}: ${id} cries wolf: ${sentence}`)
      assert.match(sentence, STATED[id] ?? /never/, `seed ${seed}: ${id} stays open: ${sentence}`)
      assert.ok(settle, `seed ${seed}: ${id} does not say what would settle it`)
      open.set(id, (open.get(id) ?? 0) + 1)
    }
  return open
}

test(`${RUNS} honest runs with random numbers: nothing fails, and nothing stays open but for a stated reason`, () => {
  const open = judgeHonest(RUNS, settingsOf)
  assert.ok((open.get('drained-before-delete') ?? 0) <= 2, 'a count that came too early is rare')
})

test('honest runs with the short numbers of blue-green-quick: the same', () => {
  judgeHonest(60, (seed) => quickened(settingsOf(seed)))
})

test(`${RUNS} honest runs of EMQX 5, half of them with replicants: the same`, () => {
  let replicants = 0
  judgeHonest(RUNS, (seed) => {
    const settings = withEmqx5(settingsOf(seed))
    if (settings.parameters.servingNodes !== undefined) replicants++
    return settings
  })
  assert.ok(replicants > RUNS / 3 && replicants < (2 * RUNS) / 3 + 1, `${replicants} runs with replicants`)
})

test('honest runs with the short numbers of blue-green-v5-quick: the same', () => {
  judgeHonest(60, (seed) => quickEmqx5(quickened(settingsOf(seed))))
})

test('an honest run of EMQX 5 shows what is its own: two sets a side, a wait, mixed endpoints, cores that are not evacuated', () => {
  const seed = Array.from({ length: 50 }, (_, i) => i + 1).find((one) => {
    const { servingNodes = 0, nodes } = withEmqx5(settingsOf(one)).parameters
    return servingNodes >= 2 && nodes - servingNodes >= 2
  })
  assert.ok(seed)
  const record = simulate(withEmqx5(settingsOf(seed)))
  const of = <T extends string>(type: T) => record.events.filter((event) => event.type === type)
  assert.equal(new Set(of('set').map((event) => 'name' in event && event.name)).size, 4)
  assert.ok(
    of('pod').some((event) => event.type === 'pod' && event.role === 'replicant' && event.node === ''),
  )
  const evacuated = of('evacuation').flatMap((event) =>
    event.type === 'evacuation' ? event.evacuations : [],
  )
  assert.ok(evacuated.some(({ state }) => state === 'waiting_health_check'))
  assert.ok(evacuated.every(({ node }) => node.startsWith('emqx@10.')))
  const isMixed = (ready: string[]) =>
    ready.some((pod) => pod.includes('54fc496fb4')) && ready.some((pod) => pod.includes('7d45684f66'))
  assert.ok(of('endpoints').some((event) => event.type === 'endpoints' && isMixed(event.ready)))
})

test('a random honest run is a whole record: every client came, moved once and stayed', () => {
  const record = simulate(settingsOf(3))
  const { clients } = record.manifest.parameters ?? { clients: 0 }
  assert.is(record.fleet.ids.length, clients)
  assert.is(record.manifest.end?.how, 'completed')
  assert.ok(record.scrapes.length > 20)
  // Arrival has a planned instant, an attempt and a connection; the move an end, an attempt and a connection; then it leaves.
  // Clients that subscribe do so on arrival, and again after the move when they have no session.
  const subscriptions = record.fleet.group.reduce((sum, index) => {
    const { subscribed, persistent } = record.fleet.groups[index]!
    return sum + (subscribed ? (persistent ? 1 : 2) : 0)
  }, 0)
  assert.is(record.clients.length, 7 * clients + subscriptions)
})

test.run()
