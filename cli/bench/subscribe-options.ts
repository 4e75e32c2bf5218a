import type { Options } from 'yargs'

const group = 'Subscriptions:'

/** The k-th value belongs to the k-th topic. */
export const subscribeOptions = {
  topic: {
    ...{ group, alias: 't', type: 'string', array: true, requiresArg: true },
    describe: 'topics to subscribe to; %i is the index, %c the client id, %u the user name',
  },
  qos: {
    ...{ group, alias: 'q', type: 'number', array: true, requiresArg: true, defaultDescription: '0' },
    describe: '0, 1 or 2, one for each topic or one for all; so for the flags below',
  },
  no_local: {
    group,
    alias: 'nl',
    type: 'string',
    array: true,
    describe: 'not what the client itself published',
  },
  'retain-as-published': {
    ...{ group, alias: 'rap', type: 'string', array: true },
    describe: 'keep the retain flag as it was published',
  },
  'retain-handling': {
    ...{ group, alias: 'rh', type: 'number', array: true, requiresArg: true },
    describe: 'retained messages: 0 send, 1 if the subscription is new, 2 do not',
  },
  'subscription-identifier': {
    ...{ group, alias: 'si', type: 'number', array: true, requiresArg: true },
    describe: 'identifier of the subscription',
  },
  verify: {
    ...{ group, type: 'boolean' },
    describe: 'account for the messages of bench pub --verify: lost, duplicated, out of order',
  },
} as const satisfies Record<string, Options>
