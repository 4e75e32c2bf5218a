import type { Argv } from 'yargs'

/** --set path=value, repeatable. */
export function setOption<Args>(yargs: Argv<Args>) {
  return yargs.option('set', {
    type: 'string',
    array: true,
    nargs: 1,
    default: [] as string[],
    defaultDescription: 'none',
    describe: 'change one value of the scenario, e.g. --set fleet.clients=300',
  })
}
