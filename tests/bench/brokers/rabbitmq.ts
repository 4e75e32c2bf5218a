import { createHash, randomBytes } from 'node:crypto'
import { globSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { MqttUser, TransportProtocol } from '#weir/bench/types.ts'
import type { Broker, BrokerOptions, ListenerSpec } from './broker.ts'
import { BrokerProcess } from './broker-process.ts'
import { startBroker } from './start-broker.ts'

/** RabbitMQ's own script: Debian's wrapper in /usr/sbin changes the user and the directory, and wants to be root. */
const SCRIPT = globSync('/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server').at(0)

/** Who may come when nobody in particular was named. */
const ANYBODY: MqttUser = { username: 'anybody', password: 'anybody' }

/**
 * Starts a RabbitMQ node with its MQTT plugins on free ports of 127.0.0.1 and waits until it is ready: that takes seconds
 * and some hundred MiB, so a test file shares one. Debian's 3.10 speaks MQTT 3.1.1 only, and has one listener of a protocol.
 */
export function startRabbitmq(options: BrokerOptions = {}): Promise<Broker> {
  const listeners = options.listeners ?? [{ protocol: 'mqtt' }]
  return startBroker({
    name: 'rabbitmq',
    listeners: listeners.length,
    innerPorts: 3,
    readyLine: 'Server startup complete',
    async launch(folder, ports, [epmdPort, distributionPort, sparePort]) {
      await writeFiles(folder, listeners, ports, sparePort!, options)
      const env = environment(folder, epmdPort!, distributionPort!)
      // Started beforehand and in the foreground, or the node starts one that stays behind.
      const epmd = new BrokerProcess({ file: 'epmd', args: [], cwd: folder, env })
      const node = new BrokerProcess({ file: SCRIPT!, args: [], cwd: folder, env })
      return [epmd, node]
    },
  })
}

function environment(folder: string, epmdPort: number, distributionPort: number): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    HOME: folder,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(epmdPort),
    // Every Erlang that this starts listens on loopback only.
    ERL_AFLAGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    // exec instead of a shell that waits: the process is the node itself.
    RABBITMQ_ALLOW_INPUT: '1',
    RABBITMQ_SERVER_START_ARGS: '-noinput',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 2:2',
    RABBITMQ_NODENAME: `weir-${epmdPort}@localhost`,
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_PLUGINS_DIR: join(dirname(SCRIPT!), '../plugins'),
    RABBITMQ_PLUGINS_EXPAND_DIR: join(folder, 'plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(folder, 'config'),
  }
}

async function writeFiles(
  folder: string,
  listeners: readonly ListenerSpec[],
  ports: readonly number[],
  sparePort: number,
  { users, tls, config = '' }: BrokerOptions,
): Promise<void> {
  const has = (wanted: TransportProtocol) => listeners.some(({ protocol }) => protocol === wanted)
  const web = has('ws') || has('wss')
  await mkdir(join(folder, 'log'), { recursive: true })
  await writeFile(join(folder, 'enabled_plugins'), `[rabbitmq_mqtt${web ? ',rabbitmq_web_mqtt' : ''}].\n`)
  for (const [name, pem] of Object.entries(tls ?? {})) await writeFile(join(folder, `${name}.pem`), pem)
  await writeFile(join(folder, 'definitions.json'), JSON.stringify(definitions(users ?? [ANYBODY])))
  const lines = [
    'log.console = true',
    'log.console.level = info',
    'listeners.tcp = none',
    ...(has('mqtt') ? [] : ['mqtt.listeners.tcp = none']),
    ...(web ? ['web_mqtt.ws_path = /mqtt'] : []),
    // The plugin always has a listener without TLS, on all addresses unless it is told where.
    ...(web && !has('ws') ? LISTENER.ws(sparePort) : []),
    `load_definitions = ${folder}/definitions.json`,
    `mqtt.allow_anonymous = ${users === undefined}`,
    `mqtt.default_user = ${ANYBODY.username}`,
    `mqtt.default_pass = ${ANYBODY.password}`,
    ...listeners.flatMap((listener, i) => listenerLines(folder, listener, ports[i]!)),
    config,
  ]
  await writeFile(join(folder, 'rabbitmq.conf'), `${lines.join('\n')}\n`)
  await writeFile(join(folder, 'advanced.config'), advancedConfig(folder, listeners, ports))
}

const LISTENER: Record<TransportProtocol, (port: number) => string[]> = {
  mqtt: (port) => [`mqtt.listeners.tcp.1 = 127.0.0.1:${port}`],
  mqtts: (port) => [`mqtt.listeners.ssl.1 = 127.0.0.1:${port}`],
  ws: (port) => ['web_mqtt.tcp.ip = 127.0.0.1', `web_mqtt.tcp.port = ${port}`],
  wss: () => [],
}

function listenerLines(folder: string, listener: ListenerSpec, port: number): string[] {
  const lines = LISTENER[listener.protocol](port)
  if (listener.protocol !== 'mqtts') return lines
  return [
    ...lines,
    `ssl_options.cacertfile = ${folder}/ca.pem`,
    `ssl_options.certfile = ${folder}/cert.pem`,
    `ssl_options.keyfile = ${folder}/key.pem`,
    `ssl_options.verify = ${listener.clientCertificate ? 'verify_peer' : 'verify_none'}`,
    `ssl_options.fail_if_no_peer_cert = ${listener.clientCertificate ?? false}`,
  ]
}

/** The listener of wss can ask for certificates only in the older form of configuration. */
function advancedConfig(
  folder: string,
  listeners: readonly ListenerSpec[],
  ports: readonly number[],
): string {
  const at = listeners.findIndex(({ protocol }) => protocol === 'wss')
  if (at === -1) return '[].\n'
  const asks = listeners[at]!.clientCertificate ?? false
  const options = [
    '{ip, "127.0.0.1"}',
    `{port, ${ports[at]}}`,
    `{cacertfile, "${folder}/ca.pem"}`,
    `{certfile, "${folder}/cert.pem"}`,
    `{keyfile, "${folder}/key.pem"}`,
    `{verify, ${asks ? 'verify_peer' : 'verify_none'}}`,
    `{fail_if_no_peer_cert, ${asks}}`,
  ]
  return `[{rabbitmq_web_mqtt, [{ssl_config, [${options.join(', ')}]}]}].\n`
}

/** Users as RabbitMQ stores them: a salt of four bytes, then SHA-256 over it and the password. */
function definitions(users: readonly MqttUser[]): unknown {
  return {
    users: users.map(({ username, password }) => ({
      name: username,
      password_hash: passwordHash(password),
      hashing_algorithm: 'rabbit_password_hashing_sha256',
      tags: [],
    })),
    vhosts: [{ name: '/' }],
    permissions: users.map(({ username }) => ({
      user: username,
      vhost: '/',
      configure: '.*',
      write: '.*',
      read: '.*',
    })),
  }
}

function passwordHash(password: string): string {
  const salt = randomBytes(4)
  const hash = createHash('sha256').update(salt).update(password).digest()
  return Buffer.concat([salt, hash]).toString('base64')
}
