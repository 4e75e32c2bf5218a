import type { Options } from 'yargs'

const group = 'Session:'

export const sessionOptions = {
  clean: {
    ...{ group, type: 'boolean', defaultDescription: 'true' },
    describe: 'start without a session; --no-clean keeps it',
  },
  'session-expiry-interval': {
    ...{ group, alias: 'se', type: 'number', requiresArg: true },
    defaultDescription: '0; with --no-clean for ever',
    describe: 'seconds a session outlives its connection',
  },
  'receive-maximum': {
    ...{ group, alias: 'rcv-max', type: 'number', requiresArg: true },
    describe: 'unacknowledged messages that the clients take at once',
  },
  'maximum-packet-size': {
    ...{ group, type: 'number', requiresArg: true },
    describe: 'bytes of the largest packet that the clients take',
  },
  'topic-alias-maximum': {
    ...{ group, type: 'number', requiresArg: true },
    describe: 'topic aliases that the clients take',
  },
  'req-response-info': { group, type: 'boolean', describe: 'ask for response information' },
  'req-problem-info': {
    ...{ group, type: 'boolean', defaultDescription: 'true' },
    describe: 'ask for reasons in words; --no-req-problem-info does not',
  },
} as const satisfies Record<string, Options>

/** `conn`: its CONNECT is the only packet that -up can mean. */
export const connectPropertyOptions = {
  'user-properties': {
    ...{ group, alias: 'up', type: 'string', array: true, requiresArg: true },
    describe: 'user properties of the CONNECT, e.g. -up "name: value"',
  },
} as const satisfies Record<string, Options>

/** `sub` and `pub`: -up belongs to their SUBSCRIBE and PUBLISH. */
export const ownPropertyOptions = {
  'user-properties': {
    ...{ group, alias: 'up', type: 'string', array: true, requiresArg: true },
    describe: 'user properties of each SUBSCRIBE or PUBLISH, e.g. -up "name: value"',
  },
  'conn-user-properties': {
    ...{ group, alias: 'Cup', type: 'string', array: true, requiresArg: true },
    describe: 'user properties of the CONNECT',
  },
} as const satisfies Record<string, Options>
