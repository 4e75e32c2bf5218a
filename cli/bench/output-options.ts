import type { Options } from 'yargs'

const group = 'Output:'

export const outputOptions = {
  json: { group, type: 'boolean', describe: 'print JSON, a line a second and one at the end' },
  prometheus: {
    ...{ group, type: 'string' },
    describe: 'serve /metrics at [HOST:]PORT, 127.0.0.1:9464 without one',
  },
  'save-options': {
    ...{ group, alias: 'so', type: 'string' },
    describe:
      'save what was given, without passwords, as JSON or YAML, in ./mqttx-cli-options.json without a name',
  },
  'load-options': {
    ...{ group, alias: 'lo', type: 'string' },
    describe: 'load what is not given from such a file, also one of MQTTX',
  },
} as const satisfies Record<string, Options>

/** `sub` and `pub`. */
export const messageOutputOptions = {
  verbose: { group, alias: 'v', type: 'boolean', describe: 'a line a second that stays' },
} as const satisfies Record<string, Options>
