/** --fleet job: what is wrong is said in one line, before anything happens. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CATALOGUE } from '#weir/errors/index.ts'
import { weir } from '../weir.ts'

const JOB = ['--fleet', 'job']
const ON_PLANE = ['--testbed', 'control-plane']

const WRONG: [args: string[], words: RegExp][] = [
  [JOB, /--fleet job needs --pods/],
  [[...JOB, '--pods', '0'], /--pods takes a whole number from 1, not 0/],
  [[...JOB, '--pods', '-2'], /--pods takes a whole number from 1, not -2/],
  [[...JOB, '--pods', '1.5'], /--pods takes a whole number from 1, not 1\.5/],
  [[...JOB, '--pods', 'many'], /--pods takes a number/],
  [[...JOB, '--pods', '11'], /--pods 11 is more than the 10 clients of the fleet: use at most 10/],
  [[...JOB, '--pods', '2'], /the embedded cluster has no Job controller/],
  [
    [...JOB, '--pods', '2', '--testbed', 'embedded'],
    /use --testbed control-plane or kind, or a cluster of your own/,
  ],
  [['--pods', '2'], /--pods is for a fleet in pods: add --fleet job/],
  [['--fleet-image', 'weir', ...ON_PLANE], /--fleet-image is for a fleet in pods: add --fleet job/],
  [['--fleet', 'pods'], /--fleet cannot be "pods": use one of "process", "job"/],
]

for (const [args, words] of WRONG)
  test(`weir run ${args.join(' ')}: one line`, async () => {
    const { code, stdout, stderr } = await weir([
      ...['run', 'blue-green-v5-quick', '--set', 'fleet.clients=10'],
      ...args,
    ])
    assert.is(code, CATALOGUE.WEIR_USAGE.exit, stderr)
    assert.is(stdout, '')
    assert.match(stderr, words)
    assert.match(stderr, /^weir: [^\n]+ \[WEIR_USAGE\]\n$/)
  })

test('fleet-pod is in no help, and is for pods alone', async () => {
  const { stdout } = await weir(['--help'])
  assert.not.match(stdout, /fleet-pod/)
  const { code, stderr } = await weir(['fleet-pod'])
  assert.is(code, CATALOGUE.WEIR_USAGE.exit)
  assert.match(stderr, /fleet-pod runs in the pods that "weir run --fleet job" makes/)
})

test.run()
