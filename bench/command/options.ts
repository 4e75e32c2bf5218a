/**
 * The flags of `weir bench conn|sub|pub`, as yargs takes them. Names, meanings and defaults are MQTTX CLI's; docs/bench.md lists
 * what weir adds. Defaults are applied where a flag is read, so that a saved file fills in only what was not given.
 */

/** Makers of options for one group of the help: what a flag means, its short form, and the default that the help shows. */
function inGroup(group: string) {
  const valued =
    <const Type extends 'string' | 'number', const More extends object>(type: Type, more: More) =>
    (describe: string, alias?: string, defaultDescription?: string) => ({
      ...{ group, type, describe, alias, defaultDescription, requiresArg: true },
      ...more,
    })
  return {
    text: valued('string', {}),
    number: valued('number', {}),
    texts: valued('string', { array: true }),
    numbers: valued('number', { array: true }),
    /** The value is optional. */
    optionalText: valued('string', { requiresArg: false }),
    optionalTexts: valued('string', { requiresArg: false, array: true }),
    toggle: (describe: string, alias?: string, defaultDescription?: string) => ({
      ...{ group, type: 'boolean' as const, describe, alias, defaultDescription },
    }),
  }
}

const load = inGroup('Load:')
export const loadOptions = {
  count: load.number('number of clients', 'c', '1000'),
  'start-number': load.number('what %i begins with', undefined, '0'),
  interval: load.number('milliseconds between two clients', 'i', '10'),
  rate: load.number('clients per second, instead of -i'),
  schedule: load.text(
    'interval:10, rate:100, ramp:0-500/60 (from-to/seconds), step:100/10,500/30 (rate/seconds), spike or poisson:200, instead of -i',
  ),
  'in-flight': load.number('maximum concurrent connection attempts of all clients', undefined, '64'),
  duration: load.number('seconds to run', undefined, 'until Ctrl-C'),
  workers: load.number('threads per process; 0 for automatic', undefined, '0'),
  processes: load.number('processes; 0 for as many as the file descriptors require', undefined, '0'),
  seed: load.number('random seed', undefined, '1'),
}

const connection = inGroup('Connection:')
export const connectionOptions = {
  hostname: connection.text('broker host, or several: a,b:1884,[::1]:1885', 'h', 'localhost'),
  port: connection.number('broker port', 'p', '1883'),
  protocol: connection.text('mqtt, mqtts, ws or wss', 'l', 'mqtt'),
  'mqtt-version': connection.text('5 or 3.1.1', 'V', '5'),
  'client-id': connection.text(
    "client id; %i is the client's index from 0, %u the user name",
    'I',
    'weir_<random>_%i',
  ),
  username: connection.text('user name; %i is the index, %c the client id; default: WEIR_MQTT_USERNAME', 'u'),
  password: connection.text('password; %i, %c and %u as above; default: WEIR_MQTT_PASSWORD', 'P'),
  'password-file': connection.text('file with the password, with %i, %c and %u as above'),
  credentials: connection.text(
    'CSV file with columns clientid, username or password: one row for each client',
  ),
  keepalive: connection.number('seconds between two pings; 0 for none', 'k', '30'),
  'connect-timeout': connection.number(
    'seconds to wait for a connection, and again for its CONNACK',
    undefined,
    '30',
  ),
  path: connection.text('WebSocket path', undefined, '/mqtt'),
  'ws-headers': connection.texts('WebSocket headers, e.g. "Authorization: Bearer x"', 'wh'),
  'proxy-protocol': connection.text(
    'v1 or v2: begin each connection with the header of a proxy (PROXY protocol)',
  ),
  'proxy-sources': connection.text(
    'address or network that the header says clients come from, in turn',
    undefined,
    '198.18.0.0/15',
  ),
  ifaddr: connection.texts('local addresses to connect from, in turn'),
  'follow-server-reference': connection.toggle(
    'follow the server reference of a CONNACK or DISCONNECT (MQTT 5)',
  ),
  engine: connection.text("lean (weir's own clients) or mqttjs (MQTT.js)", undefined, 'lean'),
  // Declared so that it can be refused with the reason.
  'authentication-method': { ...connection.optionalText('', 'am'), hidden: true },
}

const tls = inGroup('TLS (-l mqtts or wss):')
export const tlsOptions = {
  ca: tls.text('PEM file of the certificate authorities to trust'),
  cert: tls.text('PEM file of the client certificate; certs/%i.pem is one for each client'),
  key: tls.text('PEM file of the client key; %i, %c and %u as in --cert'),
  ciphers: tls.text('OpenSSL list of ciphers to offer, e.g. ECDHE-RSA-AES128-GCM-SHA256'),
  insecure: tls.toggle('do not verify the server certificate'),
  alpn: tls.texts('application protocols to offer'),
  servername: tls.text('server name to send (SNI) and to verify', undefined, 'the host'),
}

