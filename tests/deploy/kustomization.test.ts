/** deploy/: what `kubectl apply -k` brings, and that weir runs in it with no other rights than the Job has. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse, parseAllDocuments } from 'yaml'
import type { KubeApi, KubeObject, Resource } from '#weir/cluster/kubernetes/types.ts'
import { weirVersion } from '#weir/errors/index.ts'
import { readRecord } from '#weir/record/index.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { startEmbedded } from '#weir/testbed/index.ts'
import { testWith } from '../support/programs.ts'
import { projectFile } from '../support/project-file.ts'

const folder = fileURLToPath(projectFile('deploy'))
const objectsOf = (text: string) => parseAllDocuments(text).map((one) => one.toJS() as KubeObject)
const fileOf = (name: string) => objectsOf(readFileSync(join(folder, name), 'utf8'))
const kustomization = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as {
  resources: string[]
  patchesStrategicMerge: string[]
}

/** The objects as kustomize makes them, as far as this one uses it. */
const patches = kustomization.patchesStrategicMerge.flatMap(fileOf)
const objects = kustomization.resources.flatMap(fileOf).map((object) => {
  const patch = patches.find(
    ({ kind, metadata }) => kind === object.kind && metadata.name === object.metadata.name,
  )
  return patch ? { ...object, spec: { ...(object.spec as object), ...(patch.spec as object) } } : object
})
const named = (kind: string) => objects.find((object) => object.kind === kind)!

interface JobSpec {
  podFailurePolicy: { rules: { action: string; onExitCodes: { operator: string; values: number[] } }[] }
  template: {
    spec: {
      serviceAccountName: string
      initContainers: { args: string[] }[]
      containers: {
        image: string
        args: string[]
        ports: { name: string; containerPort: number }[]
        workingDir: string
        securityContext: object
      }[]
      volumes: { name: string; persistentVolumeClaim?: { claimName: string } }[]
    }
  }
}
const job = (named('Job').spec as JobSpec).template.spec

/** What the Job of deploy/ does not need, because its clients are in its own pod. */
const NOT_IN_IT = ['kustomization.yaml', 'fleet-rbac.yaml']

test('every file is used, and every object is in one namespace', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') && !NOT_IN_IT.includes(name))
  const used = [...kustomization.resources, ...kustomization.patchesStrategicMerge]
  assert.equal(files.toSorted(), used.toSorted())
  const namespaces = objects.flatMap(({ kind, metadata }) =>
    kind!.startsWith('Cluster') ? [] : metadata.namespace,
  )
  assert.equal([...new Set(namespaces)], ['default'])
})

test('the resource is that of the scenario which the Job runs', () => {
  const { args, image } = job.containers[0]!
  assert.is(image, 'weir')
  assert.equal(args.slice(0, 4), ['run', 'blue-green', '--kubeconfig', 'in-cluster'])
  const manifest = loadScenario('blue-green').cluster.manifest as { spec: unknown }
  assert.equal(named('EmqxEnterprise').spec, manifest.spec)
})

test('the PodMonitor finds the pods, their port and the Secret', () => {
  const { spec } = named('PodMonitor') as unknown as {
    spec: {
      selector: { matchLabels: Record<string, string> }
      podMetricsEndpoints: { port: string; basicAuth: Record<string, { name: string; key: string }> }[]
    }
  }
  const secret = named('Secret') as unknown as {
    metadata: { name: string }
    stringData: Record<string, string>
  }
  assert.equal(spec.selector.matchLabels, { 'apps.emqx.io/instance': named('EmqxEnterprise').metadata.name })
  const [endpoint] = spec.podMetricsEndpoints
  assert.match(
    JSON.stringify(named('EmqxEnterprise').spec),
    `"name":"${endpoint!.port}","containerPort":18083`,
  )
  for (const { name, key } of Object.values(endpoint!.basicAuth)) {
    assert.is(name, secret.metadata.name)
    assert.ok(secret.stringData[key])
  }
})

