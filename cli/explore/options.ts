import type { Argv, InferredOptionTypes, Options } from 'yargs'
import { usageError } from '#weir/errors/index.ts'

const DEFAULT_STEPS = 60
const MOST_STEPS = 1_000_000
const MOST_CLIENTS = 1000
const MOST_MINUTES = 60 * 24 * 7

export const EXPLORE_OPTIONS = {
  dialect: {
    choices: ['v1beta4', 'v2beta1'],
    default: 'v2beta1',
    describe: 'EMQX 4.4 or EMQX 5',
  },
  steps: {
    type: 'number',
    defaultDescription: `${DEFAULT_STEPS}, unless --minutes`,
    describe: 'make so many steps, and those that then bring the cluster to rest',
  },
  minutes: {
    type: 'number',
    describe: 'end with the first episode that ends after this time; shows slopes of memory and descriptors',
  },
  clients: { type: 'number', default: 30, describe: 'clients that are connected meanwhile' },
  shrink: {
    type: 'boolean',
    default: true,
    describe: 'find the smallest part of an episode that still fails; --no-shrink shows it as it failed',
  },
  'keep-going': {
    type: 'boolean',
    default: false,
    describe: 'go on after an episode that fails, as a soak must; the end shows the first that failed',
  },
  out: {
    type: 'string',
    defaultDescription: 'runs/<UTC time>-explore-<dialect>',
    describe: 'folder of the records of runs that did not pass, and of what was found',
  },
} as const satisfies Record<string, Options>

export const exploreOptions = <Args>(yargs: Argv<Args>) =>
  yargs.options(EXPLORE_OPTIONS).conflicts('steps', 'minutes')

export type ExploreFlags = InferredOptionTypes<typeof EXPLORE_OPTIONS> & {
  seed: number
  fault: string[]
  json: boolean
}

/** When an exploration ends: after so many steps, or so many seconds, or with the first episode that fails. */
export interface Limits {
  keepsGoing: boolean
  steps: number
  seconds: number
}

/** Throws WEIR_USAGE. */
export function limitsOf({ steps, minutes, clients, 'keep-going': keepsGoing }: ExploreFlags): Limits {
  if (!Number.isInteger(clients) || clients < 4 || clients > MOST_CLIENTS)
    throw usageError(`--clients takes a whole number from 4 to ${MOST_CLIENTS}, not ${clients}`)
  if (minutes !== undefined) {
    if (minutes > 0 && minutes <= MOST_MINUTES)
      return { keepsGoing, steps: Number.POSITIVE_INFINITY, seconds: minutes * 60 }
    throw usageError(`--minutes takes a number above 0, at most ${MOST_MINUTES}, not ${minutes}`)
  }
  const count = steps ?? DEFAULT_STEPS
  if (Number.isInteger(count) && count >= 1 && count <= MOST_STEPS)
    return { keepsGoing, steps: count, seconds: Number.POSITIVE_INFINITY }
  throw usageError(`--steps takes a whole number from 1 to ${MOST_STEPS}, not ${count}`)
}
