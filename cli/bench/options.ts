import { publishOptions, subscribeOptions } from './message-options.ts'
import { inGroup } from './option.ts'

const load = inGroup('Load:')
const loadOptions = {
  count: load.number('number of clients', 'c', '1000'),
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
const connectionOptions = {
  hostname: connection.text('broker host, or several: a,b:1884,[::1]:1885', 'h', 'localhost'),
  port: connection.number('broker port', 'p', '1883'),
  protocol: connection.text('mqtt, mqtts, ws or wss', 'l', 'mqtt'),
  'mqtt-version': connection.text('5 or 3.1.1', 'V', '5'),
  'client-id': connection.text(
    "client id; %i is the client's index from 0, %u the user name",
    'I',
    'weir_<random>_%i',
  ),
  username: connection.text('user name; default: WEIR_MQTT_USERNAME', 'u'),
  password: connection.text('password; default: WEIR_MQTT_PASSWORD', 'P'),
  keepalive: connection.number('seconds between two pings; 0 for none', 'k', '30'),
  'connect-timeout': connection.number(
    'seconds to wait for a connection, and again for its CONNACK',
    undefined,
    '30',
  ),
  path: connection.text('WebSocket path', undefined, '/mqtt'),
  'ws-headers': connection.texts('WebSocket headers, e.g. "Authorization: Bearer x"', 'wh'),
  ifaddr: connection.texts('local addresses to connect from, in turn'),
  'follow-server-reference': connection.toggle(
    'follow the server reference of a CONNACK or DISCONNECT (MQTT 5)',
  ),
  engine: connection.text("lean (weir's own clients) or mqttjs (MQTT.js)", undefined, 'lean'),
  // Declared so that it can be refused with the reason.
  'authentication-method': { ...connection.optionalText('', 'am'), hidden: true },
}

const tls = inGroup('TLS (-l mqtts or wss):')
const tlsOptions = {
  ca: tls.text('PEM file of the certificate authorities to trust'),
  cert: tls.text('PEM file of the client certificate'),
  key: tls.text('PEM file of the client key'),
  insecure: tls.toggle('do not verify the server certificate'),
  alpn: tls.texts('application protocols to offer'),
  servername: tls.text('server name to send (SNI) and to verify', undefined, 'the host'),
}

const session = inGroup('Session:')
const sessionOptions = {
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

/** `conn`: its CONNECT is the only packet that -up can mean. */
const connectPropertyOptions = {
  'user-properties': session.texts('user properties of the CONNECT, e.g. -up "name: value"', 'up'),
}

/** `sub` and `pub`: -up belongs to their SUBSCRIBE and PUBLISH. */
const ownPropertyOptions = {
  'user-properties': session.texts(
    'user properties of each SUBSCRIBE or PUBLISH, e.g. -up "name: value"',
    'up',
  ),
  'conn-user-properties': session.texts('user properties of the CONNECT', 'Cup'),
}

const will = inGroup('Will:')
const willOptions = {
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
const reconnectOptions = {
  'reconnect-period': reconnect.number('milliseconds before each reconnect; 0 for none', 'rp', '1000'),
  'maximum-reconnect-times': reconnect.number(
    'consecutive reconnects before a client gives up',
    undefined,
    '10',
  ),
  reconnect: reconnect.text('behavior of a client library, e.g. paho-java, instead of a period'),
}

const outputs = inGroup('Output:')
const outputOptions = {
  json: outputs.toggle('print JSON: one line per second and one at the end'),
  prometheus: outputs.optionalText('serve /metrics at [HOST:]PORT; without a value: 127.0.0.1:9464'),
  'save-options': outputs.optionalText(
    'save the given flags, without passwords, as JSON or YAML; without a value: ./mqttx-cli-options.json',
    'so',
  ),
  'load-options': outputs.optionalText('load flags from such a file, also one written by MQTTX', 'lo'),
}
const messageOutputOptions = { verbose: outputs.toggle('print a line per second and keep it', 'v') }

const common = {
  ...loadOptions,
  ...connectionOptions,
  ...tlsOptions,
  ...sessionOptions,
  ...willOptions,
  ...reconnectOptions,
  ...outputOptions,
}

/** The flags of each bench command, in the order in which its help shows them. */
export const optionsOf = {
  conn: { ...common, ...connectPropertyOptions },
  sub: { ...subscribeOptions, ...common, ...ownPropertyOptions, ...messageOutputOptions },
  pub: { ...publishOptions, ...common, ...ownPropertyOptions, ...messageOutputOptions },
}
