import { usageError } from '#weir/errors/index.ts'
import type { Target } from '../types.ts'
import { TWO_BYTES, wholeNumber } from './check-flags.ts'
import type { ConnectionFlags } from './flags.ts'

const DEFAULT_HOST = 'localhost'
const DEFAULT_PORT = 1883

/**
 * The brokers that `-h` and `-p` name: "a", "a,b" or "a:1883,[::1]:1884". A port in the list goes before `-p`. Throws WEIR_USAGE.
 */
export function targetsOf({ hostname = DEFAULT_HOST, port = DEFAULT_PORT }: ConnectionFlags): Target[] {
  wholeNumber('--port', port, 1, TWO_BYTES)
  return targetsIn('--hostname', hostname, port)
}

/** The targets of a list, with `port` where one names none. Throws WEIR_USAGE, which names the flag. */
export const targetsIn = (flag: string, list: string, port = DEFAULT_PORT): Target[] =>
  list.split(',').map((text) => targetOf(flag, text.trim(), port))

function targetOf(flag: string, text: string, port: number): Target {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text)
  // More than one colon and no brackets: an IPv6 address without a port.
  const plain =
    bracketed ??
    /^([^:[\]/\s]+)(?::(\d+))?$/.exec(text) ??
    /^([0-9a-fA-F:]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)()$/.exec(text)
  if (!plain)
    throw usageError(
      `${flag} "${text}" is not a host: use HOST, HOST:PORT or [IPV6]:PORT, separated by commas${flag === '--hostname' ? ', and set the protocol with -l' : ''}`,
    )
  const own = plain[2] ? Number(plain[2]) : port
  wholeNumber(`the port of ${flag} ${text}`, own, 1, TWO_BYTES)
  return { host: plain[1]!, port: own }
}
