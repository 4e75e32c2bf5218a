import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { arch, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import { prepareOperator } from '#weir/testbed/operator/install/program.ts'

const MACHINE: Record<string, number> = { x64: 62, arm64: 183 }

let dir: string
test.before.each(() => {
  dir = mkdtempSync(join(tmpdir(), 'weir-operator-'))
})
test.after.each(() => rmSync(dir, { recursive: true }))

/** The beginning of a Linux program for a machine. */
function elf(machine: number): Buffer {
  const bytes = Buffer.alloc(64)
  bytes.set([0x7f, 0x45, 0x4c, 0x46])
  bytes.writeUInt16LE(machine, 18)
  return bytes
}

function binary(content: Buffer | string = elf(MACHINE[arch()]!), mode = 0o755): string {
  const path = join(dir, 'manager')
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

const CRD = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: emqxes.apps.emqx.io }
spec:
  conversion:
    strategy: Webhook
    webhook:
      clientConfig: { service: { name: webhook-service, namespace: system, path: /convert } }
      conversionReviewVersions: [v1]
`
const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: manager, namespace: operator }
spec:
  template:
    spec:
      containers:
        - name: proxy
          image: proxy:1
        - name: manager
          image: registry.example:5000/emqx/operator:2.0.1
          command: [/manager]
          args: ["--leader-elect", "--metrics-bind-address=:8080", "--health-probe-bind-address=0.0.0.0:8081", "--other=127.0.0.1:1"]
      volumes:
        - { name: cert, secret: { secretName: webhook-server-cert } }
`
const WEBHOOKS = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: v }
webhooks:
  - { name: a, clientConfig: { service: { name: webhook-service, namespace: system, path: /a } } }
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: c, namespace: operator }
`

function manifests(...documents: string[]): string {
  const folder = join(dir, 'manifests')
  mkdirSync(folder, { recursive: true })
  documents.forEach((text, i) => {
    writeFileSync(join(folder, `${i}.yaml`), text)
  })
  return folder
}

const prepare = (...documents: string[]) =>
  prepareOperator({ binary: binary(), manifests: manifests(...documents) })

const found = (objects: KubeObject[], kind: string) =>
  // biome-ignore lint/suspicious/noExplicitAny: manifests that the test picks apart.
  objects.find((object) => object.kind === kind) as any

test('the manager gets the build as its image, and listens on its own address', () => {
  const { image, at, deployment } = prepare(CRD, DEPLOYMENT)
  assert.match(image, /^registry\.example:5000\/emqx\/operator:build-[0-9a-f]{12}$/)
  assert.is(at, '/manager')
  const [proxy, manager] = deployment.spec.template.spec.containers
  assert.is(proxy!.image, 'proxy:1')
  assert.is(manager!.image, image)
  assert.equal(manager!.args, [
    '--leader-elect',
    '--metrics-bind-address=$(WEIR_POD_IP):8080',
    '--health-probe-bind-address=$(WEIR_POD_IP):8081',
    '--other=127.0.0.1:1',
  ])
})

test('a certificate is made where cert-manager would make it, and the webhooks trust it', () => {
  const { objects } = prepare(CRD, DEPLOYMENT, WEBHOOKS)
  const secret = found(objects, 'Secret')
  assert.is(secret.metadata.name, 'webhook-server-cert')
  assert.is(secret.metadata.namespace, 'operator')
  const bundle = Buffer.from(secret.stringData['tls.crt']).toString('base64')
  assert.is(found(objects, 'ValidatingWebhookConfiguration').webhooks[0].clientConfig.caBundle, bundle)
  assert.is(found(objects, 'CustomResourceDefinition').spec.conversion.webhook.clientConfig.caBundle, bundle)
  assert.is(found(objects, 'Certificate'), undefined)
})

test('a certificate that the manifests bring is left alone', () => {
  const own = `
apiVersion: v1
kind: Secret
metadata: { name: webhook-server-cert, namespace: operator }
`
  const trusted = WEBHOOKS.replace('path: /a }', 'path: /a }, caBundle: QQ==')
  const { objects } = prepare(CRD, DEPLOYMENT, trusted, own)
  assert.is(objects.filter(({ kind }) => kind === 'Secret').length, 1)
  assert.is(found(objects, 'ValidatingWebhookConfiguration').webhooks[0].clientConfig.caBundle, 'QQ==')
})

test("a repository's own manifests come into the namespace of the Deployment", () => {
  const { objects } = prepare(CRD, DEPLOYMENT, WEBHOOKS)
  assert.is(
    found(objects, 'ValidatingWebhookConfiguration').webhooks[0].clientConfig.service.namespace,
    'operator',
  )
})

test('an image named by its digest, a program in a folder of the system, and none at all', () => {
  const at = (command: string) => prepare(CRD, DEPLOYMENT.replace('command: [/manager]', command)).at
  assert.is(at('command: [/opt/bin/operator, run]'), '/opt/bin/operator')
  assert.is(at('command: [/usr/bin/operator]'), '/manager')
  assert.is(at('command: [manager]'), '/manager')
  assert.is(at('tty: false'), '/manager')
  const digest = DEPLOYMENT.replace('operator:2.0.1', 'operator@sha256:abc')
  assert.match(prepare(CRD, digest).image, /^registry\.example:5000\/emqx\/operator:build-/)
})

const refusals: [what: string, () => unknown, RegExp][] = [
  [
    'no program',
    () => prepareOperator({ binary: join(dir, 'none'), manifests: manifests(CRD, DEPLOYMENT) }),
    /there is no operator program at .*none/,
  ],
  ['no definition', () => prepare(DEPLOYMENT), /has no CustomResourceDefinition/],
  ['no Deployment', () => prepare(CRD), /has no Deployment of the operator/],
  [
    'two Deployments',
    () => prepare(CRD, DEPLOYMENT, DEPLOYMENT.replace('name: manager', 'name: other')),
    /several Deployments \(manager, other\)/,
  ],
  [
    'no YAML',
    () => prepare(CRD, 'kind: A\n{{- if .Values.b }}\napiVersion: v1\n{{- end }}\n'),
    /1\.yaml is not YAML: .*helm template/,
  ],
  ['other YAML', () => prepare(CRD, 'a: 1'), /1\.yaml holds something other than Kubernetes objects/],
  [
    'no manifests',
    () => prepareOperator({ binary: binary(), manifests: join(dir, 'none') }),
    /there are no operator manifests at .*none/,
  ],
  ['nothing beside it', () => prepareOperator({ binary: binary() }), /--operator-manifests/],
]

for (const [what, act, message] of refusals)
  test(`refused in one line: ${what}`, () => {
    assert.throws(act, (error: unknown) => {
      assert.instance(error, WeirError)
      assert.is((error as WeirError).code, 'WEIR_OPERATOR')
      assert.match((error as WeirError).message, message)
      assert.not.match((error as WeirError).message, /\n/)
      return true
    })
  })

test('refused in one line: a file that is no program, or one for another machine', () => {
  const other = arch() === 'x64' ? MACHINE.arm64! : MACHINE.x64!
  for (const [content, message] of [
    ['#!/bin/sh\n', /is not a Linux program/],
    [elf(other), /built for another processor/],
    [Buffer.from([0x7f]), /is not a Linux program/],
  ] as const)
    assert.throws(
      () => prepareOperator({ binary: binary(content), manifests: manifests(CRD, DEPLOYMENT) }),
      (error: unknown) => message.test((error as WeirError).message),
    )
})

test.run()
