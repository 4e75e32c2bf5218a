/** Clients over TLS and WebSocket, each with an identity of its own, on a cluster whose Service has no port for MQTT over TCP. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { readRecord } from '#weir/record/index.ts'
import { Authority } from '../../bench/brokers/certificates.ts'
import { FakeBroker } from '../../bench/support/fake-broker.ts'
import { weir } from '../weir.ts'
import { once, weirProcess } from '../weir-process.ts'
import { startOwnCluster } from './own-cluster.ts'

const CLIENTS = 12
const SCENARIO = 'blue-green-v5-quick'
const own = await startOwnCluster(
  {
    scenario: SCENARIO,
    set: ['cluster.manifest.spec.coreTemplate.spec.replicas=2'],
    resource: resources.emqxes,
  },
  { operator: '2.2.29', healthCheckWaitSeconds: 1 },
)
const { dir } = own
test.after(own.close)
const kubeconfig = await own.asWeir()
await own.settled()
await own.admin.create(resources.services, {
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'secure', namespace: 'default' } },
  spec: {
    type: 'NodePort',
    selector: { 'apps.emqx.io/instance': own.name },
    ports: [
      { name: 'ssl-default', port: 8883, targetPort: 8883 },
      { name: 'wss-default', port: 8084, targetPort: 8084 },
    ],
  },
})

const cluster = ['--kubeconfig', kubeconfig, '--service', 'secure']
const on = [...cluster, '--set', `fleet.clients=${CLIENTS}`]
const file = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text)
  return join(dir, name)
}

/** The doctor's words for what is missing of the way of clients, on one line. */
async function lacking(...flags: string[]): Promise<string> {
  // An address stands instead of the Service.
  const where = flags.includes('--address') ? ['--kubeconfig', kubeconfig] : cluster
  const few = ['--set', `fleet.clients=${CLIENTS}`]
  const { code, stdout, stderr } = await weirProcess([
    'doctor',
    SCENARIO,
    '--json',
    ...where,
    ...few,
    ...flags,
  ])
  assert.is(code, 4, stdout + stderr)
  const { checks } = JSON.parse(stdout) as { checks: Record<'check' | 'state' | 'says' | 'todo', string>[] }
  const missing = checks.filter(({ state }) => state === 'missing')
  assert.ok(
    missing.every(({ check }) => check === 'mqtt' || check === 'client-address'),
    stdout,
  )
  return `${missing[0]!.says}: ${missing[0]!.todo}`
}

test('without a port for MQTT over TCP it says which there are, and which flags to use', async () => {
  const has =
    'ssl-default \\(8883\\) for MQTT over TLS, wss-default \\(8084\\) for MQTT over WebSocket with TLS'
  const words = new RegExp(
    `no port for MQTT over TCP \\(1883\\): it has ${has}: use --protocol mqtts or --protocol wss$`,
  )
  assert.match(await lacking(), words)
  const { code, stderr } = await weirProcess(['run', SCENARIO, ...on, '--yes'])
  assert.is(code, 4)
  assert.match(stderr, 'use --protocol mqtts or --protocol wss')
  const observed = await weirProcess(['observe', ...cluster, '--clients', '2'])
  assert.is(observed.code, 4)
  assert.match(observed.stderr, 'use --protocol mqtts or --protocol wss')
})

test('each address is tried by a handshake of the transport', async () => {
  for (const protocol of ['mqtts', 'wss']) {
    const flags = [SCENARIO, ...on, '--protocol', protocol, '--insecure']
    const { code, stdout } = await weirProcess(['doctor', ...flags])
    assert.is(code, 0, stdout)
    assert.match(
      stdout.replaceAll(/\s+/g, ' '),
      protocol === 'wss' ? 'by MQTT over WebSocket with TLS' : 'by MQTT over TLS',
    )
  }
  assert.match(await lacking('--protocol', 'mqtts'), /self-signed.*: set its authority with --ca/)
  assert.match(
    await lacking('--protocol', 'wss', '--insecure', '--path', '/elsewhere'),
    /404: check the port, --path and --ws-headers/,
  )
})

test('plain on TLS, TLS on plain and the other mistakes: one sentence, and nothing of credentials', async () => {
  const plain = await FakeBroker.listen()
  const at = `127.0.0.1:${plain.port}`
  try {
    const cases: [string[], RegExp][] = [
      [['--listener', 'ssl-default'], /speaks TLS, and -l mqtt is not encrypted: use -l mqtts$/],
      [['--listener', 'wss-default'], /speaks TLS, and -l mqtt is not encrypted: use -l wss$/],
      [
        ['--listener', 'wss-default', '--protocol', 'mqtts', '--insecure'],
        /speaks HTTP \(WebSocket\), not plain MQTT: use -l wss or another port$/,
      ],
      [
        ['--address', at, '--protocol', 'mqtts', '--insecure'],
        /does not speak TLS, and -l mqtts is encrypted: use -l mqtt$/,
      ],
      [['--address', at, '--protocol', 'ws'], /speaks plain MQTT, not HTTP \(WebSocket\): use -l mqtt/],
    ]
    for (const [flags, words] of cases) {
      const said = await lacking(...flags)
      assert.match(said, words)
      assert.not.match(said, /WEIR_MQTT/)
    }
    const ran = await weirProcess(['run', SCENARIO, ...on, '--yes', '--listener', 'ssl-default'])
    assert.is(ran.code, 4)
    assert.match(ran.stderr, /speaks TLS, and -l mqtt is not encrypted: use -l mqtts/)
  } finally {
    await plain.close()
  }
})

/** Every file of a record. */
const textsIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name), 'latin1'))

const ASSERTS = '[conservation, hops, refusals, session-kept, all-new, messages, available]'

