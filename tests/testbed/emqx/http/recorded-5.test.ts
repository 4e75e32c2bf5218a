import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { assertReplays, cluster5, fleet5, join5 } from '../support/cluster-5.ts'

const IDLE = [
  'api-status',
  'cluster',
  'listeners',
  'login',
  'login-bad',
  'lr-avail-disabled',
  'lr-avail-noauth',
  'lr-ee',
  'lr-global-disabled',
  'lr-start-badjson',
  'lr-start-badmigrate',
  'lr-start-badnode',
  'lr-start-badrate',
  'lr-start-get',
  'lr-start-noauth',
  'lr-start-selfmigrate',
  'lr-start-server_reference-rejected',
  'lr-start-unknownfield',
  'lr-status-before',
  'lr-status-disabled',
  'lr-stop-notstarted',
  'monitor-current',
  'node-one',
  'nodes-3-idle',
  'nodes-ee',
  'prom-badmode',
  'prom-stats-json',
  'stats-aggregate',
  'stats-nonaggregate',
  'status-json-ee',
  'status-running',
  'unauth',
]

for (const name of IDLE)
  test(`an idle cluster answers as recorded: ${name}`, async () => {
    const { cluster, nodes } = await cluster5()
    await assertReplays(nodes, name)
    cluster.close()
  })

for (const name of ['lr-start-default-ok', 'lr-start-defaults-ok', 'lr-start-ok'])
  test(`an evacuation starts as recorded: ${name}`, async () => {
    const { cluster, nodes } = await cluster5()
    await assertReplays(nodes, name)
    assert.is(nodes[0]!.core.evacuation.state, 'waiting_health_check')
    cluster.close()
  })

for (const name of [
  'nodes-3000',
  'stats-3000',
  'monitor-current-3000',
  'clients-limit3',
  'clients-page-2',
  'client-one',
])
  test(`a cluster with clients answers as recorded: ${name}`, async () => {
    const { cluster, nodes, clock } = await cluster5()
    // On the recorded second page are two clients with a session. The recorded listing begins with an MQTT 3 client, then one of MQTT 5 without a session and one with.
    if (name === 'clients-limit3') for (const index of [3, 2, 1, 0]) await join5(nodes[0]!, index)
    else await fleet5(nodes[0]!, 12, name === 'clients-page-2' ? 2 : 0)
    await clock.advance(2000)
    await assertReplays(nodes, name)
    cluster.close()
  })

test.run()
