import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openCluster } from '#weir/cluster/index.ts'
import type { ClusterObservation, ClusterOptions } from '#weir/cluster/types.ts'
import { type ErrorCode, WeirError } from '#weir/errors/index.ts'
import { type Answers, apiServer, listOf, refusal } from './api-server.ts'
import type { Answer } from './emqx/server.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-bad-'))
test.after(() => rmSync(dir, { recursive: true }))

const APPS = '/apis/apps.emqx.io'
const EMQXES = `${APPS}/v2beta1/namespaces/space/emqxes`
const EMQXES_OF_V3 = `${APPS}/v3beta1/namespaces/space/emqxes`
const ENTERPRISES = `${APPS}/v1beta4/namespaces/space/emqxenterprises`

const named = (name: string) => ({ metadata: { name, uid: name, namespace: 'space', resourceVersion: '1' } })

async function refused(open: Promise<unknown>, code: ErrorCode, words: RegExp): Promise<void> {
  const error = await open.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.instance(error, WeirError)
  const { code: given, message, exitCode } = error as WeirError
  assert.is(given, code)
  assert.is(exitCode, 4)
  assert.match(message, words)
  assert.not.match(message, /\n/)
}

const opening = (answers: Answers, options: Partial<ClusterOptions> = {}) =>
  apiServer(answers, async ({ kubeconfig }) => {
    const cluster = await openCluster({ kubeconfig, ...options })
    await cluster.close()
    return cluster
  })

const file = (text: string): string => {
  const path = join(dir, 'kubeconfig')
  writeFileSync(path, text)
  return path
}

for (const text of ['clusters: [', '[]', '42', '', 'hello: world', 'clusters: 7', '\u0000\u0001'])
  test(`a kubeconfig that is none: ${JSON.stringify(text)}`, () =>
    refused(openCluster({ kubeconfig: file(text) }), 'WEIR_KUBECONFIG', /kubeconfig/))

test('an unknown context', () =>
  refused(opening({}, { context: 'elsewhere' }), 'WEIR_KUBECONFIG', /has no context "elsewhere": it has c/))

test('a command for credentials that is not there', () =>
  refused(
    openCluster({
      kubeconfig: file(
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Config',
          'current-context': 'c',
          clusters: [{ name: 'k', cluster: { server: 'https://127.0.0.1:1' } }],
          users: [
            {
              name: 'u',
              user: {
                exec: {
                  apiVersion: 'client.authentication.k8s.io/v1',
                  command: 'no-such-command-of-weir',
                  interactiveMode: 'Never',
                },
              },
            },
          ],
          contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
        }),
      ),
    }),
    'WEIR_KUBECONFIG',
    /credentials of context "c" cannot be had: .*no-such-command-of-weir/,
  ))

test('a cluster without the resource’s definition', () =>
  refused(
    opening({}),
    'WEIR_CLUSTER_UNFIT',
    /does not serve EmqxEnterprise \(apps\.emqx\.io\/v1beta4\) or EMQX \(apps\.emqx\.io\/v2beta1, apps\.emqx\.io\/v3beta1\): install/,
  ))

test('one resource that the server shows in two versions is one, in the later of them', async () => {
  const both = { [EMQXES]: listOf(named('a')), [EMQXES_OF_V3]: listOf(named('a')) }
  await apiServer(both, async ({ kubeconfig }) => {
    const cluster = await openCluster({ kubeconfig })
    assert.equal([cluster.dialect.id, cluster.name], ['v3beta1', 'a'])
    await cluster.close()
  })
})

test('two resources and no name, of one kind or of both', async () => {
  await refused(
    opening({ [EMQXES]: listOf(named('a'), named('b')) }),
    'WEIR_CLUSTER_UNFIT',
    /there are 2 EMQX \(a, b\) in namespace space of .*: select one with --name/,
  )
  await refused(
    opening({ [EMQXES]: listOf(named('a')), [ENTERPRISES]: listOf(named('b')) }),
    'WEIR_CLUSTER_UNFIT',
    /there are 2 resources \(EmqxEnterprise b, EMQX a\)/,
  )
})

test('the one that is named is found, of whichever kind', async () => {
  const both = { [EMQXES]: listOf(named('a')), [ENTERPRISES]: listOf(named('b')) }
  const { dialect } = await opening(both, { name: 'a' })
  assert.is(dialect.id, 'v2beta1')
  assert.is((await opening(both, { name: 'b' })).dialect.id, 'v1beta4')
  await refused(
    opening(both, { name: 'c' }),
    'WEIR_CLUSTER_UNFIT',
    /there is no EmqxEnterprise or EMQX named c in namespace space/,
  )
})

