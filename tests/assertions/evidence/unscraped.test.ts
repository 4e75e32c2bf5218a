/** Nodes that no scrape shows. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { mayHaveDrained, servesFrom, unscraped } from '#weir/assertions/evidence/unscraped.ts'
import { type NodeView, type RunView, viewOf } from '#weir/record/view/index.ts'
import { settingsOf, simulate } from '../../simulator/index.ts'

const run = viewOf(simulate(settingsOf(11)))
const trigger = run.moments.trigger!
const old = run.nodes.findIndex(({ side }) => side === 'old')

const changed = (node: Partial<NodeView>, more: Partial<RunView> = {}): RunView => ({
  ...run,
  nodes: run.nodes.map((one, i) => (i === old ? { ...one, ...node } : one)),
  ...more,
})
const noClients = { connections: { ...run.connections, length: 0 } }
const withoutPods: RunView['of'] = (type) => (type === 'pod' ? [] : run.of(type))

test('an old node may hold clients from the beginning, a new one once the Service points at it', () => {
  assert.is(servesFrom(run, old), run.nodes[old]!.firstSeenT)
  run.nodes.forEach((node, i) => {
    if (node.side === 'old') return
    const pointed = run.of('endpoints').find(({ ready }) => ready.includes(node.pod))!.t
    assert.is(servesFrom(run, i), Math.max(node.firstSeenT, pointed))
  })
  assert.equal(
    unscraped(run, (node) => node !== old).map(({ node }) => node),
    [old],
  )
})

test('a core beside replicants holds none unless the Service points at it, and a record without pods shows no such node', () => {
  const core = changed({ role: 'core', pod: 'emqx-core-0' })
  assert.is(servesFrom(core, old), Number.POSITIVE_INFINITY)
  assert.equal(
    unscraped(core, (node) => node !== old),
    [],
  )
  assert.equal(
    unscraped(changed({}, { of: withoutPods }), () => false),
    [],
  )
})

test('a node may have been drained by what EMQX or the clients show, or because it was to serve some', () => {
  const none = { evacuations: [] }
  assert.ok(mayHaveDrained(run, old, 2))
  assert.not.ok(mayHaveDrained(run, old, 1e6))
  assert.ok(mayHaveDrained(changed({}, none), old, 2), 'its clients')
  assert.not.ok(mayHaveDrained(changed({}, none), old, 1e6))
  assert.ok(mayHaveDrained(changed({}, { ...none, ...noClients }), old, 2), 'nothing says that it held none')
  const gone = changed({ deletedT: trigger - 1 }, { ...none, ...noClients })
  assert.not.ok(mayHaveDrained(gone, old, 2), 'it was deleted before the change')
})

test.run()
