/** Kubeconfigs of several files, as KUBECONFIG names them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Connection } from '#weir/cluster/kubernetes/connection.ts'
import { WeirError } from '#weir/errors/index.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-kubeconfig-'))
test.after(() => rmSync(dir, { recursive: true }))

const file = (name: string, config: object): string => {
  const path = join(dir, name)
  writeFileSync(path, JSON.stringify({ apiVersion: 'v1', kind: 'Config', ...config }))
  return path
}
const cluster = (name: string, server: string) => ({ name, cluster: { server } })
const context = (name: string, of: string, namespace?: string) => ({
  name,
  context: { cluster: of, user: 'me', ...(namespace !== undefined && { namespace }) },
})

const clusters = file('clusters.yaml', {
  clusters: [cluster('one', 'http://192.0.2.1:6443'), cluster('two', 'http://192.0.2.2:6443')],
  users: [{ name: 'me', user: { token: 't' } }],
})
const contexts = file('contexts.yaml', {
  'current-context': 'second',
  contexts: [context('first', 'one'), context('second', 'two', 'mqtt')],
})
const others = file('others.yaml', {
  'current-context': 'first',
  clusters: [cluster('two', 'http://192.0.2.9:6443')],
  contexts: [context('second', 'one')],
})
const absent = join(dir, 'absent.yaml')

const opened = (files: string[], chosen?: string) => {
  const kubeconfig = files.join(delimiter)
  const connection = new Connection({ kubeconfig, ...(chosen !== undefined && { context: chosen }) })
  const { server, namespace } = connection
  connection.close()
  return [server, namespace]
}

test('what one file lacks another has', () => {
  assert.equal(opened([clusters, contexts]), ['http://192.0.2.2:6443', 'mqtt'])
  assert.equal(opened([contexts, clusters], 'first'), ['http://192.0.2.1:6443', 'default'])
})

test('of two of one name the first counts', () => {
  assert.equal(opened([clusters, contexts, others]), ['http://192.0.2.2:6443', 'mqtt'])
  assert.equal(opened([others, clusters, contexts], 'second'), ['http://192.0.2.1:6443', 'default'])
})

test('a file that is not there is passed over where another is, as an empty name is', () => {
  const empty = join(dir, 'empty.yaml')
  writeFileSync(empty, '')
  assert.equal(opened([empty, clusters, contexts]), ['http://192.0.2.2:6443', 'mqtt'])
  assert.equal(opened([absent, clusters, '', contexts]), ['http://192.0.2.2:6443', 'mqtt'])
  for (const files of [[absent], [absent, join(dir, 'neither.yaml')]]) {
    const refused = () => opened(files)
    assert.throws(refused, (error: unknown) => error instanceof WeirError && error.code === 'WEIR_KUBECONFIG')
    assert.throws(refused, /cannot read the kubeconfig .*absent\.yaml/)
  }
})

test('a file whose own name has the separator in it is one file', () => {
  const odd = file(`a${delimiter}b.yaml`, {
    'current-context': 'first',
    clusters: [cluster('one', 'http://192.0.2.7:6443')],
    contexts: [context('first', 'one')],
  })
  assert.equal(opened([odd]), ['http://192.0.2.7:6443', 'default'])
})

test.run()