test('the Job is weir’s ServiceAccount, writes to its volume alone, and is tried again until the doctor finds nothing missing', () => {
  assert.is(job.serviceAccountName, named('ServiceAccount').metadata.name)
  assert.is(job.containers[0]?.workingDir, '/results')
  assert.is(
    job.volumes.find(({ name }) => name === 'results')?.persistentVolumeClaim?.claimName,
    named('PersistentVolumeClaim').metadata.name,
  )
  assert.equal(job.containers[0]?.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  })
  const [rule] = (named('Job').spec as JobSpec).podFailurePolicy.rules
  assert.equal(
    [rule?.action, rule?.onExitCodes.operator, rule?.onExitCodes.values],
    ['FailJob', 'NotIn', [0]],
  )
  const [doctor] = job.initContainers
  const [, scenario, ...flags] = job.containers[0]!.args
  const ofRunAlone = ['--prometheus', '0.0.0.0:9464', '--yes']
  assert.equal(doctor?.args, ['doctor', scenario, ...flags.filter((flag) => !ofRunAlone.includes(flag))])
})

test('a PodMonitor scrapes the Job where it serves its metrics', () => {
  const monitor = objects.find(({ kind, metadata }) => kind === 'PodMonitor' && metadata.name === 'weir')
  const { podMetricsEndpoints, selector } = monitor!.spec as {
    podMetricsEndpoints: { port: string; path: string }[]
    selector: { matchLabels: Record<string, string> }
  }
  const { metadata } = (named('Job').spec as { template: { metadata: { labels: Record<string, string> } } })
    .template
  assert.equal(selector.matchLabels, metadata.labels)
  const { args, ports } = job.containers[0]!
  const port = ports.find(({ name }) => name === podMetricsEndpoints[0]?.port)
  assert.is(args[args.indexOf('--prometheus') + 1], `0.0.0.0:${port?.containerPort}`)
  assert.is(podMetricsEndpoints[0]?.path, '/metrics')
})

testWith('kubectl')('kubectl kustomize renders these objects', () => {
  const rendered = objectsOf(
    execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8', stdio: 'pipe' }),
  )
  const names = (all: readonly KubeObject[]) =>
    all.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted()
  assert.equal(names(rendered), names(objects))
  const resource = rendered.find(({ kind }) => kind === 'EmqxEnterprise')
  assert.equal(resource?.spec, named('EmqxEnterprise').spec)
  const { spec } = rendered.find(({ kind }) => kind === 'Job')!
  assert.is((spec as JobSpec).template.spec.containers[0]?.image, `weir:${weirVersion()}`)
})

