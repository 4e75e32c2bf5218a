import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KEPT_METRICS } from '#weir/cluster/prometheus/parse.ts'
import { ask, cluster5, codeOf, fleet5, join5, replay } from '../support/cluster-5.ts'
import { join } from '../support/raw-client.ts'
import { recorded } from '../support/recorded.ts'

interface Family {
  name: string
  type: string
  /** Of each sample in its order, without the values. */
  labels: string[]
  values: number[]
}

/** The families of a 5.8 text in their order. Throws on any line that is not as 5.8 writes it. */
function families(text: string): Family[] {
  assert.ok(text.endsWith('\n\n'), 'two line feeds at the end')
  const found: Family[] = []
  let help: string | undefined
  for (const line of text.trimEnd().split('\n')) {
    const declared = /^# TYPE (\w+) (gauge|counter)$/.exec(line)
    const sample = /^(\w+)(\{.*\})? (-?\d+(?:\.\d+)?)$/.exec(line)
    if (declared !== null) {
      found.push({ name: declared[1]!, type: declared[2]!, labels: [], values: [] })
      help = `# HELP ${declared[1]}`
    } else if (sample !== null && sample[1] === found.at(-1)?.name) {
      found.at(-1)!.labels.push(sample[2] ?? '')
      found.at(-1)!.values.push(Number(sample[3]))
    } else if (line.trimEnd() === help) help = undefined
    else throw new Error(`not a line of 5.8: ${line}`)
  }
  return found
}

const shapes = (text: string) => families(text).map(({ name, type, labels }) => ({ name, type, labels }))
const sampleOf = (text: string, name: string, labels = '') => {
  const family = families(text).find((each) => each.name === name)
  return family?.values[family.labels.indexOf(labels)]
}

async function assertSameFamilies(bed: Awaited<ReturnType<typeof cluster5>>, name: string): Promise<string> {
  const wanted = recorded(name)
  const given = await replay(bed.nodes, wanted)
  assert.is(given.status, wanted.status)
  assert.is(given.headers.get('content-type'), wanted.headers.get('content-type'))
  // The recorder ended the file with a line feed of its own, which the reader of the file took away.
  assert.equal(shapes(given.body), shapes(wanted.body), name)
  return given.body
}

for (const name of [
  'prom-stats-default-noauth',
  'prom-stats-node-idle',
  'prom-stats-all_nodes_unaggregated-idle',
  'prom-stats-all_nodes_aggregated-idle',
])
  test(`all families of an idle cluster, their types, order and labels: ${name}`, async () => {
    const bed = await cluster5()
    await assertSameFamilies(bed, name)
    bed.cluster.close()
  })

test('every kept metric of EMQX 5 is among the recorded families, and so among the emulated ones', () => {
  const names = new Set(families(recorded('prom-stats-node-3000').body).map(({ name }) => name))
  // `takeovered` is 4.4's spelling.
  assert.equal(
    [...KEPT_METRICS].filter((name) => !names.has(name)),
    ['emqx_session_takeovered'],
  )
})

test('with clients: node mode tells this node, the others the cluster', async () => {
  const bed = await cluster5()
  await fleet5(bed.nodes[0]!, 12)
  await join5(bed.nodes[1]!, 12)
  await bed.clock.advance(2000)
  const node = await assertSameFamilies(bed, 'prom-stats-node-3000')
  for (const name of ['connections', 'live_connections', 'sessions', 'channels', 'subscriptions'])
    assert.is(sampleOf(node, `emqx_${name}_count`), 12, name)
  assert.is(sampleOf(node, 'emqx_cluster_sessions_count'), 13)
  assert.is(sampleOf(node, 'emqx_client_connected'), 12)
  const each = await assertSameFamilies(bed, 'prom-stats-all_nodes_unaggregated-3000')
  assert.is(sampleOf(each, 'emqx_connections_count', '{node="emqx@127.0.0.2"}'), 1)
  const sum = await assertSameFamilies(bed, 'prom-stats-all_nodes_aggregated-3000')
  assert.is(sampleOf(sum, 'emqx_connections_count'), 13)
  assert.is(sampleOf(sum, 'emqx_cluster_sessions_count'), 13, 'not counted three times')
  bed.cluster.close()
})

const REASON = (reason: string) => `{listener_type="tcp",listener_name="default",reason="${reason}"}`