test('a run over wss with an identity for each client: it passes, and no secret is in anything it wrote', async () => {
  const authority = await Authority.create()
  mkdirSync(join(dir, 'certs'))
  const secrets: string[] = ['Bearer s3cr3t-of-the-header']
  const rows = ['username,password']
  for (let i = 0; i < CLIENTS; i++) {
    const { cert, key } = await authority.issue(`dev_${i}`)
    file(`certs/${i}.pem`, cert)
    file(`certs/${i}.key`, key)
    rows.push(`user-of-${i}-x,pass-of-${i}-x`)
    secrets.push(key.split('\n')[1]!, cert.split('\n')[1]!, `pass-of-${i}-x`, `user-of-${i}-x`)
  }
  const { code, stdout, stderr } = await weirProcess([
    ...['run', SCENARIO, ...on, '--yes', '--out', join(dir, 'run'), '--set', `assert=${ASSERTS}`],
    ...['--protocol', 'wss', '--insecure', '--credentials', file('users.csv', rows.join('\n'))],
    ...['--cert', join(dir, 'certs/%i.pem'), '--key', join(dir, 'certs/%i.key')],
    ...['--ws-headers', `Authorization: ${secrets[0]}`, '--client-id', 'device-%i'],
  ])
  assert.is(code, 0, stdout + stderr)
  assert.match(stderr, /clients +12 through .*MQTT over WebSocket/)
  assert.match(stderr, 'Its client ids are device-0 to device-11.')
  const { manifest, fleet, events } = await readRecord(join(dir, 'run'))
  assert.is(fleet.ids[3], 'device-3')
  assert.ok(events.some((event) => event.type === 'listing' && event.connected.includes('device-3')))
  const { resolved } = manifest.scenario as { resolved: { fleet: { transport: object } } }
  assert.equal(resolved.fleet.transport, {
    ...{ protocol: 'wss', cert: '%i.pem', key: '%i.key', insecure: true },
  })
  const written = textsIn(join(dir, 'run'))
  assert.ok(written.length > 8)
  for (const text of [...written, stdout, stderr])
    for (const secret of secrets) assert.not.ok(text.includes(secret), secret)
})

test('an observation with clients over TLS, whose users are a pattern of the environment', async () => {
  const env = { WEIR_MQTT_USERNAME: 'watcher-%i-x', WEIR_MQTT_PASSWORD: 'w4tch-%i-x' }
  const out = join(dir, 'observed')
  const { stdout, stderr } = await weirProcess(
    [
      ...['observe', ...cluster, '--clients', '4', '--hold', '1', '--out', out],
      ...['--protocol', 'mqtts', '--insecure'],
    ],
    once('  change-begun', () => void own.change({ image: 'emqx/emqx-enterprise:5.8.8' })),
    env,
  )
  const { manifest, events } = await readRecord(out)
  assert.is(manifest.end?.how, 'completed', stdout + stderr)
  const started = events.find((event) => event.type === 'action' && event.action === 'start-fleet')
  assert.match((started?.type === 'action' && started.detail) || '', '4 clients through nodePort over mqtts')
  assert.ok(events.some((event) => event.type === 'probe' && event.ok))
  assert.ok(manifest.command?.join(' ').includes('--protocol mqtts --insecure'))
  for (const text of textsIn(out))
    for (const secret of ['w4tch-', 'watcher-']) assert.not.ok(text.includes(secret))
})

test('who does not fit is refused before anything starts, in one line', async () => {
  const few = file('few.csv', 'clientid,username,password\na,u,p\nb,u,p\n')
  const twice = file('twice.csv', 'clientid\na\nb\na\n')
  const users = file('same.csv', `username\n${'one\n'.repeat(CLIENTS)}`)
  const cases: [string[], RegExp][] = [
    [
      ['--credentials', few],
      /few\.csv has 2 rows, and there are 12 clients: use at most 2 clients, or add rows/,
    ],
    [['--credentials', twice], /lines 2 and 4 both have the client id "a"/],
    [['--credentials', users, '--client-id', '%u'], /clients 0 and 1 would both have the id "one"/],
    [['--credentials', join(dir, 'none.csv')], /none\.csv cannot be read/],
    [['--protocol', 'mqtts', '--ca', join(dir, 'none.pem')], /--ca .*none\.pem cannot be read/],
    [
      ['--protocol', 'mqtts', '--cert', join(dir, 'certs/%i-x.pem'), '--key', join(dir, 'certs/%i.key')],
      /--cert .*0-x\.pem cannot be read/,
    ],
    [['--password-file', join(dir, 'none.txt')], /--password-file .*none\.txt cannot be read/],
    [['--password-file', file('empty.txt', '\n')], /has nothing in it/],
    [['--ca', few], /--ca requires -l mqtts or -l wss/],
    [['--protocol', 'tcp'], /--protocol is tcp but must be one of mqtt, mqtts, ws, wss/],
    [['--proxy-sources', '10.0.0.0/8'], /--proxy-sources requires --proxy-protocol/],
    [['--password-file', file('pw.txt', 'pw\n')], /MQTT 3\.1\.1, which requires one: add --username/],
  ]
  for (const command of ['run', 'doctor'])
    for (const [flags, words] of cases) {
      const yes = command === 'run' ? ['--yes', '--out', join(dir, 'refused')] : []
      const { code, stdout, stderr } = await weir([command, SCENARIO, ...on, ...flags, ...yes])
      assert.is(code, 2, stdout + stderr)
      assert.match(stderr, words)
      assert.match(stderr, /^weir: [^\n]*\[WEIR_USAGE\]\n$/)
    }
  assert.not.ok(readdirSync(dir).includes('refused'))
})

test.run()
