import type { Argv, InferredOptionTypes, Options } from 'yargs'
import { usageError } from '#weir/errors/index.ts'
import type { SearchLimits } from '#weir/search/index.ts'
import { seconds, share } from '../plan/quantity.ts'
import { VARIED, type Varied } from './vary.ts'

const MOST = 1_000_000

export const SEARCH_OPTIONS = {
  target: {
    type: 'string',
    demandOption: true,
    describe: 'what must hold: assertions and limits of figures, e.g. no-storm,downtimeP99<=2',
  },
  from: { type: 'number', demandOption: true, describe: 'smallest value' },
  to: { type: 'number', demandOption: true, describe: 'largest value' },
  vary: {
    choices: VARIED,
    default: 'connEvictRate' as Varied,
    describe: 'what differs between the runs',
  },
  precision: { type: 'string', default: '10%', describe: 'how close the two values at the edge come' },
  confirm: { type: 'number', default: 3, describe: 'runs at each of them' },
  'most-runs': { type: 'number', default: 30, describe: 'budget: number of runs' },
  within: { type: 'string', default: '3h', describe: 'budget: time' },
  out: {
    type: 'string',
    defaultDescription: 'runs/<UTC time>-search-<scenario>',
    describe: 'folder of all records',
  },
  kubeconfig: {
    type: 'string',
    describe: 'on the cluster of this file, which every run upgrades: needs --versions and --yes',
  },
  versions: {
    type: 'string',
    describe: "A,B: the cluster's EMQX version, and the one that runs go to, in turn to and fro",
  },
  yes: { type: 'boolean', describe: 'confirm the plan of every run in advance' },
  json: { type: 'boolean', default: false, describe: 'print JSON' },
} as const satisfies Record<string, Options>

export const searchOptions = <Args>(yargs: Argv<Args>) =>
  yargs
    .options(SEARCH_OPTIONS)
    .implies({ kubeconfig: ['versions', 'yes'], versions: 'kubeconfig', yes: 'kubeconfig' })
    .conflicts('kubeconfig', ['testbed', 'operator-binary', 'emqx'])

export type SearchFlags = InferredOptionTypes<typeof SEARCH_OPTIONS>

/** Throws WEIR_USAGE. */
export function limitsOf(flags: SearchFlags): SearchLimits {
  const whole = (flag: 'from' | 'to' | 'confirm' | 'most-runs') => {
    const value = flags[flag]
    if (Number.isInteger(value) && value >= 1 && value <= MOST) return value
    throw usageError(`--${flag} is ${value} but must be a whole number from 1 to ${MOST}`)
  }
  const [from, to] = [whole('from'), whole('to')]
  if (from > to) throw usageError(`--from ${from} is larger than --to ${to}`)
  return {
    ...{ from, to, confirm: whole('confirm'), mostTrials: whole('most-runs') },
    precision: share('precision', flags.precision),
    mostSeconds: seconds('within', flags.within),
  }
}

/** The two versions of --versions. Throws WEIR_USAGE. */
export function versionsOf({ versions }: Pick<SearchFlags, 'versions'>): [string, string] | undefined {
  if (versions === undefined) return undefined
  const [from, to, ...more] = versions.split(',').map((one) => one.trim())
  if (from && to && from !== to && more.length === 0) return [from, to]
  throw usageError(`--versions ${versions} is not two versions such as 5.8.6,5.8.7`)
}