const session = inGroup('Session:')
export const sessionOptions = {
  clean: session.toggle('start without a session; --no-clean keeps it', undefined, 'true'),
  'session-expiry-interval': session.number(
    'seconds a session outlives its connection',
    'se',
    '0; with --no-clean for ever',
  ),
  'receive-maximum': session.number('unacknowledged messages that a client accepts at once', 'rcv-max'),
  'maximum-packet-size': session.number('bytes of the largest packet that a client accepts'),
  'topic-alias-maximum': session.number('topic aliases that a client accepts'),
  'req-response-info': session.toggle('request response information'),
  'req-problem-info': session.toggle(
    'request reason strings; --no-req-problem-info to decline',
    undefined,
    'true',
  ),
}

export const churnOptions = {
  churn: load.number('seconds that each client stays; it comes again at its turn, so the rate goes on'),
}

const finding = inGroup('Finding the largest rate:')
export const findRateOptions = {
  'find-rate': finding.toggle('find the largest arrival rate that the broker accepts'),
  'rate-from': finding.number('smallest rate, clients per second', undefined, '50'),
  'rate-to': finding.number('largest rate', undefined, '10000'),
  'most-p99': finding.number(
    'milliseconds from the planned instant to the CONNACK that 99 of 100 clients may take',
    undefined,
    '200',
  ),
}

/** `conn`: its CONNECT is the only packet that -up can mean. */
export const connectPropertyOptions = {
  'user-properties': session.texts('user properties of the CONNECT, e.g. -up "name: value"', 'up'),
}

/** `sub` and `pub`: -up belongs to their SUBSCRIBE and PUBLISH. */
export const ownPropertyOptions = {
  'user-properties': session.texts(
    'user properties of each SUBSCRIBE or PUBLISH, e.g. -up "name: value"',
    'up',
  ),
  'conn-user-properties': session.texts('user properties of the CONNECT', 'Cup'),
}

const will = inGroup('Will:')
export const willOptions = {
  'will-topic': will.text('topic; %i, %c and %u as in -t', 'Wt'),
  'will-message': will.text('message', 'Wm'),
  'will-qos': will.number('0, 1 or 2', 'Wq', '0'),
  'will-retain': will.toggle('set the retain flag', 'Wr'),
  'will-delay-interval': will.number('seconds that the broker waits before it publishes the will', 'Wd'),
  'will-payload-format-indicator': will.toggle('the message is UTF-8 text', 'Wpf'),
  'will-message-expiry-interval': will.number('seconds until the message expires', 'We'),
  'will-content-type': will.text('content type', 'Wct'),
  'will-response-topic': will.text('response topic', 'Wrt'),
  'will-correlation-data': will.text('correlation data', 'Wcd'),
  'will-user-properties': will.texts('user properties', 'Wup'),
}

const reconnect = inGroup('Reconnecting:')
export const reconnectOptions = {
  'reconnect-period': reconnect.number('milliseconds before each reconnect; 0 for none', 'rp', '1000'),
  'maximum-reconnect-times': reconnect.number(
    'consecutive reconnects before a client gives up',
    undefined,
    '10',
  ),
  reconnect: reconnect.text('behavior of a client library, e.g. paho-java, instead of a period'),
}

const outputs = inGroup('Output:')
export const outputOptions = {
  json: outputs.toggle('print JSON: one line per second and one at the end'),
  prometheus: outputs.optionalText('serve /metrics at [HOST:]PORT; without a value: 127.0.0.1:9464'),
  'save-options': outputs.optionalText(
    'save the given flags, without passwords, as JSON or YAML; without a value: ./mqttx-cli-options.json',
    'so',
  ),
  'load-options': outputs.optionalText('load flags from such a file, also one written by MQTTX', 'lo'),
}
export const messageOutputOptions = { verbose: outputs.toggle('print a line per second and keep it', 'v') }

export const commonOptions = {
  ...loadOptions,
  ...connectionOptions,
  ...tlsOptions,
  ...sessionOptions,
  ...willOptions,
  ...reconnectOptions,
  ...outputOptions,
}

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
  template: messages.toggle(
    'replace %{counter}, %{time}, %{isotime}, %{random}, %{random:1-100}, %{hex:8}, %i, %c and %u in the message or file',
  ),
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

/** The flags of each bench command, in the order in which its help shows them. */
export const optionsOf = {
  conn: { ...commonOptions, ...churnOptions, ...connectPropertyOptions, ...findRateOptions },
  sub: { ...subscribeOptions, ...commonOptions, ...ownPropertyOptions, ...messageOutputOptions },
  pub: { ...publishOptions, ...commonOptions, ...ownPropertyOptions, ...messageOutputOptions },
}
