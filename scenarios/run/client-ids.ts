import { randomInt } from 'node:crypto'

const RUN_CHARACTERS = 6

/**
 * The prefix of a run's client ids: `weir-<run>-`. Another run on the same cluster, before this one or beside it, has another: the same
 * ids would take over each other's connections and resume each other's sessions. With a client's number it stays within the 23
 * characters that every MQTT 3.1.1 server accepts (§3.1.3.1).
 */
export function clientIdPrefix(random: (below: number) => number = randomInt): string {
  const run = random(36 ** RUN_CHARACTERS)
  return `weir-${run.toString(36).padStart(RUN_CHARACTERS, '0')}-`
}

/** The pattern of a fleet's client ids; `%i` is a client's number. */
export const clientIdPattern = (prefix: string): string => `${prefix}%i`

/** What all ids begin with. */
export function commonPrefix(ids: readonly string[]): string {
  const [first = '', ...others] = ids
  let length = first.length
  for (const id of others) {
    length = Math.min(length, id.length)
    while (!id.startsWith(first.slice(0, length))) length--
  }
  return first.slice(0, length)
}
