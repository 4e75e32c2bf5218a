import type { Options } from 'yargs'

const group = 'Connection:'

/** Where to, as whom, and how. */
export const connectionOptions = {
  hostname: {
    ...{ group, alias: 'h', type: 'string', requiresArg: true, defaultDescription: 'localhost' },
    describe: 'the broker host, or several: a,b:1884,[::1]:1885',
  },
  port: {
    ...{ group, alias: 'p', type: 'number', requiresArg: true, defaultDescription: '1883' },
    describe: 'the broker port',
  },
  protocol: {
    ...{ group, alias: 'l', type: 'string', requiresArg: true, defaultDescription: 'mqtt' },
    describe: 'mqtt, mqtts, ws or wss',
  },
  'mqtt-version': {
    ...{ group, alias: 'V', type: 'string', requiresArg: true, defaultDescription: '5' },
    describe: '5 or 3.1.1',
  },
  'client-id': {
    ...{ group, alias: 'I', type: 'string', requiresArg: true, defaultDescription: 'weir_<random>_%i' },
    describe: "the client id; %i is the client's index from 0, %u the user name",
  },
  username: {
    group,
    alias: 'u',
    type: 'string',
    requiresArg: true,
    describe: 'the user name, else WEIR_MQTT_USERNAME',
  },
  password: {
    group,
    alias: 'P',
    type: 'string',
    requiresArg: true,
    describe: 'the password, else WEIR_MQTT_PASSWORD',
  },
  keepalive: {
    ...{ group, alias: 'k', type: 'number', requiresArg: true, defaultDescription: '30' },
    describe: 'seconds between two pings; 0 for none',
  },
  'connect-timeout': {
    ...{ group, type: 'number', requiresArg: true, defaultDescription: '30' },
    describe: 'seconds to wait for a connection, and again for its CONNACK',
  },
  path: {
    ...{ group, type: 'string', requiresArg: true, defaultDescription: '/mqtt' },
    describe: 'the path of WebSockets',
  },
  'ws-headers': {
    ...{ group, alias: 'wh', type: 'string', array: true, requiresArg: true },
    describe: 'headers of WebSockets, e.g. "Authorization: Bearer x"',
  },
  ifaddr: {
    ...{ group, type: 'string', array: true, requiresArg: true },
    describe: 'local addresses to connect from, in turn',
  },
  'follow-server-reference': {
    ...{ group, type: 'boolean' },
    describe: 'go where a broker that refuses or evicts points to (MQTT 5)',
  },
  engine: {
    ...{ group, type: 'string', requiresArg: true, defaultDescription: 'lean' },
    describe: "lean, weir's own clients, or mqttjs, MQTT.js as applications use it",
  },
  // Declared to be refused with its reason.
  'authentication-method': { group, alias: 'am', type: 'string', hidden: true },
} as const satisfies Record<string, Options>
