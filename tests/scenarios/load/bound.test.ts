import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { WeirError } from '#weir/errors/index.ts'
import { loadScenario } from '#weir/scenarios/index.ts'

const quick = (...bound: string[]) => loadScenario('blue-green-quick', { bound })
const boundsOf = (id: string, ...bound: string[]) =>
  quick(...bound).assert.find((one) => one.id === id)?.bounds

function refused(bound: string, code: string, words: string): void {
  try {
    quick(bound)
  } catch (error) {
    assert.instance(error, WeirError)
    assert.is((error as WeirError).code, code)
    assert.ok((error as WeirError).message.includes(words), (error as WeirError).message)
    return
  }
  assert.unreachable(`${bound} was taken`)
}

test('a bound of the command line is the scenario’s, the others stay', () => {
  const before = boundsOf('downtime')
  assert.equal(boundsOf('downtime', 'downtime.mostSeconds=5'), { ...before, mostSeconds: 5 })
  assert.equal(boundsOf('downtime', 'downtime.mostSeconds=5', 'downtime.graceSeconds=0'), {
    ...before,
    mostSeconds: 5,
    graceSeconds: 0,
  })
  assert.equal(boundsOf('downtime'), before)
})

test('what does not fit is told with its flag and what would', () => {
  refused('downtime', 'WEIR_SET_INVALID', '--bound downtime: write it as assertion.bound=number')
  refused('downtim.mostSeconds=5', 'WEIR_ASSERTION_UNKNOWN', 'no assertion is called "downtim"')
  refused('downtime.seconds=5', 'WEIR_SET_INVALID', 'the bounds of downtime are graceSeconds, mostSeconds')
  for (const value of ['soon', '', '-1', 'Infinity'])
    refused(`downtime.mostSeconds=${value}`, 'WEIR_SET_INVALID', `"${value}" is not a number from 0`)
  refused('balance.staleSeconds=5', 'WEIR_SET_INVALID', 'the scenario does not ask for balance')
})

test.run()
