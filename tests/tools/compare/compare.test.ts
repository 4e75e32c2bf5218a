import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bareNode } from '#weir/tools/compare/peers/bare-node.ts'
import { floor } from '#weir/tools/compare/peers/floor.ts'
import { mqttjs } from '#weir/tools/compare/peers/mqttjs.ts'
import { weir } from '#weir/tools/compare/peers/weir.ts'
import { testWith } from '../../support/programs.ts'

const script = fileURLToPath(import.meta.resolve('#weir/tools/compare/compare.ts'))

/** The rows of a run with few clients: what every peer got to. Figures of so few mean nothing, so none is looked at. */
async function compare(...args: string[]): Promise<{ text: string; rounds: Record<string, unknown>[] }> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    script,
    ...['--rounds', '1', '--rest', '0.5', ...args],
  ])
  const rounds = stderr
    .split('\n')
    .filter((line) => line.startsWith('round '))
    .map((line) => JSON.parse(line.slice(line.indexOf('{'))) as Record<string, unknown>)
  return { text: stdout, rounds }
}

const peers: string[] = []
for (const peer of [weir, bareNode, mqttjs, floor])
  if ((await peer.missing()) === undefined) peers.push(peer.name)
const check = testWith('mosquitto')

check('every peer that is here connects and publishes, and the table names them', async () => {
  const few = ['--clients', '40', '--messages', '400', '--peers', peers.join(',')]
  const { text, rounds } = await compare('--only', 'connect,publish', ...few)
  for (const peer of peers) assert.match(text, `'${peer}'`)
  assert.is(rounds.length, 2 * peers.length)
  for (const round of rounds) {
    assert.is(round.failure, undefined)
    assert.ok((round.cpuSeconds as number) >= 0)
  }
})

check('all come back to a broker that was killed', async () => {
  const { rounds } = await compare('--only', 'return', '--returning', '40', '--peers', 'weir,MQTT.js')
  assert.is(rounds.length, 4)
  for (const round of rounds) {
    assert.is(round.failure, undefined)
    assert.ok((round.seconds as number) > 0)
  }
})

test.run()
