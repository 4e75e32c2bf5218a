/** Rates that change on the way: an evacuation keeps those with which it begins. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { askedOf, mostRate, ratesOf } from '#weir/assertions/evidence/requested.ts'
import type { RatesFrom } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { changed, honestRun, S, saysOf } from '../checks/honest-run.ts'

const base = honestRun()
const view = viewOf(base)
const [first, second] = view.evacuations
/** While the first node is evacuated. */
const HALFWAY = first!.firstSeenT + 2 * S

/** The honest run, of a resource whose rates were others at first, or are others from `t` on. */
function withRates(rates: RatesFrom[]): RunRecord {
  const parameters = base.manifest.parameters!
  const most = (rate: 'connEvictRate' | 'sessEvictRate') => Math.max(...rates.map((one) => one[rate]))
  const highest = { connEvictRate: most('connEvictRate'), sessEvictRate: most('sessEvictRate') }
  return {
    ...base,
    manifest: { ...base.manifest, parameters: { ...parameters, ...highest, rates } },
  }
}
const at = (t: number, rate: number): RatesFrom => ({ t, connEvictRate: rate, sessEvictRate: rate })

test('a node may have the rates that were asked for when its evacuation began, and no others', () => {
  const run = viewOf(withRates([at(0, 10), at(HALFWAY, 4)]))
  assert.equal(
    ratesOf(run, first!.node).map(({ connEvictRate }) => connEvictRate),
    [10],
  )
  assert.equal(
    ratesOf(run, second!.node).map(({ connEvictRate }) => connEvictRate),
    [4],
  )
  assert.equal([mostRate(run, first!.node), mostRate(run, second!.node)], [10, 4])
  assert.is(askedOf(run).connEvictRate, 4, 'of all of them the lowest')
  assert.is(mostRate(run, -1), 10, 'a node that nobody saw evacuated may have had any')
})

test('an operator that goes on with the old rate at the next node is caught, by what it says and by what it does', () => {
  const record = withRates([at(0, 10), at(HALFWAY, 4)])
  assert.match(saysOf(record, 'status-shape').sentence, /connection eviction rate is 10, but 4 was requested/)
  assert.is(saysOf(record, 'eviction-envelope').outcome, 'fail')
})

test('one that follows is not: neither while the first node keeps its rate, nor with the new one at the second', () => {
  const told = changed(withRates([at(0, 10), at(HALFWAY, 12)]), (event) =>
    event.type !== 'cr' && event.type !== 'evacuation'
      ? event
      : {
          ...event,
          evacuations: event.evacuations.map((one) =>
            one.node === view.nodes[second!.node]!.name
              ? { ...one, connectionEvictionRate: 12, sessionEvictionRate: 12 }
              : one,
          ),
        },
  )
  assert.is(saysOf(told, 'status-shape').outcome, 'pass', saysOf(told, 'status-shape').sentence)
  assert.is(saysOf(told, 'eviction-envelope').outcome, 'pass')
  assert.is(saysOf(told, 'eviction-floor').outcome, 'pass')
})

test.run()
