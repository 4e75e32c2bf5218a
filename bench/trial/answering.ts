import { isIP } from 'node:net'
import { knock } from '../transport/knock.ts'
import type { Target } from '../types.ts'

/** How many are tried at once. */
const AT_ONCE = 64

export interface Answering {
  answered: Target[]
  /** The others, and why. */
  silent: { target: Target; why: string }[]
}

/** Which targets accept a TCP connection from here within two seconds, in their order. */
export async function answering(targets: readonly Target[]): Promise<Answering> {
  const found: Answering = { answered: [], silent: [] }
  for (let from = 0; from < targets.length; from += AT_ONCE) {
    const some = targets.slice(from, from + AT_ONCE)
    const reasons = await Promise.all(some.map(knock))
    for (const [i, target] of some.entries()) {
      const why = reasons[i]
      if (why === undefined) found.answered.push(target)
      else found.silent.push({ target, why })
    }
  }
  return found
}

/** The same where names lead to the machines whose addresses are there too: they are tried, and told of, where no address answers. */
export async function answeringNamesLast(targets: readonly Target[]): Promise<Answering> {
  const { numbers = [], names = [] } = Object.groupBy(targets, ({ host }) =>
    isIP(host) === 0 ? 'names' : 'numbers',
  )
  const first = await answering(numbers)
  if (first.answered.length > 0) return first
  const then = await answering(names)
  return { answered: then.answered, silent: [...first.silent, ...then.silent] }
}
