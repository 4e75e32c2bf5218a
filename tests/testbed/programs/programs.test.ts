import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Container, Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { startPrograms } from '#weir/testbed/programs/index.ts'
import type { NodeDirectory } from '#weir/testbed/types.ts'
import { testWith } from '../../support/programs.ts'
import { startHarness } from '../apiserver/harness.ts'
import { until } from '../emqx/support/until.ts'

/** A shell script as the content of an image, with its own folder and what it printed. */
async function bed(script: string, more: Partial<Container> = {}, spec: object = {}) {
  const harness = await startHarness()
  const { kube } = harness
  const dir = mkdtempSync(join(tmpdir(), 'weir-programs-'))
  const file = join(dir, 'script')
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  const account = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: 'default' },
  }
  await kube.create(resources.serviceAccounts, account)
  await kube.create(resources.secrets, {
    metadata: { name: 'keys', namespace: 'default' },
    stringData: { key: 'abc' },
  } as never)
  const complaints: string[] = []
  const programs = await startPrograms(kube, {
    apiServer: { host: '127.0.0.1', port: 6443, certificate: 'CERTIFICATE' },
    dir,
    logs: join(dir, 'logs'),
    log: (line) => complaints.push(line),
  })
  programs.serve((image) => image === 'image:1', {
    entrypoint: ['/program'],
    mounts: () => [{ from: file, at: '/program' }],
  })
  const container: Container = { name: 'main', image: 'image:1', ...more }
  const pod: Pod = {
    metadata: { name: 'p', namespace: 'default', uid: 'u' },
    spec: { containers: [container], ...spec },
  }
  const lines: string[] = []
  const prepare = () => programs.programOf('image:1')!.prepare({ pod, container, podIp: '127.0.0.1' })
  return {
    programs,
    lines,
    prepare,
    start: async () => {
      const prepared = await prepare()
      if ('missing' in prepared) throw new Error(prepared.missing)
      return prepared.start((line) => void lines.push(line))
    },
    printed: () => readFileSync(join(dir, 'logs', 'p_main.log'), 'utf8').trim(),
    async close() {
      programs.close()
      await harness.close()
      rmSync(dir, { recursive: true })
    },
  }
}

const sandboxed = testWith('unshare')

sandboxed('a program sees what its pod gives it, and leaves no trace on the machine', async () => {
  const { start, printed, lines, close } = await bed(
    'cat /var/run/secrets/kubernetes.io/serviceaccount/namespace /etc/keys/key; echo; grep localhost /etc/hosts; hostname; pwd; echo "$A $1"; touch /tmp/trace /var/trace; ls /tmp; touch /usr/trace 2>/dev/null || echo protected',
    {
      args: ['$(A)!'],
      env: [{ name: 'A', value: 'b' }],
      workingDir: '/etc',
      volumeMounts: [{ name: 'keys', mountPath: '/etc/keys' }],
    },
    { volumes: [{ name: 'keys', secret: { secretName: 'keys' } }] },
  )
  assert.is(await (await start()).exited, 0)
  assert.is(
    printed(),
    ['defaultabc', '127.0.0.1 localhost', 'p', '/etc', 'b b!', 'trace', 'protected'].join('\n'),
  )
  assert.is(lines.join('\n'), printed(), "its container's log has the same lines")
  assert.throws(() => readFileSync('/tmp/trace'), /ENOENT/)
  assert.throws(() => readFileSync('/var/trace'), /ENOENT/)
  await close()
})

sandboxed('it ends by SIGTERM, or by SIGKILL with all that it has started', async () => {
  const { start, printed, close } = await bed(
    'trap "echo term; exit 3" TERM; sleep 60 & echo $!; while :; do sleep 0.05; done',
  )
  const first = await start()
  await until(() => printed() !== '')
  first.terminate()
  assert.is(await first.exited, 3)
  const child = Number(printed().split('\n')[0])
  await until(() => !isAlive(child))
  const second = await start()
  await until(() => printed().split('\n').length === 3)
  second.kill()
  assert.is(await second.exited, 137)
  await until(() => !isAlive(Number(printed().split('\n')[2])))
  await close()
})

sandboxed('a command runs beside it, in the same place', async () => {
  const { start, printed, close } = await bed('echo here >/tmp/here; echo up; while :; do sleep 0.05; done')
  const running = await start()
  await until(() => printed() === 'up')
  assert.is(await running.exec?.(['cat', '/tmp/here']), 0)
  assert.is(await running.exec?.(['cat', '/tmp/elsewhere']), 1)
  assert.match(printed(), /^up\nhere\n/)
  running.kill()
  await running.exited
  await close()
})

test('what it mounts must be there before it starts', async () => {
  const { prepare, close } = await bed(
    'true',
    { volumeMounts: [{ name: 'certificates', mountPath: '/c' }] },
    { volumes: [{ name: 'certificates', secret: { secretName: 'none' } }] },
  )
  assert.equal(await prepare(), {
    missing: 'MountVolume.SetUp failed for volume "certificates" : secret "none" not found',
  })
  await close()
})

sandboxed('its last words are known', async () => {
  const { programs, start, close } = await bed('echo one; echo two >&2; exit 2')
  assert.is(programs.lastWords('image:1'), 'it printed nothing')
  assert.is(await (await start()).exited, 2)
  assert.is(programs.lastWords('image:1'), 'two')
  await close()
})

/** A connection that is passed on to a program's port, as the service proxy does: its two ends. */
async function carried(podIp: string, find: (ip: string) => ReturnType<NodeDirectory['find']>) {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, podIp, resolve))
  const front = createServer((socket) => find(podIp)?.accept(socket, (server.address() as AddressInfo).port))
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  const client = connect((front.address() as AddressInfo).port, '127.0.0.1')
  const [program] = (await once(server, 'connection')) as [Socket]
  server.close()
  front.close()
  return { client, program }
}

test('a connection to a program ends as the program ends it: with its last bytes, or with a reset', async () => {
  const { programs, prepare, close } = await bed('true')
  assert.is(programs.find('127.0.0.1'), undefined)
  await prepare()
  const first = await carried('127.0.0.1', programs.find)
  let got = ''
  first.client.on('data', (chunk) => {
    got += chunk
  })
  const long = 'x'.repeat(3_000_000)
  first.program.end(long)
  await once(first.client, 'end')
  assert.is(got.length, long.length)
  const second = await carried('127.0.0.1', programs.find)
  const failed = once(second.client, 'error') as Promise<[NodeJS.ErrnoException]>
  second.program.resetAndDestroy()
  assert.is((await failed)[0].code, 'ECONNRESET')
  await close()
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test.run()
