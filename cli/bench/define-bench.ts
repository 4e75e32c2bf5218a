import type { BenchRequest } from '#weir/bench/index.ts'
import { defineCommand } from '../command.ts'
import { withMqttUser } from './mqtt-user.ts'
import { type BenchOptions, benchParser, type Given, givenFlags } from './parse.ts'
import { loadSaved, saveGiven } from './saved-options.ts'

/** One of the bench commands: its flags, and the request that they make. */
export function defineBench<O extends BenchOptions>(command: {
  name: BenchRequest['command']
  summary: string
  options: O
  request(flags: Given<O>): BenchRequest
}) {
  const { name, summary, options } = command
  return defineCommand({
    usage: name,
    summary,
    options: (yargs) =>
      benchParser(yargs, options).epilogue(
        `Flags, defaults and meanings are those of "mqttx bench ${name}"; docs/bench.md tells what weir adds.\n` +
          'Exit codes: 0 as asked, 1 --verify found messages lost, duplicated or out of order, 2 wrong usage, 4 clients or messages were missing at the end, 130 interrupted before that.',
      ),
    async run(args, output) {
      const { runBench, stopSignal } = await import('#weir/bench/index.ts')
      const given = loadSaved(name, givenFlags(args, options), options)
      for (const note of saveGiven(name, given)) output.note(note)
      const stopped = stopSignal()
      try {
        return await runBench(command.request(withMqttUser(given, output.env)), output, stopped.signal)
      } finally {
        stopped.release()
      }
    },
  })
}
