import { defineCommand } from '../command.ts'
import { seedOption } from '../seed-option.ts'

const PROTOCOL = { '5': '5', '5.0': '5', '3.1.1': '3.1.1' } as const

/** weir bench conn: MQTTX CLI's `bench conn` by flags and defaults, on weir's own fleet. */
export const benchConn = defineCommand({
  usage: 'conn',
  summary: 'connect MQTT clients and hold them until Ctrl-C',
  options: (yargs) =>
    seedOption(yargs)
      // "-rp" is one flag to MQTTX's users; grouped it would be "-r -p". So a short flag stands apart from its value.
      .parserConfiguration({
        'camel-case-expansion': false,
        'strip-dashed': false,
        'duplicate-arguments-array': false,
        'short-option-groups': false,
      })
      .option('hostname', { alias: 'h', type: 'string', default: 'localhost', describe: 'the broker host' })
      .option('port', { alias: 'p', type: 'number', default: 1883, describe: 'the broker port' })
      .option('count', { alias: 'c', type: 'number', default: 1000, describe: 'the number of connections' })
      .option('interval', {
        alias: 'i',
        type: 'number',
        defaultDescription: '10',
        describe: 'milliseconds between two clients',
      })
      .option('rate', { type: 'number', describe: 'clients per second, instead of --interval' })
      .option('mqtt-version', {
        alias: 'V',
        choices: ['5', '5.0', '3.1.1'] as const,
        default: '5' as const,
        describe: 'the MQTT version',
      })
      .option('client-id', {
        alias: 'I',
        type: 'string',
        defaultDescription: 'weir_<random>_%i',
        describe: "the client id; %i is the client's index",
      })
      .option('clean', {
        type: 'boolean',
        default: true,
        describe: 'start without a session; --no-clean keeps it',
      })
      .option('session-expiry-interval', {
        alias: 'se',
        type: 'number',
        default: 0,
        describe: 'seconds a session outlives its connection (MQTT 5)',
      })
      .option('keepalive', {
        alias: 'k',
        type: 'number',
        default: 30,
        describe: 'seconds between two pings; 0 for none',
      })
      .option('username', { alias: 'u', type: 'string', describe: 'the user name' })
      .option('password', { alias: 'P', type: 'string', describe: 'the password' })
      .option('reconnect-period', {
        alias: 'rp',
        type: 'number',
        defaultDescription: '1000',
        describe: 'milliseconds before each reconnect; 0 for none',
      })
      .option('maximum-reconnect-times', {
        type: 'number',
        defaultDescription: '10',
        describe: 'reconnects in a row before a client gives up',
      })
      .option('reconnect', {
        type: 'string',
        describe: 'a reconnect policy by name, e.g. paho-java, instead of a period',
      })
      .option('duration', {
        type: 'number',
        defaultDescription: 'until Ctrl-C',
        describe: 'seconds from the start to the end',
      })
      .option('workers', { type: 'number', default: 0, describe: 'threads; 0 chooses' })
      .conflicts('rate', 'interval')
      .conflicts('reconnect', ['reconnect-period', 'maximum-reconnect-times'])
      .epilogue(
        'Exit codes: 0 all clients were online at the end, 4 some were not, 130 stopped before all had connected.',
      ),
  async run(args, output) {
    const { runConn, stopSignal } = await import('#weir/bench/index.ts')
    const periodMs = args['reconnect-period'] ?? 1000
    const tries = args['maximum-reconnect-times'] ?? 10
    const stopped = stopSignal()
    try {
      return await runConn(
        {
          host: args.hostname,
          port: args.port,
          count: args.count,
          arrival:
            args.rate === undefined
              ? { kind: 'interval', everyMs: args.interval ?? 10 }
              : { kind: 'rate', perSecond: args.rate },
          protocol: PROTOCOL[args['mqtt-version']],
          clean: args.clean,
          sessionExpirySeconds: args['session-expiry-interval'],
          keepAliveSeconds: args.keepalive,
          reconnect:
            args.reconnect === undefined
              ? { kind: 'fixed', baseMs: periodMs, tries: periodMs === 0 ? 0 : tries }
              : { preset: args.reconnect },
          workers: args.workers,
          seed: args.seed,
          ...(args['client-id'] === undefined ? {} : { clientId: args['client-id'] }),
          ...(args.username === undefined ? {} : { username: args.username }),
          ...(args.password === undefined ? {} : { password: args.password }),
          ...(args.duration === undefined ? {} : { durationSeconds: args.duration }),
        },
        output,
        stopped.signal,
      )
    } finally {
      stopped.release()
    }
  },
})
