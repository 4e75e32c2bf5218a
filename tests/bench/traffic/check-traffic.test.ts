import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkTraffic } from '#weir/bench/traffic/check-traffic.ts'
import type { PublishSpec } from '#weir/bench/types.ts'
import { fleetSpec } from '../support/fleet-spec.ts'
import { publisher } from '../support/traffic-fleet.ts'

const check = (publish: Partial<PublishSpec>) => checkTraffic(fleetSpec({ groups: [publisher(publish)] }))

test('traffic that cannot be is refused by name', () => {
  const wrong: [Partial<PublishSpec>, RegExp][] = [
    [{ topic: '' }, /cannot be published to/],
    [{ topic: 'a/+' }, /cannot be published to/],
    [{ topic: '#' }, /cannot be published to/],
    [{ everyMs: -1 }, /everyMs is -1/],
    [{ everyMs: Number.NaN }, /everyMs is NaN/],
    [{ limit: 1.5 }, /limit is 1.5/],
    [{ inFlight: 0 }, /inFlight is 0/],
    [{ topicAlias: 0 }, /topicAlias is 0/],
    [{ payload: { kind: 'lines', lines: [] } }, /no lines/],
    [{ payload: { kind: 'ledger', bytes: 19 } }, /from 20 \(the ledger's header\)/],
    [{ payload: { kind: 'random', bytes: 2 ** 30 } }, /from 0 to/],
  ]
  for (const [publish, message] of wrong) assert.throws(() => check(publish), message)
})

test('what can be is let through', () => {
  check({})
  check({ everyMs: 0, limit: 0, inFlight: 65_535, topicAlias: 1, payload: { kind: 'random', bytes: 0 } })
})

test.run()
