import type { Options } from 'yargs'

const group = 'Coming back:'

export const reconnectOptions = {
  'reconnect-period': {
    ...{ group, alias: 'rp', type: 'number', requiresArg: true, defaultDescription: '1000' },
    describe: 'milliseconds before each reconnect; 0 for none',
  },
  'maximum-reconnect-times': {
    ...{ group, type: 'number', requiresArg: true, defaultDescription: '10' },
    describe: 'reconnects in a row before a client gives up',
  },
  reconnect: {
    ...{ group, type: 'string', requiresArg: true },
    describe: 'what real clients do, e.g. paho-java, instead of a period',
  },
} as const satisfies Record<string, Options>
