import type { Options } from 'yargs'

const group = 'Will:'

export const willOptions = {
  'will-topic': {
    group,
    alias: 'Wt',
    type: 'string',
    requiresArg: true,
    describe: 'topic; %i, %c and %u as in -t',
  },
  'will-message': { group, alias: 'Wm', type: 'string', requiresArg: true, describe: 'message' },
  'will-qos': {
    group,
    alias: 'Wq',
    type: 'number',
    requiresArg: true,
    describe: '0, 1 or 2',
    defaultDescription: '0',
  },
  'will-retain': { group, alias: 'Wr', type: 'boolean', describe: 'to be retained' },
  'will-delay-interval': {
    ...{ group, alias: 'Wd', type: 'number', requiresArg: true },
    describe: 'seconds that the broker waits before it sends it',
  },
  'will-payload-format-indicator': {
    group,
    alias: 'Wpf',
    type: 'boolean',
    describe: 'the message is UTF-8 text',
  },
  'will-message-expiry-interval': {
    ...{ group, alias: 'We', type: 'number', requiresArg: true },
    describe: 'seconds that the message is good for',
  },
  'will-content-type': {
    group,
    alias: 'Wct',
    type: 'string',
    requiresArg: true,
    describe: 'what the message is',
  },
  'will-response-topic': {
    group,
    alias: 'Wrt',
    type: 'string',
    requiresArg: true,
    describe: 'topic to answer to',
  },
  'will-correlation-data': {
    ...{ group, alias: 'Wcd', type: 'string', requiresArg: true },
    describe: 'what an answer refers to',
  },
  'will-user-properties': {
    ...{ group, alias: 'Wup', type: 'string', array: true, requiresArg: true },
    describe: 'user properties',
  },
} as const satisfies Record<string, Options>
