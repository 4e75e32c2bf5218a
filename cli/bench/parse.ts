import type { Argv, Options } from 'yargs'

export type BenchOptions = Record<string, Options>
/** The given flags, by their long names. */
export type Given = Record<string, unknown>

/** Adds the flags of a bench command, spelled as in MQTTX. */
export function benchParser<Args>(yargs: Argv<Args>, options: BenchOptions) {
  return (
    yargs
      // "-rp" is one flag, not "-r -p". So a short flag cannot be joined with its value.
      .parserConfiguration({
        'camel-case-expansion': false,
        'strip-dashed': false,
        'duplicate-arguments-array': true,
        'short-option-groups': false,
      })
      .options(options)
  )
}

/** The flags of a parsed command line, without aliases. A repeated flag takes its last value, as in MQTTX; lists add up. */
export function givenFlags(args: Record<string, unknown>, options: BenchOptions): Given {
  const given: Given = {}
  for (const [name, { array }] of Object.entries(options)) {
    const value = args[name]
    if (value !== undefined) given[name] = Array.isArray(value) && !array ? value.at(-1) : value
  }
  return given
}
