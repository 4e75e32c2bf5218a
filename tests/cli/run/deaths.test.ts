/** Processes of weir's that are killed during a run. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { childrenOf } from '../../support/processes.ts'
import { clear, endedBy, failures, verdictOf } from './ended-by.ts'

test.after(clear)

/** A run that did not notice would end by the deadline of its step. */
const reasonOf = (dir: string): string =>
  JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')).end.reason ?? ''

test('kill -9 of the embedded cluster: it is the headline, nothing fails, weir ends before its step would', async () => {
  const { dir, code, said } = await endedBy('cluster-killed', '  upgraded  ', (child) => {
    const [cluster] = childrenOf(child, 'embedded/child.js')
    setTimeout(() => process.kill(cluster!, 'SIGKILL'), 4000)
  })
  const verdict = verdictOf(dir)
  assert.match(verdict.headline, /^The embedded cluster died \(SIGKILL\) at \+/)
  assert.equal(failures(verdict), [], said)
  assert.is(code, 3, said)
  assert.not.match(reasonOf(dir), /timed out/)
  const events = readFileSync(join(dir, 'events.ndjson'), 'utf8')
  assert.match(events, /"type":"process-end","process":"embedded cluster"/)
})

test('kill -9 of a process with a part of the fleet: the same', async () => {
  const { dir, code, said } = await endedBy(
    'shard-killed',
    '  upgraded  ',
    (child) => {
      const [shard] = childrenOf(child, 'hosts/child-main.js')
      assert.ok(shard, 'the fleet runs in child processes')
      setTimeout(() => process.kill(shard!, 'SIGKILL'), 2000)
    },
    // So few that the fleet does not fit into the harness; the cluster keeps what it has.
    ({ pid }) => void execFileSync('prlimit', ['--pid', String(pid), '--nofile=160:160']),
  )
  const verdict = verdictOf(dir)
  assert.match(verdict.headline, /^A worker of the client fleet died \(it was ended by SIGKILL\)/)
  assert.equal(failures(verdict), [], said)
  assert.is(code, 3, said)
  assert.not.match(reasonOf(dir), /timed out/)
})

test.run()
