import { inGroup } from './option.ts'

const subscriptions = inGroup('Subscriptions:')

/** The k-th value belongs to the k-th topic. */
export const subscribeOptions = {
  topic: subscriptions.texts(
    'topics to subscribe to; %i is the index, %c the client id, %u the user name',
    't',
  ),
  qos: subscriptions.numbers('0, 1 or 2; one for each topic or one for all, like the flags below', 'q', '0'),
  no_local: subscriptions.optionalTexts("exclude the client's own messages", 'nl'),
  'retain-as-published': subscriptions.optionalTexts('keep the retain flag as published', 'rap'),
  'retain-handling': subscriptions.numbers(
    'retained messages: 0 send, 1 send if the subscription is new, 2 do not send',
    'rh',
  ),
  'subscription-identifier': subscriptions.numbers('subscription identifier', 'si'),
  verify: subscriptions.toggle(
    'account for the messages of bench pub --verify: lost, duplicated, out of order',
  ),
}

const messages = inGroup('Messages:')

export const publishOptions = {
  topic: messages.text('topic to publish to; %i is the index, %c the client id, %u the user name', 't'),
  qos: messages.number('0, 1 or 2', 'q', '0'),
  'message-interval': messages.number(
    'milliseconds between two messages of a client; 0 for as fast as they are acknowledged',
    'im',
    '1000',
  ),
  limit: messages.number('total messages of all clients, then stop; 0 for no limit', 'L', '0'),
  window: messages.number(
    'unacknowledged messages of a client at once (QoS 1 and 2)',
    undefined,
    'what the broker allows',
  ),
  'wait-before-publishing': messages.toggle(
    'start when all clients have connected or failed, not each when it connects',
    'w',
  ),
  message: messages.text('message', 'm', 'Hello From weir'),
  'payload-size': messages.text('random bytes instead of a message, e.g. 512B, 1KB, 2.5MB', 'S'),
  'file-read': messages.text('read the message from a text file'),
  split: messages.optionalText('split the file and publish piece by piece; without a value: at line feeds'),
  retain: messages.toggle('set the retain flag', 'r'),
  dup: messages.toggle('set the DUP flag (QoS 1 and 2)', 'd'),
  'payload-format-indicator': messages.toggle('the message is UTF-8 text', 'pf'),
  'message-expiry-interval': messages.number('seconds until the message expires', 'e'),
  'topic-alias': messages.number('topic alias', 'ta'),
  'response-topic': messages.text('response topic', 'rt'),
  'correlation-data': messages.text('correlation data', 'cd'),
  'subscription-identifier': messages.number('subscription identifier', 'si'),
  'content-type': messages.text('content type', 'ct'),
  verify: messages.toggle('number the messages, so that bench sub --verify can account for them'),
}
