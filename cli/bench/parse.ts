import type { Argv, InferredOptionTypes, Options } from 'yargs'

export type BenchOptions = Record<string, Options>
/** The given flags, by their long names. */
export type Given<O extends BenchOptions> = Partial<InferredOptionTypes<O>>

/** Adds the flags of a bench command, spelled as in MQTTX. */
export function benchParser<Args, O extends BenchOptions>(yargs: Argv<Args>, options: O) {
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
export function givenFlags<O extends BenchOptions>(args: Record<string, unknown>, options: O): Given<O> {
  const given: Record<string, unknown> = {}
  for (const [name, { array }] of Object.entries(options)) {
    const value = args[name]
    if (value !== undefined) given[name] = Array.isArray(value) && !array ? value.at(-1) : value
  }
  return given as Given<O>
}