test('leave for one of the kinds is enough when that one is there', async () => {
  const no = refusal(403, 'Forbidden', 'emqxenterprises is forbidden')
  const { name } = await opening({ [EMQXES]: listOf(named('a')), [ENTERPRISES]: no })
  assert.is(name, 'a')
  await refused(
    opening({ [EMQXES]: listOf(), [ENTERPRISES]: no }),
    'WEIR_CLUSTER_FORBIDDEN',
    /allow this user to list the resources of the EMQX Operator \(403: emqxenterprises is forbidden\)/,
  )
})

test('a kind that cannot be listed for whatever reason does not hide one of the other kind', async () => {
  const broken = refusal(500, 'InternalError', 'conversion webhook for apps.emqx.io/v1beta4 failed')
  const { name, dialect } = await opening({ [EMQXES]: listOf(named('a')), [ENTERPRISES]: broken })
  assert.equal([name, dialect.id], ['a', 'v2beta1'])
  await refused(
    opening({ [EMQXES]: listOf(), [ENTERPRISES]: broken }),
    'WEIR_CLUSTER_UNFIT',
    /answered 500 InternalError while weir tried to list .*: conversion webhook/,
  )
})

test('one of each kind: who has named a scenario has named the kind', async () => {
  const both = { [EMQXES]: listOf(named('a')), [ENTERPRISES]: listOf(named('a'), named('b')) }
  assert.is((await opening(both, { prefers: 'v2beta1' })).dialect.id, 'v2beta1')
  assert.is((await opening(both, { prefers: 'v1beta4', name: 'a' })).dialect.id, 'v1beta4')
  const other = await opening({ [EMQXES]: listOf(named('a')) }, { prefers: 'v1beta4' })
  assert.is(other.dialect.id, 'v2beta1', 'what is there is found, whatever was preferred')
  await refused(
    opening(both),
    'WEIR_CLUSTER_UNFIT',
    /3 resources \(EmqxEnterprise a, EmqxEnterprise b, EMQX a\).*: select one with --name or --namespace, or use a scenario for its kind$/,
  )
  await refused(
    opening(both, { name: 'a' }),
    'WEIR_CLUSTER_UNFIT',
    /2 resources \(EmqxEnterprise a, EMQX a\).*: use a scenario for the right kind, or another --namespace$/,
  )
})

test('a user of the dashboard, where EMQX takes API keys only, is refused before anything is asked', async () => {
  const credentials = { username: 'admin', password: 's3cret', kind: 'user' as const }
  await refused(
    opening({ [EMQXES]: listOf(named('a')) }, { credentials }),
    'WEIR_CLUSTER_UNFIT',
    /EMQX 5 does not accept a dashboard user: set WEIR_EMQX_API_KEY and WEIR_EMQX_API_SECRET instead of WEIR_EMQX_USER and WEIR_EMQX_PASSWORD$/,
  )
  const { name } = await opening({ [ENTERPRISES]: listOf(named('b')) }, { credentials })
  assert.is(name, 'b')
})

test('a permission that is missing when watching begins', () =>
  refused(
    apiServer({ [EMQXES]: watched([named('a')]) }, async ({ kubeconfig }) => {
      const cluster = await openCluster({ kubeconfig })
      return cluster.observe(() => {}).finally(() => cluster.close())
    }),
    'WEIR_CLUSTER_UNFIT',
    /answered 404/,
  ))

/** Lists its objects; a watch of them stays silent. */
function watched(items: object[]): (body: string, url: string) => Answer {
  return (_body, url) =>
    url.includes('watch=true') ? { body: '', afterMs: Number.POSITIVE_INFINITY } : listOf(...items)
}

test('a permission that is taken away mid-run is a gap, in the server’s words, for as long as it lasts', async () => {
  const no = refusal(403, 'Forbidden', 'pods is forbidden: User "u" cannot watch resource "pods"')
  let allowed = true
  const quiet = watched([])
  const all: Answers = {
    [EMQXES]: watched([named('a')]),
    '/apis/apps/v1/namespaces/space/statefulsets': quiet,
    '/apis/apps/v1/namespaces/space/replicasets': quiet,
    '/api/v1/namespaces/space/services': quiet,
    '/api/v1/namespaces/space/events': quiet,
    '/apis/discovery.k8s.io/v1/namespaces/space/endpointslices': quiet,
    '/api/v1/namespaces/space/pods': (_body, url) => {
      if (!url.includes('watch=true')) return allowed ? listOf() : no
      allowed = false
      return no
    },
  }
  await apiServer(all, async ({ kubeconfig }) => {
    const cluster = await openCluster({ kubeconfig })
    const gap = Promise.withResolvers<Extract<ClusterObservation, { type: 'gap' }>>()
    const again = Promise.withResolvers<void>()
    const { stop } = await cluster.observe((one) => {
      if (one.type !== 'gap') return
      gap.resolve(one)
      if (allowed) again.resolve()
    })
    const { kind, reason } = await gap.promise
    assert.is(kind, 'Pod')
    assert.match(reason, /pods is forbidden: User "u" cannot watch/)
    allowed = true
    await again.promise
    await stop()
    await cluster.close()
  })
})

test.run()
