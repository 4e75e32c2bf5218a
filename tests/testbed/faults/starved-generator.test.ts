import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { starve } from '#weir/testbed/faults/starved-generator.ts'

/** T: stopped by a signal (proc_pid_stat(5)). */
const stateOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0]

async function until(look: () => boolean): Promise<void> {
  for (const endMs = Date.now() + 30_000; !look(); ) {
    if (Date.now() > endMs) throw new Error('never came')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

test('the harness is stopped again and again from the first evacuation on, and left running', async () => {
  const harness = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const pid = harness.pid ?? 0
  try {
    const first = Promise.withResolvers<void>()
    const stop = starve({ harnessPid: pid, firstEvacuation: first.promise })
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.is.not(stateOf(pid), 'T')
    first.resolve()
    for (let times = 0; times < 2; times += 1) {
      await until(() => stateOf(pid) === 'T')
      await until(() => stateOf(pid) !== 'T')
    }
    await until(() => stateOf(pid) === 'T')
    stop()
    await until(() => stateOf(pid) !== 'T')
  } finally {
    harness.kill('SIGKILL')
  }
})

test('a harness that is gone is no error', async () => {
  const harness = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => harness.once('exit', resolve))
  const stop = starve({ harnessPid: harness.pid ?? 0, firstEvacuation: Promise.resolve() })
  await new Promise((resolve) => setTimeout(resolve, 20))
  stop()
})

test.run()