test('an evacuation in figures: live falls, connections stay with the sessions, and why clients left', async () => {
  const bed = await cluster5()
  const [one, two] = bed.nodes
  await fleet5(one!, 12)
  const body = JSON.stringify({
    wait_health_check: 0,
    conn_evict_rate: 6,
    sess_evict_rate: 9,
    wait_takeover: 5,
  })
  await ask(one!, 'POST', `/api/v5/load_rebalance/${one!.name}/evacuation/start`, { body })
  await bed.clock.advance(2500)
  for (const version of [4, 5] as const)
    assert.ok([0x9c, 3].includes(codeOf(await join(one!.ip, { clientId: 'c2', version }))!))
  await bed.clock.advance(1000)
  const evicting = await assertSameFamilies(bed, 'prom-stats-node-evicting')
  await assertSameFamilies(bed, 'prom-stats-all_nodes_unaggregated-evicting')
  assert.is(sampleOf(evicting, 'emqx_live_connections_count'), 0)
  assert.is(sampleOf(evicting, 'emqx_connections_count'), 6)
  // Six without a session, and two that were refused.
  assert.is(sampleOf(evicting, 'emqx_client_disconnected_reason', REASON('use_another_server')), 8)
  assert.is(sampleOf(evicting, 'emqx_client_disconnected'), 12)
  assert.is(sampleOf(evicting, 'emqx_packets_disconnect_sent'), 9, 'MQTT 5 alone')
  assert.is(sampleOf(evicting, 'emqx_packets_connack_error'), 2)
  assert.is(sampleOf(evicting, 'emqx_client_connect'), 14)
  assert.is(sampleOf(evicting, 'emqx_client_authenticate'), 12, 'refused before authentication')

  await join5(two!, 0)
  await bed.clock.advance(10_000)
  const after = await assertSameFamilies(bed, 'prom-stats-node-prohibiting')
  await assertSameFamilies(bed, 'prom-stats-all_nodes_unaggregated-prohibiting')
  // One was taken over by its client, five were moved.
  assert.is(sampleOf(after, 'emqx_client_disconnected_reason', REASON('takenover')), 6)
  assert.is(sampleOf(after, 'emqx_session_takenover'), 6)
  assert.is(sampleOf(after, 'emqx_session_terminated'), 6)
  assert.is(sampleOf(after, 'emqx_connections_count'), 0)
  bed.cluster.close()
})

test('a session that was parked on a node does not count as an end of a process there', async () => {
  const bed = await cluster5({ count: 2 })
  const [one, two] = bed.nodes
  await join5(one!, 0)
  const body = JSON.stringify({ wait_health_check: 0, wait_takeover: 0 })
  await ask(one!, 'POST', `/api/v5/load_rebalance/${one!.name}/evacuation/start`, { body })
  await bed.clock.advance(5000)
  assert.is(two!.core.channels.size, 1)
  await join5(two!, 0)
  const { body: text } = await ask(two!, 'GET', '/api/v5/prometheus/stats')
  assert.is(sampleOf(text, 'emqx_session_takenover'), 1)
  assert.is(sampleOf(text, 'emqx_client_disconnected_reason', REASON('takenover')), undefined)
  bed.cluster.close()
})

test('the end of a connection that was taken over or discarded is counted by 5.8, and not by 4.4', async () => {
  for (const [version, ended] of [
    ['5.8.9', 2],
    ['4.4.19', 0],
  ] as const) {
    const { cluster, nodes } = await cluster5({ count: 2, version })
    const [one, two] = nodes
    // One with a session, which is taken over; one without, which is discarded.
    for (const node of [one!, two!]) for (const index of [1, 2]) await join5(node, index)
    const { clientDisconnected, sessionTakeovered, sessionDiscarded } = one!.core.counters
    assert.equal([sessionTakeovered, sessionDiscarded], [1, 1], version)
    assert.is(clientDisconnected, ended, version)
    cluster.close()
  }
})

test('5.8 spells it takenover', async () => {
  const { cluster, nodes } = await cluster5({ count: 1 })
  const { body } = await ask(nodes[0]!, 'GET', '/api/v5/prometheus/stats')
  assert.ok(body.includes('emqx_session_takenover 0'))
  assert.not.ok(body.includes('takeovered'))
  cluster.close()
})

test.run()
