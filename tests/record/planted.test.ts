/** Two hundred secrets, planted wherever a run reads, and every output searched for them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { describeFailure } from '#weir/cli/failure.ts'
import { WeirError } from '#weir/errors/index.ts'
import type { RecordEvent } from '#weir/facts/index.ts'
import { writeRecord } from '#weir/import/index.ts'
import { withoutSecrets } from '#weir/record/index.ts'
import { LogSecrets } from '#weir/record/log-secrets.ts'
import { StepFailure } from '#weir/scenarios/run/endings.ts'
import { weir } from '../cli/weir.ts'
import { settingsOf, simulate } from '../simulator/index.ts'
import { planted } from './planted.ts'

const leaks = (text: string): string[] =>
  planted.flatMap(({ secret }) => (text.includes(secret) ? [secret] : []))

test('there are 200 and more, all different', () => {
  assert.ok(planted.length >= 200, `${planted.length}`)
  assert.is(new Set(planted.map(({ secret }) => secret)).size, planted.length)
})

/** An object of each kind that a run watches, with the secret in it. */
const objectsWith = ({ text, spec }: (typeof planted)[number]): object[] => [
  ...(text === undefined
    ? []
    : [
        {
          kind: 'ConfigMap',
          metadata: { name: 'c' },
          data: { 'emqx.conf': text, other: `a = 1\n${text}\nb = 2` },
        },
        { kind: 'Event', metadata: { name: 'e' }, message: text },
        {
          kind: 'EMQX',
          metadata: { name: 'x' },
          spec: { config: { data: text } },
          status: { message: text },
        },
        {
          kind: 'Pod',
          metadata: { name: 'p' },
          spec: { containers: [{ name: 'emqx', command: ['sh', '-c', text] }] },
        },
      ]),
  ...(spec ? [{ kind: 'EMQX', metadata: { name: 'x' }, spec: { coreTemplate: { spec } } }] : []),
]

for (const [at, one] of planted.entries())
  test(`${at}: ${one.text ?? JSON.stringify(one.spec)}`, () => {
    for (const object of objectsWith(one)) {
      const kept = JSON.stringify(withoutSecrets(object))
      assert.not.ok(kept.includes(one.secret), kept)
    }
    if (one.text === undefined) return
    const log = new LogSecrets()
    const lines = one.text
      .split('\n')
      .map((line) => log.without(line))
      .join('\n')
    assert.not.ok(lines.includes(one.secret), lines)
    const failure = new StepFailure('failed', one.text, one.text)
    assert.not.ok(`${failure.message} ${failure.lastMismatch}`.includes(one.secret), failure.message)
    const [line] = describeFailure(
      new WeirError('WEIR_CLUSTER_UNFIT', `it said ${one.text}: stop`, { cause: new Error(one.text) }),
      false,
    ).lines
    assert.not.ok(line!.includes(one.secret), line)
  })

test('no output has one: the record, its reports, and what is printed', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'weir-planted-'))
  try {
    const record = simulate(settingsOf(5, []))
    const t = record.events.at(-1)!.t
    for (const one of planted) {
      for (const object of objectsWith(one))
        record.events.push({
          t,
          type: 'watch',
          kind: 'EMQX',
          verb: 'MODIFIED',
          object,
        } as unknown as RecordEvent)
      if (one.text === undefined) continue
      const { text } = one
      record.events.push(
        { t, type: 'api-failure', api: 'nodes', via: 'p', error: text } as RecordEvent,
        { t, type: 'note', level: 'info', text } as RecordEvent,
      )
    }
    // Logs come to a record by the line, without secrets already.
    const log = new LogSecrets()
    record.logs = planted.flatMap(({ text = '' }) =>
      text.split('\n').map(
        (line) =>
          ({
            t,
            type: 'line',
            pod: 'p',
            container: 'emqx',
            at: '2026-12-01T00:00:00Z',
            text: log.without(line),
          }) as const,
      ),
    )
    await writeRecord(record, join(dir, 'run'))
    const run = join(dir, 'run')
    const printed: string[] = []
    for (const args of [
      ['check', run],
      ['report', run, '--html'],
      ...['--junit', '--markdown', '--json', '--openmetrics'].map((format) => ['report', run, format]),
      ['ops', 'logs', run],
    ]) {
      const { code, stdout, stderr } = await weir(args)
      assert.ok(code !== 2, `${args.join(' ')}: ${stderr}`)
      printed.push(stdout, stderr)
    }
    assert.equal(leaks(printed.join('\n')), [])
    const files = readdirSync(run)
    for (const file of ['verdict.json', 'report.html', 'events.ndjson', 'logs.ndjson'])
      assert.ok(files.includes(file), files.join())
    for (const file of files) assert.equal(leaks(readFileSync(join(run, file), 'utf8')), [], file)
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('what a verdict needs stays readable', () => {
  const object = {
    kind: 'Pod',
    metadata: {
      name: 'emqx-core-67fcb7567b-0',
      uid: '5d1b9f1e-7c3f-4f0e-9a51-0c6e2b8f4d77',
      resourceVersion: '1048576',
      labels: {
        'apps.emqx.io/pod-template-hash': '67fcb7567b',
        'controller-revision-hash': 'emqx-core-67fcb7567b-84c6d5f9b8',
      },
      ownerReferences: [
        { kind: 'StatefulSet', name: 'emqx-core-67fcb7567b', uid: 'c0ffee00-1234-4abc-8def-0123456789ab' },
      ],
    },
    spec: {
      nodeName: 'ip-10-0-12-34.eu-central-1.compute.internal',
      containers: [
        {
          name: 'emqx',
          image:
            'registry.example:5000/emqx/emqx-enterprise:5.8.9@sha256:0e5b3d1f8a7c6b2d4e9f0a1b2c3d4e5f60718293a4b5c6d7e8f9012345678abc',
          env: [
            { name: 'EMQX_NODE__ROLE', value: 'core' },
            { name: 'EMQX_DASHBOARD__LISTENERS__HTTP__BIND', value: '18083' },
            { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          ],
        },
      ],
    },
    status: {
      podIP: '10.244.0.7',
      containerStatuses: [
        {
          containerID: 'containerd://9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
          imageID:
            'docker.io/emqx/emqx-enterprise@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        },
      ],
    },
  }
  assert.equal(withoutSecrets(object), object)
  for (const message of [
    'Successfully pulled image "emqx/emqx-enterprise@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" in 3.2s',
    'Created pod: emqx-core-67fcb7567b-0',
    'pod 5d1b9f1e-7c3f-4f0e-9a51-0c6e2b8f4d77 of emqx@emqx-core-67fcb7567b-0.emqx-headless.default.svc.cluster.local is gone',
    'GET http://10.244.0.7:18090/api/v5/load_rebalance/emqx%40emqx-core-67fcb7567b-0/evacuation/start: HTTP 400',
    'Started container emqx, ProgressDeadlineExceeded, EMQX Operator 2.2.29, Kubernetes v1.34.4',
    '2026-12-01T02:26:00.123456+00:00 [warning] clientid: weir-blue-000123, peername: 127.0.0.1:40001, msg: node_evacuation_started',
  ])
    assert.is((withoutSecrets({ kind: 'Event', message }) as { message: string }).message, message)
})

test.run()
