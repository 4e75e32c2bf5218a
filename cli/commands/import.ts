import { EXIT, usageError } from '#weir/errors/index.ts'
import type { ImportOptions } from '#weir/import/index.ts'
import { defineCommand } from '../command.ts'

export const importCommand = defineCommand({
  usage: 'import <recording>',
  summary: 'turn a recording of a real cluster into a record that "weir check" judges',
  examples: [
    ['import recorded/evacuation --out runs/evacuation', 'then "weir check runs/evacuation"'],
    [
      'import recorded/evacuation --out runs/evacuation --rate 10 --reconnect 1-5',
      'with what the recording does not say',
    ],
  ],
  options: (yargs) =>
    yargs
      .positional('recording', {
        type: 'string',
        demandOption: true,
        describe:
          'folder of an evacuation or a rebalance (events.csv, scrape.csv, states.txt) or of an operator run (clients.csv, counts.csv, watch.ndjson, cr.json): see docs/import.md',
      })
      .option('out', { type: 'string', demandOption: true, describe: 'folder to write the record to' })
      .option('node', {
        type: 'string',
        array: true,
        describe: 'node that was drained, by host or EMQX name (default: as recorded)',
      })
      .option('rate', { type: 'number', describe: 'conn_evict_rate as configured' })
      .option('wait-takeover', { type: 'number', describe: 'wait_takeover as configured, in seconds' })
      .option('wait-health-check', {
        type: 'number',
        describe: 'wait_health_check as configured, in seconds (EMQX 5)',
      })
      .option('abs-conn-threshold', {
        type: 'number',
        describe: 'of a rebalance: abs_conn_threshold as configured (1000 when only the other is given)',
      })
      .option('rel-conn-threshold', {
        type: 'number',
        describe: 'of a rebalance: rel_conn_threshold as configured (1.1 when only the other is given)',
      })
      .option('reconnect', {
        type: 'string',
        describe: 'wait of the clients before they reconnect, in seconds: "1", or "1-5" for a range',
      }),
  async run(args, output) {
    const { importRecording } = await import('#weir/import/index.ts')
    const { refuseUsedOutDir } = await import('../run/out-dir.ts')
    refuseUsedOutDir(args.out)
    await importRecording(args.recording, args.out, toldBy(args))
    output.print(`${args.out}: judge it with "weir check ${args.out}"`)
    return EXIT.pass
  },
})

interface Told {
  node?: string[]
  rate?: number
  waitTakeover?: number
  waitHealthCheck?: number
  absConnThreshold?: number
  relConnThreshold?: number
  reconnect?: string
}

function toldBy(told: Told): ImportOptions {
  const { node, rate, waitTakeover, waitHealthCheck, absConnThreshold, relConnThreshold, reconnect } = told
  const seconds = { '--wait-takeover': waitTakeover, '--wait-health-check': waitHealthCheck }
  if (rate !== undefined && !(rate > 0)) throw usageError('--rate must be above 0')
  for (const [name, value] of Object.entries(seconds))
    if (value !== undefined && !(value >= 0)) throw usageError(`${name} must be 0 or more seconds`)
  if (absConnThreshold !== undefined && !(absConnThreshold > 0))
    throw usageError('--abs-conn-threshold must be above 0')
  if (relConnThreshold !== undefined && !(relConnThreshold > 1))
    throw usageError('--rel-conn-threshold must be above 1')
  return {
    nodes: node,
    connEvictRate: rate,
    waitTakeoverSeconds: waitTakeover,
    waitHealthCheckSeconds: waitHealthCheck,
    absConnThreshold,
    relConnThreshold,
    reconnectMs: reconnect === undefined ? undefined : waitIn(reconnect),
  }
}

function waitIn(text: string): { minMs: number; maxMs: number } {
  const [least, most] = /^(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?$/.exec(text)?.slice(1) ?? []
  const minMs = Number(least) * 1000
  const maxMs = Number(most ?? least) * 1000
  if (least === undefined || maxMs < minMs)
    throw usageError(`--reconnect must be seconds such as 1, or a range such as 1-5, not "${text}"`)
  return { minMs, maxMs }
}
