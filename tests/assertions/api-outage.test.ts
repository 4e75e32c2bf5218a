/** EMQX's API out, and the Service empty: what released operators of v2beta1 do, noticed a moment before or after. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { apiOutage } from '#weir/assertions/deviations/api-outage.ts'
import type { RecordEvent } from '#weir/facts/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { emqx5Run, markT, S, withEvents } from './checks/honest-run.ts'

const base = emqx5Run()
/** The Service leads to new pods by then. */
const SWITCHED = markT(base, 'upgrade-done') - S

const failure = (t: number, api: 'nodes' | 'clients' = 'nodes'): RecordEvent => ({
  ...{ t, type: 'api-failure', via: 'emqx-0', api, error: 'HTTP 503' },
})

function shows(...failures: RecordEvent[]): boolean {
  const { service } = base.events.find((event) => event.type === 'endpoints')!
  const empty: RecordEvent = { t: SWITCHED, type: 'endpoints', service, ready: [] }
  return apiOutage.shows(viewOf(withEvents(base, empty, ...failures)))
}

test('the failure is noted before the Service is empty, or at the next question', () => {
  const { pollIntervalSeconds } = base.manifest.parameters!
  assert.is(shows(failure(SWITCHED - 0.5 * S)), true)
  assert.is(shows(failure(SWITCHED + pollIntervalSeconds * S)), true)
})

test('a failure long before or after, or of something else, explains nothing', () => {
  const { pollIntervalSeconds } = base.manifest.parameters!
  assert.is(shows(), false)
  assert.is(shows(failure(SWITCHED - 3 * S)), false)
  assert.is(shows(failure(SWITCHED + 3 * pollIntervalSeconds * S)), false)
  assert.is(shows(failure(SWITCHED - 0.5 * S, 'clients')), false)
})

test.run()
