import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isSlowHandshake } from '#weir/bench/engine/lifecycle/lifecycle.ts'
import { startFleet } from '#weir/bench/fleet/start-fleet.ts'
import type { EngineName } from '#weir/bench/types.ts'
import { fleetSpec } from '../../support/fleet-spec.ts'
import { until } from '../../support/until.ts'

test('a handshake is slow from a second on', () => {
  assert.equal([1, 999, 1000, 3000].map(isSlowHandshake), [false, false, true, true])
})

/** A broker whose listen backlog takes two connects while it waits for a byte on its standard input; then it serves everybody. */
const STUCK = `
  const server = require('node:net').createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => (bytes[0] === 0x10 ? socket.write(Buffer.from([0x20, 3, 0, 0, 0])) : socket.end()))
  })
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, server.address().port + '\\n')
    require('node:fs').readSync(0, Buffer.alloc(1))
  })`

/**
 * Connects to a port of 127.0.0.1 that have sent a SYN, and nothing came back: state 02 of Linux's list. By local address, since the list
 * is read in pieces and may say one twice.
 */
function unanswered(port: number): number {
  const remote = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 02 `
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n')
  return new Set(rows.filter((row) => row.includes(remote)).map((row) => row.trim().split(/\s+/)[1])).size
}

for (const engine of ['lean', 'mqttjs'] satisfies EngineName[])
  test(`${engine}: connects that a full listen backlog dropped are counted apart, and succeed`, async () => {
    const broker = spawn(process.execPath, ['-e', STUCK], { stdio: ['pipe', 'pipe', 'ignore'] })
    try {
      const [port] = await once(broker.stdout, 'data')
      const spec = fleetSpec({ clients: 6, engine, targets: [{ host: '127.0.0.1', port: Number(port) }] })
      const fleet = await startFleet(spec, () => undefined)
      await until('four have no answer', () => unanswered(Number(port)) === 4)
      broker.stdin.end('!')
      await until('all are online', () => fleet.counters().online === 6)
      const { attempts, connected, slowHandshakes } = fleet.counters()
      await fleet.stop()
      assert.equal({ attempts, connected }, { attempts: 6, connected: 6 })
      // The two that the backlog took may be slow as well, on a machine that is very busy.
      assert.ok(slowHandshakes >= 4, `${slowHandshakes} slow handshakes`)
    } finally {
      broker.kill()
    }
  })

test.run()
