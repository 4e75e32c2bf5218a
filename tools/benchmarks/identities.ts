/**
 * What clients with an identity of their own cost `weir bench conn`: CPU per connection with the header of a proxy, with a user name and
 * password of each client (patterns, and a file), and over TLS with a certificate of each client, as ratios to the same without. Rounds
 * alternate, so that whatever else the machine does falls on all; the median of the rounds' ratios counts. Start-up is left out: it is what
 * one client costs. Aim: at most 1.10.
 *
 * usage: node dist/tools/benchmarks/identities.js [rounds=3]     (Linux, with openssl; the listener is a process of its own)
 */
import { execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTls } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { quantile } from '#weir/assertions/statistics/index.ts'
import { packageFile } from '#weir/errors/index.ts'
import { cpuSeconds } from '../process-cost.ts'

const CONNACK = Buffer.from([0x20, 3, 0, 0, 0])
const CONNECT = 0x10
const PLAIN = { clients: 8000, rate: 2000 }
const TLS = { clients: 1000, rate: 250 }

interface Ports {
  plain: number
  tls: number
  /** TLS that asks for a certificate of the client. */
  mutual: number
}

/** Answers the first bytes of each client with CONNACK, whatever comes before its CONNECT, and the last ones with the end. */
async function listen(folder: string): Promise<void> {
  const serve = (socket: Socket) => {
    socket.on('error', () => undefined)
    let isAccepted = false
    socket.on('data', (bytes) => {
      if (isAccepted) socket.end()
      else if (bytes.includes(CONNECT)) {
        isAccepted = true
        socket.write(CONNACK)
      }
    })
  }
  const pem = (name: string) => readFileSync(join(folder, name))
  const own = { cert: pem('server.pem'), key: pem('server.key') }
  const asking = { ...own, ca: pem('ca.pem'), requestCert: true, rejectUnauthorized: true }
  const portOf = async (server: Server): Promise<number> => {
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 })
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  process.on('disconnect', () => process.exit())
  process.send!({
    plain: await portOf(createServer(serve)),
    tls: await portOf(createTls(own, serve)),
    mutual: await portOf(createTls(asking, serve)),
  } satisfies Ports)
}

/** An authority, a server and so many clients, with elliptic keys. */
function makeCertificates(folder: string, clients: number): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=benchmark',
    '-days',
    '2',
  )
  const issue = (name: string, ...more: string[]) => {
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', '2', ...more]
    openssl(
      'req',
      '-x509',
      ...newKey,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-subj',
      `/CN=${name}`,
      ...signed,
    )
  }
  issue('server', '-addext', 'subjectAltName=IP:127.0.0.1')
  for (let client = 0; client < clients; client++) issue(String(client))
}

let runs = 0

/** CPU seconds of `weir bench conn` when all its clients are connected. */
async function measure(
  port: number,
  clients: number,
  rate: number,
  flags: readonly string[],
): Promise<number> {
  // A closed connection keeps its port for a minute: each run has an address of its own.
  const from = `127.8.${process.pid % 250}.${1 + (runs++ % 250)}`
  const load = [
    '-c',
    String(clients),
    '--rate',
    String(rate),
    '--in-flight',
    '128',
    '--workers',
    '1',
    '--ifaddr',
    from,
  ]
  const weir = [
    fileURLToPath(packageFile('cli/weir.mjs')),
    'bench',
    'conn',
    '-h',
    '127.0.0.1',
    '-p',
    String(port),
  ]
  const child = spawn(process.execPath, [...weir, ...load, '-k', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  let said = ''
  const connected = new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (bytes) => {
      said += bytes
      if (said.includes('connected after')) resolve()
    })
    child.stdout.resume()
    child.on('exit', (code) => reject(new Error(`weir ended with ${code}: ${said}`)))
  })
  await connected
  const cost = cpuSeconds(child.pid!)
  child.kill('SIGINT')
  await ended
  return cost
}

interface Variant {
  name: string
  port: number
  flags: readonly string[]
}

/** The first variant is the one that the others are compared with. */
async function compare(
  title: string,
  { clients, rate }: typeof PLAIN,
  variants: readonly Variant[],
  rounds: number,
): Promise<void> {
  const perClientUs = async ({ port, flags }: Variant): Promise<number> => {
    const [one, all] = [await measure(port, 1, rate, flags), await measure(port, clients, rate, flags)]
    return (1e6 * (all - one)) / (clients - 1)
  }
  const costs = variants.map((): number[] => [])
  for (let round = 0; round < rounds; round++)
    for (const i of variants.keys()) {
      const nth = round % 2 === 0 ? i : variants.length - 1 - i
      costs[nth]!.push(await perClientUs(variants[nth]!))
    }
  const [base] = costs
  for (const [i, { name }] of variants.entries()) {
    const ratios = costs[i]!.map((cost, round) => cost / base![round]!)
    const [least, middle, most] = [0, 0.5, 1].map((p) => quantile(ratios, p).toFixed(2))
    const us = quantile(costs[i]!, 0.5).toFixed(0)
    console.log(
      `${title}, ${name}: ${us} µs of CPU per connection, × ${middle} (${least}–${most}) in ${rounds} rounds`,
    )
  }
}

async function compareAll(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'weir-identities-'))
  makeCertificates(folder, TLS.clients)
  const csv = join(folder, 'users.csv')
  const rows = Array.from({ length: PLAIN.clients }, (_, k) => `dev_${k},pw_${k}`)
  writeFileSync(csv, ['username,password', ...rows].join('\n'))
  const listener = fork(fileURLToPath(import.meta.url), ['listen', folder])
  try {
    const [{ plain, tls, mutual }] = (await once(listener, 'message')) as [Ports]
    const user = ['-u', 'somebody', '-P', 'something']
    const tcp = (name: string, ...flags: string[]): Variant => ({ name, port: plain, flags })
    await compare(
      'TCP',
      PLAIN,
      [
        tcp('one user', ...user),
        tcp('--proxy-protocol v2', ...user, '--proxy-protocol', 'v2'),
        tcp('-u dev_%i -P pw_%i', '-u', 'dev_%i', '-P', 'pw_%i'),
        tcp('--credentials', '--credentials', csv),
      ],
      rounds,
    )
    const secure = ['-l', 'mqtts', '--ca', join(folder, 'ca.pem')]
    const pem = (name: string) => [
      '--cert',
      join(folder, `${name}.pem`),
      '--key',
      join(folder, `${name}.key`),
    ]
    await compare(
      'TLS',
      TLS,
      [
        { name: 'no certificate of the client', port: tls, flags: secure },
        { name: 'one certificate for all', port: mutual, flags: [...secure, ...pem('0')] },
        { name: 'a certificate of each', port: mutual, flags: [...secure, ...pem('%i')] },
      ],
      rounds,
    )
  } finally {
    listener.kill()
    rmSync(folder, { recursive: true })
  }
}

if (process.argv[2] === 'listen') await listen(process.argv[3]!)
else await compareAll(Number(process.argv[2] ?? 3))
