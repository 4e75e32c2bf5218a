import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MqttUser } from '#weir/bench/types.ts'
import { PATH } from '../../support/programs.ts'
import { type Broker, type BrokerOptions, type ListenerSpec, needsTls } from './broker.ts'
import { BrokerProcess } from './broker-process.ts'
import { startBroker } from './start-broker.ts'

/** Starts a mosquitto on free ports of 127.0.0.1 and waits until it accepts connections. It speaks 3.1.1 and 5, and WebSocket. */
export function startMosquitto(options: BrokerOptions = {}): Promise<Broker> {
  const listeners = options.listeners ?? [{ protocol: 'mqtt' }]
  return startBroker({
    name: 'mosquitto',
    listeners: listeners.length,
    async launch(folder, ports) {
      await writeFiles(folder, options)
      await writeFile(join(folder, 'mosquitto.conf'), configuration(folder, listeners, ports, options))
      return [
        new BrokerProcess({ file: 'mosquitto', args: ['-c', 'mosquitto.conf'], cwd: folder, env: { PATH } }),
      ]
    },
  })
}

async function writeFiles(folder: string, { users, tls }: BrokerOptions): Promise<void> {
  if (users) await writeFile(join(folder, 'passwords'), users.map(passwordLine).join(''))
  for (const [name, pem] of Object.entries(tls ?? {})) await writeFile(join(folder, `${name}.pem`), pem)
}

function configuration(
  folder: string,
  listeners: readonly ListenerSpec[],
  ports: readonly number[],
  { users, config = '' }: BrokerOptions,
): string {
  const lines = [
    // Started by root it would become another user, who may not read the folder.
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    'log_dest stdout',
    'persistence false',
    ...(users ? [`password_file ${folder}/passwords`] : ['allow_anonymous true']),
    config,
    // With WebSocket listeners alone it says that it could not start any and ends.
    'listener 0 mosquitto.sock',
    ...listeners.flatMap((listener, i) => listenerLines(folder, listener, ports[i]!)),
  ]
  return `${lines.join('\n')}\n`
}

function listenerLines(folder: string, listener: ListenerSpec, port: number): string[] {
  const webSocket = listener.protocol === 'ws' || listener.protocol === 'wss'
  return [
    `listener ${port} 127.0.0.1`,
    // Without the domain a WebSocket listener is open to every address.
    ...(webSocket ? ['protocol websockets', 'socket_domain ipv4'] : []),
    ...(needsTls(listener) ? ['ca', 'cert', 'key'].map((name) => `${name}file ${folder}/${name}.pem`) : []),
    ...(listener.clientCertificate ? ['require_certificate true'] : []),
  ]
}

/** As mosquitto_passwd 2.0 writes it: PBKDF2 with SHA-512, type 7. */
function passwordLine({ username, password }: MqttUser): string {
  const rounds = 101
  const salt = randomBytes(12)
  const hash = pbkdf2Sync(password, salt, rounds, 64, 'sha512')
  return `${username}:$7$${rounds}$${salt.toString('base64')}$${hash.toString('base64')}\n`
}
