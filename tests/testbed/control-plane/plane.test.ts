import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { ARGUMENTS } from '#weir/testbed/control-plane/command-lines.ts'
import { FILES, writePlaneFiles } from '#weir/testbed/control-plane/files.ts'
import { inNewNamespace, isEntered } from '#weir/testbed/control-plane/namespace.ts'
import {
  isServiceAddress,
  NETWORK_COMMANDS,
  NODE_IP,
  POD_PREFIX,
} from '#weir/testbed/control-plane/network.ts'
import { lastComplaint } from '#weir/testbed/control-plane/process.ts'
import { type EmbeddedOptions, startEmbedded } from '#weir/testbed/index.ts'

let dir: string
test.before.each(() => {
  dir = mkdtempSync(join(tmpdir(), 'weir-plane-'))
})
test.after.each(() => rmSync(dir, { recursive: true, force: true }))

test('nothing but the API server listens on an address', () => {
  for (const argument of ARGUMENTS.etcd) if (/-urls=/.test(argument)) assert.match(argument, /=unix:\/\//)
  assert.ok(ARGUMENTS['kube-controller-manager'].includes('--secure-port=0'))
  assert.ok(ARGUMENTS['kube-apiserver'].includes(`--bind-address=${NODE_IP}`))
})

test('the API server authorizes by RBAC, and the controllers are accounts of their own', () => {
  assert.ok(ARGUMENTS['kube-apiserver'].includes('--authorization-mode=RBAC'))
  assert.ok(ARGUMENTS['kube-controller-manager'].includes('--use-service-account-credentials=true'))
})

test('every file that a command line names is written, for this user alone, with new secrets each time', () => {
  const first = writePlaneFiles(dir)
  const kubeconfig = parse(readFileSync(join(dir, FILES.controllers), 'utf8'))
  const tokens = readFileSync(join(dir, FILES.tokens), 'utf8')
  assert.ok(tokens.includes(first.token))
  assert.ok(tokens.includes(kubeconfig.users[0].user.token))
  assert.is(
    Buffer.from(kubeconfig.clusters[0].cluster['certificate-authority-data'], 'base64').toString(),
    first.certificate,
  )
  for (const name of [FILES.certificate, FILES.key, FILES.accountKey, FILES.tokens, FILES.controllers])
    assert.is(statSync(join(dir, name)).mode & 0o777, 0o600, name)
  assert.is.not(writePlaneFiles(dir).token, first.token)
})

test('pods and Services have no loopback addresses, and the namespace owns them all', () => {
  assert.ok(NODE_IP.startsWith('10.244.'))
  assert.ok(POD_PREFIX.startsWith('10.244.'))
  assert.ok(isServiceAddress('10.96.7.8'))
  assert.not(isServiceAddress('None'))
  assert.not(isServiceAddress('10.244.0.1'))
  assert.ok(NETWORK_COMMANDS.some((command) => command.startsWith('route add local 10.244.0.0/16 dev lo')))
})

test('a process has entered a namespace when it is in another one than it was started in', () => {
  const current = () => 'net:[2]'
  assert.is(isEntered({ WEIR_ENTERED_FROM: 'net:[1]' }, current), true)
  assert.is(isEntered({}, current), false)
  // Set by hand, or inherited by a process that is still outside.
  assert.is(isEntered({ WEIR_ENTERED_FROM: 'net:[2]' }, current), false)
  assert.equal(inNewNamespace(['node', 'weir.mjs']), ['--net', '--', 'node', 'weir.mjs'])
})

test('what a program complained of last, in the words of klog and of etcd', () => {
  const log = join(dir, 'log')
  assert.is(lastComplaint(log), '')
  writeFileSync(log, 'I1129 09:00:00.000001    7 server.go:1] started\n')
  assert.is(lastComplaint(log), '')
  writeFileSync(log, 'E1129 09:00:00.000001    7 run.go:1] "command failed" err="no"\nI1129 x\n')
  assert.is(lastComplaint(log), ': run.go:1] "command failed" err="no"')
  writeFileSync(log, '{"level":"fatal","msg":"listen failed"}\n')
  assert.is(lastComplaint(log), ': {"level":"fatal","msg":"listen failed"}')
})

test('a process outside of the namespace is told which command enters it', async () => {
  const options: EmbeddedOptions = { kind: 'control-plane', operator: '2.1.2', faults: [], seed: 1, dir }
  const error = await startEmbedded(options).then(
    () => undefined,
    (thrown) => thrown,
  )
  assert.is(error?.code, 'WEIR_CONTROL_PLANE')
  assert.match(error.message, /use the command "weir run"$/)
})

test.run()
