import { spawn } from 'node:child_process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const SCRIPT = `
  import { onInterrupt } from '${import.meta.resolve('#weir/cli/run/signals.ts')}'
  const { signal } = onInterrupt()
  signal.addEventListener('abort', () => console.log('told to stop'))
  setInterval(() => undefined, 1000)
  console.log('ready')
`

for (const kill of ['SIGINT', 'SIGTERM'] as const)
  test(`the first ${kill} aborts, the second ends the process at once`, async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const said: string[] = []
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
    child.stdout.on('data', (chunk) => {
      said.push(String(chunk).trim())
      // A second one at once is the same: npm and timeout(1) pass on what the whole group receives.
      child.kill(kill)
      child.kill(kill)
      if (said.length === 2) setTimeout(() => child.kill(kill), 400)
    })
    assert.is(await ended, 130)
    assert.equal(said, ['ready', 'told to stop'])
  })

test.run()
