import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EngineName } from '#weir/bench/types.ts'
import { projectFile } from '../../support/project-file.ts'

/** Whether a process that runs clients of one engine has loaded the mqtt package. */
function loads(engine: EngineName): boolean {
  const script = `
    import { createRequire } from 'node:module'
    import { startShard } from ${JSON.stringify(import.meta.resolve('#weir/tests/bench/support/one-shard.ts'))}
    import { until } from ${JSON.stringify(import.meta.resolve('#weir/tests/bench/support/until.ts'))}
    const shard = startShard(1, { engine: '${engine}', group: { name: 'g', share: 1, protocol: '5', persistent: false,
      subscribe: [{ topic: 'a', qos: 1 }] } })
    await until('it tried', () => shard.counters().failed > 0)
    await shard.stop()
    const { cache } = createRequire(process.cwd() + '/')
    console.log(Object.keys(cache).some((file) => file.includes('/node_modules/mqtt/')))
  `
  const root = fileURLToPath(projectFile('.'))
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script]
  return execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }).trim() === 'true'
}

test('the mqtt package is loaded for its own engine, and not for the lean one', () => {
  assert.is(loads('mqttjs'), true)
  assert.is(loads('lean'), false)
})

test.run()
