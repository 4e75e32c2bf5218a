import type { Options } from 'yargs'

const group = 'Load:'

export const loadOptions = {
  count: {
    ...{ group, alias: 'c', type: 'number', requiresArg: true, defaultDescription: '1000' },
    describe: 'the number of clients',
  },
  interval: {
    ...{ group, alias: 'i', type: 'number', requiresArg: true, defaultDescription: '10' },
    describe: 'milliseconds between two clients',
  },
  rate: { group, type: 'number', requiresArg: true, describe: 'clients per second, instead of -i' },
  schedule: {
    ...{ group, type: 'string', requiresArg: true },
    describe:
      'interval:10, rate:100, ramp:0-500/60 (from-to/seconds), step:100/10,500/30 (rate/seconds), spike or poisson:200, instead of -i',
  },
  'in-flight': {
    ...{ group, type: 'number', requiresArg: true, defaultDescription: '64' },
    describe: 'connects under way at once, over all clients',
  },
  duration: {
    ...{ group, type: 'number', requiresArg: true, defaultDescription: 'until Ctrl-C' },
    describe: 'seconds from the start to the end',
  },
  workers: {
    ...{ group, type: 'number', requiresArg: true, defaultDescription: '0' },
    describe: 'threads of each process; 0 chooses',
  },
  processes: {
    ...{ group, type: 'number', requiresArg: true, defaultDescription: '0' },
    describe: 'processes; 0 takes one, or as many as the descriptors need',
  },
  seed: {
    ...{ group, type: 'number', requiresArg: true, defaultDescription: '1' },
    describe: 'number that every random choice grows from',
  },
} as const satisfies Record<string, Options>
