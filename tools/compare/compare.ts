/**
 * weir beside other load tools, on the same broker, in turns: one command, ratios with their spread. Every peer is measured
 * from outside, and connections are counted at the broker.
 *
 * usage: node dist/tools/compare/compare.js [--clients 10000] [--messages 200000] [--returning 5000] [--rounds 3]
 *                                      [--rest 4] [--only connect,publish,return]      (Linux; wants mosquitto)
 */
import { parseArgs } from 'node:util'
import { SinkBroker } from '../benchmarks/sink-broker.ts'
import { type Measured, measureConnect, measurePublish, measureReturn, perConnection } from './measure.ts'
import type { Peer } from './peer.ts'
import { peers } from './peers/index.ts'
import { printTable, type Rounds } from './table.ts'

/** Few enough for mosquitto's window, many enough that neither side waits for the other. */
const PUBLISHERS = 20
const IN_FLIGHT = 100
const PAYLOAD_BYTES = 64
const AWAY_MS = [1500, 3000]

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '10000' },
    messages: { type: 'string', default: '200000' },
    returning: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '3' },
    /** Seconds between the last connection and the measurement. */
    rest: { type: 'string', default: '4' },
    only: { type: 'string', default: 'connect,publish,return' },
    peers: { type: 'string' },
  },
})
const rounds = Number(values.rounds)
const restMs = Number(values.rest) * 1000
const wanted = values.only.split(',')

async function installed(): Promise<Peer[]> {
  const found: Peer[] = []
  for (const peer of peers) {
    const reason = await peer.missing()
    if (reason === undefined) found.push(peer)
    else process.stdout.write(`without ${peer.name}: ${reason}\n`)
  }
  return found.filter(({ name }) => !values.peers || values.peers.split(',').includes(name))
}

/** Every peer once, then every peer again. */
async function interleave(
  those: readonly Peer[],
  measure: (peer: Peer) => Promise<Measured>,
): Promise<Rounds> {
  const results = new Map<string, Measured[]>(those.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++)
    for (const peer of those) {
      const measured = await measure(peer)
      results.get(peer.name)!.push(measured)
      process.stderr.write(`round ${round + 1}, ${peer.name}: ${JSON.stringify(measured)}\n`)
    }
  return results
}

/** A broker of its own for each figure: on a port that was used before, the kernel's search for a free one costs whoever comes last. */
async function onFreshSink(measure: (sink: SinkBroker) => Promise<Measured>): Promise<Measured> {
  const sink = await SinkBroker.start()
  try {
    return await measure(sink)
  } finally {
    await sink.stop()
  }
}

const those = await installed()
if (wanted.includes('connect')) {
  const clients = Number(values.clients)
  const connect = (peer: Peer, number: number) =>
    onFreshSink((sink) => measureConnect(peer, sink, { clients: number, restMs }))
  printTable(
    `${clients} connections made and held: CPU s and MiB of the whole process, and what each connection adds to a process with one`,
    await interleave(those, async (peer) =>
      perConnection(await connect(peer, 1), await connect(peer, clients), clients),
    ),
    ['cpuSeconds', 'microsecondsEach', 'residentMiB', 'kibEach'],
  )
}
if (wanted.includes('publish')) {
  const messages = Number(values.messages)
  const task = {
    kind: 'publish',
    clients: PUBLISHERS,
    messages,
    payloadBytes: PAYLOAD_BYTES,
    inFlight: IN_FLIGHT,
  } as const
  printTable(
    `${messages} messages of ${PAYLOAD_BYTES} bytes, QoS 1, published and acknowledged: CPU s`,
    await interleave(those, (peer) =>
      onFreshSink((sink) => measurePublish(peer, { ...task, port: sink.port })),
    ),
    ['cpuSeconds', 'seconds'],
  )
}
if (wanted.includes('return'))
  for (const awayMs of AWAY_MS) {
    const clients = Number(values.returning)
    const able = those.filter(({ name }) => name !== 'C floor' && name !== 'bare sockets')
    printTable(
      `${clients} clients, the broker killed and back after ${awayMs / 1000} s: seconds until all are back, CPU s`,
      await interleave(able, (peer) =>
        onFreshSink((sink) => measureReturn(peer, sink, { clients, restMs }, awayMs)),
      ),
      ['seconds', 'cpuSeconds'],
    )
  }
