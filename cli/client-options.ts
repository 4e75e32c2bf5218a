import type { Argv, Options } from 'yargs'
import { type ClientFlag, clientOptions as ofBench } from '#weir/bench/command/client-options.ts'
import type { ClientFlags } from '#weir/bench/types.ts'

/** What a flag of bench is here: short forms of several letters need a parser of their own, and a list takes one value each time. */
function ofCommand({ alias, array, ...option }: Options): Options {
  const isShort = typeof alias === 'string' && alias.length === 1
  return {
    ...option,
    ...(isShort && { alias }),
    ...(array
      ? { array, nargs: 1 }
      : { coerce: (value: unknown) => (Array.isArray(value) ? value.at(-1) : value) }),
  }
}

/** How clients connect and who they are, by the flags of `weir bench`: `clientFlagsOf` has their values. */
export function clientOptions<Args>(yargs: Argv<Args>): Argv<Args> {
  for (const [name, option] of Object.entries(ofBench)) yargs.option(name, ofCommand(option))
  yargs.option('client-id', { defaultDescription: 'weir-<run>-%i' })
  yargs.alias('ws-headers', 'header')
  return yargs
}

/** Their names. */
export const CLIENT_FLAGS = Object.keys(ofBench) as ClientFlag[]

/** Those that were given. */
export const clientFlagsOf = (flags: ClientFlags): ClientFlags =>
  Object.fromEntries(
    CLIENT_FLAGS.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])),
  ) as ClientFlags
