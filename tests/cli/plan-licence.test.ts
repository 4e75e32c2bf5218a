/** Whose clients count against a licence, and how many are admitted: docs/contract/emqx.md#licence. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import yargs from 'yargs'
import { licenceUse } from '../../cli/plan/licence.ts'
import { planOptions } from '../../cli/plan/options.ts'

const use = (...args: string[]) =>
  licenceUse(planOptions(yargs(['--clients', '1000', ...args])).parseSync() as never)

test('connections count up to 5.8.4, and sessions from 5.8.5 on', () => {
  const of = (version: string) => use('--licence', '1200', '--away', '150', '--emqx', version)
  assert.equal(of('5.8.4'), { limit: 1200, admitted: 1320, counts: 'connections', used: 1000 })
  assert.equal(of('5.8.5'), { limit: 1200, admitted: 1320, counts: 'sessions', used: 1150 })
  assert.equal(of('6.0.1')?.used, 1150)
})

test('without a version the newest is taken', () => {
  assert.is(use('--licence', '1200', '--away', '150')?.counts, 'sessions')
  assert.is(use(), undefined)
})

test('a tenth more is admitted than the licence is for, by EMQX 5 alone', () => {
  assert.is(use('--licence', '950')?.admitted, 1045)
  assert.throws(() => use('--licence', '950', '--away', '46'), /1045, 1 fewer than the 1046/)
  assert.is(use('--licence', '950', '--away', '46', '--emqx', '5.8.4')?.used, 1000)
  assert.throws(() => use('--licence', '950', '--dialect', 'v1beta4'), /950 connections/)
  assert.throws(() => use('--licence', '25'), /admits 25, 975 fewer/)
})

test('a version that the resource does not run', () => {
  assert.throws(() => use('--emqx', '5.8.6', '--dialect', 'v1beta4'), /before 5\.0\.0/)
  assert.throws(() => use('--emqx', '5.0.9'), /5\.1\.1 and newer/)
})

test.run()
