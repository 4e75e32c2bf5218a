import type { Options } from 'yargs'

const group = 'Messages:'

export const publishOptions = {
  topic: {
    ...{ group, alias: 't', type: 'string', requiresArg: true },
    describe: 'topic to publish to; %i is the index, %c the client id, %u the user name',
  },
  qos: {
    group,
    alias: 'q',
    type: 'number',
    requiresArg: true,
    defaultDescription: '0',
    describe: '0, 1 or 2',
  },
  'message-interval': {
    ...{ group, alias: 'im', type: 'number', requiresArg: true, defaultDescription: '1000' },
    describe: 'milliseconds between two messages of a client; 0 for as many as are acknowledged',
  },
  limit: {
    ...{ group, alias: 'L', type: 'number', requiresArg: true, defaultDescription: '0' },
    describe: 'messages of all clients together, after which it ends; 0 for no limit',
  },
  window: {
    ...{ group, type: 'number', requiresArg: true, defaultDescription: 'what the broker allows' },
    describe: 'messages of a client that may be unacknowledged at once (QoS 1 and 2)',
  },
  'wait-before-publishing': {
    ...{ group, alias: 'w', type: 'boolean' },
    describe: 'begin when all are connected, or failed to, not each as soon as it is',
  },
  message: {
    ...{ group, alias: 'm', type: 'string', requiresArg: true, defaultDescription: 'Hello From weir' },
    describe: 'the message',
  },
  'payload-size': {
    ...{ group, alias: 'S', type: 'string', requiresArg: true },
    describe: 'random bytes instead of a message, e.g. 512B, 1KB, 2.5MB',
  },
  'file-read': { group, type: 'string', requiresArg: true, describe: 'read the message from a text file' },
  split: {
    ...{ group, type: 'string' },
    describe: 'publish its pieces one after the other, split at a character, a line feed without one',
  },
  retain: { group, alias: 'r', type: 'boolean', describe: 'to be retained' },
  dup: { group, alias: 'd', type: 'boolean', describe: 'set the DUP flag (QoS 1 and 2)' },
  'payload-format-indicator': { group, alias: 'pf', type: 'boolean', describe: 'the message is UTF-8 text' },
  'message-expiry-interval': {
    ...{ group, alias: 'e', type: 'number', requiresArg: true },
    describe: 'seconds that the message is good for',
  },
  'topic-alias': {
    group,
    alias: 'ta',
    type: 'number',
    requiresArg: true,
    describe: 'number in place of the topic',
  },
  'response-topic': { group, alias: 'rt', type: 'string', requiresArg: true, describe: 'topic to answer to' },
  'correlation-data': {
    group,
    alias: 'cd',
    type: 'string',
    requiresArg: true,
    describe: 'what an answer refers to',
  },
  'subscription-identifier': {
    group,
    alias: 'si',
    type: 'number',
    requiresArg: true,
    describe: 'identifier',
  },
  'content-type': { group, alias: 'ct', type: 'string', requiresArg: true, describe: 'what the message is' },
  verify: {
    ...{ group, type: 'boolean' },
    describe: 'number the messages, so that bench sub --verify can account for them',
  },
} as const satisfies Record<string, Options>