/** The shape of the Prometheus Operator's definition, as far as pod-monitor.yaml uses it. */
const text = { type: 'string' }
const reference = { type: 'object', required: ['key'], properties: { name: text, key: text } }
const strings = { type: 'object', additionalProperties: text }
const POD_MONITORS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'podmonitors.monitoring.coreos.com' },
  spec: {
    group: 'monitoring.coreos.com',
    scope: 'Namespaced',
    names: { kind: 'PodMonitor', plural: 'podmonitors', singular: 'podmonitor', listKind: 'PodMonitorList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            required: ['spec'],
            properties: {
              spec: {
                type: 'object',
                required: ['selector'],
                properties: {
                  jobLabel: text,
                  selector: { type: 'object', properties: { matchLabels: strings } },
                  namespaceSelector: {
                    type: 'object',
                    properties: { matchNames: { type: 'array', items: text } },
                  },
                  podMetricsEndpoints: {
                    type: 'array',
                    items: {
                      type: 'object',
                      properties: {
                        interval: { ...text, pattern: '^\\d+s$' },
                        port: text,
                        scheme: { ...text, enum: ['http', 'https'] },
                        path: text,
                        params: { type: 'object', additionalProperties: { type: 'array', items: text } },
                        basicAuth: {
                          type: 'object',
                          properties: { username: reference, password: reference },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
}

/** Kinds that the embedded cluster has no part for. */
const NOT_SERVED = ['Job', 'PersistentVolumeClaim']

async function apply(admin: KubeApi, object: KubeObject): Promise<void> {
  const [group, version] = object.apiVersion!.includes('/') ? object.apiVersion!.split('/') : ['', 'v1']
  const plural = `${object.kind!.toLowerCase()}s`
  const resource: Resource = {
    ...{ group: group!, version: version!, plural, kind: object.kind! },
    namespaced: object.metadata.namespace !== undefined,
  }
  await admin.create(resource, object)
  const stored = await admin.get(resource, object.metadata.namespace, object.metadata.name)
  // Nothing of it was pruned, so every field is one of the definition's.
  if (object.kind === 'PodMonitor') assert.equal(stored.spec, object.spec)
}

/** The certificate of the API server, as a pod finds it beside its token. */
function certificateOf(server: string): Promise<string> {
  const { hostname, port } = new URL(server)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      const { raw } = socket.getPeerCertificate()
      socket.destroy()
      resolve(
        `-----BEGIN CERTIFICATE-----\n${raw.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
      )
    })
    socket.on('error', reject)
  })
}

const ENTRY = fileURLToPath(projectFile('cli/weir.mjs'))
const AT = '/run/secrets/kubernetes.io/serviceaccount'

testWith('unshare')(
  'the Job’s own command upgrades EMQX with the token of its ServiceAccount and nothing else',
  async () => {
    const dir = mkdtempSync(join(tmpdir(), 'weir-job-'))
    const testbed = await startEmbedded({
      ...{ pollIntervalSeconds: 1, faults: [], seed: 1, dir: join(dir, 'testbed'), operator: '2.2.29' },
    })
    const { createKubeApi } = await import('#weir/cluster/kubernetes/client.ts')
    const { resources } = await import('#weir/cluster/kubernetes/resources.ts')
    const admin = createKubeApi({ kubeconfig: testbed.kubeconfig })
    try {
      await apply(admin, POD_MONITORS as unknown as KubeObject)
      for (const object of objects) if (!NOT_SERVED.includes(object.kind!)) await apply(admin, object)
      const { body } = await admin.raw(
        'POST',
        `/api/v1/namespaces/default/serviceaccounts/${job.serviceAccountName}/token`,
        {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenRequest',
          metadata: {},
          spec: { expirationSeconds: 3600 },
        },
      )
      const account = join(dir, 'account')
      mkdirSync(account)
      writeFileSync(join(account, 'token'), (body as { status: { token: string } }).status.token)
      writeFileSync(join(account, 'ca.crt'), await certificateOf(admin.server))
      writeFileSync(join(account, 'namespace'), 'default')
      const isRunning = async () => {
        const { status } = await admin.get(resources.emqxEnterprises, 'default', 'emqx-ee')
        const { conditions = [] } = (status ?? {}) as { conditions?: { type: string; status: string }[] }
        return conditions[0]?.type === 'Running' && conditions[0].status === 'True'
      }
      while (!(await isRunning())) await new Promise((resolve) => setTimeout(resolve, 300))
      const { hostname, port } = new URL(admin.server)
      const small = [
        '--out',
        join(dir, 'run'),
        '--set',
        'fleet.clients=60',
        '--set',
        'assert=[conservation, all-new]',
      ]
      // A free port: another test may use the Job's.
      const args = job.containers[0]!.args.map((arg) => (arg === '0.0.0.0:9464' ? '0' : arg))
      const script = `mount -t tmpfs none /run && mkdir -p ${AT} && cp ${account}/* ${AT} && exec "$@"`
      const ended = await spawned(
        'unshare',
        [
          ...['--mount', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'])],
          ...['sh', '-c', script, 'sh', process.execPath, ENTRY, ...args, ...small],
        ],
        { ...process.env, NO_COLOR: '1', KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port },
      )
      assert.match(ended.output, /as system:serviceaccount:default:weir|own cluster/)
      const { manifest } = await readRecord(join(dir, 'run'))
      assert.is(manifest.end?.how, 'completed', ended.output)
      assert.ok(ended.code === 0 || ended.code === 3, ended.output)
    } finally {
      admin.close()
      await testbed.close()
      rmSync(dir, { recursive: true, force: true })
    }
  },
)

async function spawned(file: string, args: string[], env: NodeJS.ProcessEnv) {
  const { spawn } = await import('node:child_process')
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  const code = await new Promise<number | null>((done) => child.on('close', done))
  return { code, output }
}

test.run()
