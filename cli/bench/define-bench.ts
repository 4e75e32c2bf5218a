import { optionsOf } from '#weir/bench/command/options.ts'
import type { BenchRequest } from '#weir/bench/index.ts'
import { defineCommand, type Example } from '../command.ts'
import type { Output } from '../output.ts'
import { withMqttUser } from '../own-cluster/credentials.ts'
import { onInterrupt } from '../run/signals.ts'
import { type BenchOptions, benchParser, type Given, givenFlags } from './parse.ts'

const EXAMPLES: Record<BenchRequest['command'], readonly Example[]> = {
  conn: [
    ['bench conn -c 3000 -i 10 -h broker -p 1883', 'as "mqttx bench conn"'],
    ['bench conn -c 50000 --rate 1000 -h broker --duration 600', 'so many connects per second'],
  ],
  sub: [
    ['bench sub -c 100 -t load/+ -q 1 -h broker', 'counts what comes'],
    ['bench sub -c 100 -t load/+ -q 1 -h broker --verify --duration 120', 'finds what is lost'],
  ],
  pub: [
    ['bench pub -c 500 -t load/%i -q 1 -im 100 -h broker', 'each client every 100 ms'],
    ['bench pub -c 500 -t load/%i -q 1 -im 100 -L 100000 -h broker --verify', 'for bench sub --verify'],
  ],
}

/** A command of `weir bench`: MQTTX CLI's by flags and defaults, on weir's own fleet. */
export function defineBench(name: BenchRequest['command'], summary: string) {
  const options: BenchOptions = optionsOf[name]
  return defineCommand({
    usage: name,
    summary,
    examples: EXAMPLES[name],
    options: (yargs) =>
      benchParser(yargs, options).epilogue(
        `Flags, defaults and meanings are those of "mqttx bench ${name}"; docs/bench.md lists what weir adds.\n` +
          'Exit codes: 0 done, 1 --verify found messages lost, duplicated or out of order, 2 wrong usage, 3 done but too late for the rate, 4 clients or messages missing at the end, 130 interrupted.',
      ),
    async run(args, output) {
      const { checkRequest, runBench } = await import('#weir/bench/index.ts')
      const given = await withLoaded(name, givenFlags(args, options), options)
      const flags = withMqttUser(given, output.env)
      const fromEnvironment = Object.keys(flags).filter((flag) => !(flag in given))
      const request = { command: name, flags, fromEnvironment } as BenchRequest
      if ('save-options' in given) {
        checkRequest(request)
        await save(name, given, output)
      }
      // emqtt_bench's -I is an interval.
      const { 'client-id': id } = flags
      if (name === 'pub' && /^\d+$/.test(String(id)))
        output.note(`clients have the ids ${id}_0, ${id}_1, …: for an interval of messages use -im`)
      const interruption = onInterrupt()
      try {
        return await runBench(request, output, interruption.signal)
      } finally {
        interruption.release()
      }
    },
  })
}

/** The given flags, with those of a file. The parser of the file is loaded only if there is one. */
async function withLoaded(
  name: BenchRequest['command'],
  given: Given,
  options: BenchOptions,
): Promise<Given> {
  if (!('load-options' in given)) return given
  const { loadSaved } = await import('./saved-options.ts')
  return loadSaved(name, given, options)
}

async function save(name: BenchRequest['command'], given: object, output: Output): Promise<void> {
  const { saveGiven } = await import('./saved-options.ts')
  for (const note of saveGiven(name, { ...given })) output.note(note)
}
