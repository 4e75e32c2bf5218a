import assert from 'node:assert/strict'
import { persistent } from '../../../testbed/emqx/session/two-nodes.ts'
import { ask } from '../../../testbed/emqx/support/cluster-5.ts'
import { admitted, type Cases, isAway, type Node, row } from '../nodes.ts'

const list = async (node: Node, query = '') => (await ask(node, 'GET', `/api/v5/clients${query}`)).json

const ids = ({ data }: { data: { clientid: string }[] }) => data.map(({ clientid }) => clientid).sort()

const keys = (value: object) => Object.keys(value).sort().join(' ')

const ROW =
  `auth_expire_at awaiting_rel_cnt awaiting_rel_max clean_start client_attrs clientid connected connected_at created_at durable
enable_authn expiry_interval heap_size inflight_cnt inflight_max ip_address is_bridge is_expired is_persistent keepalive listener mailbox_len
mountpoint mqueue_dropped mqueue_len mqueue_max node peersni port proto_name proto_ver recv_cnt recv_msg recv_msg.dropped
recv_msg.dropped.await_pubrel_timeout recv_msg.qos0 recv_msg.qos1 recv_msg.qos2 recv_oct recv_pkt reductions send_cnt send_msg
send_msg.dropped send_msg.dropped.expired send_msg.dropped.queue_full send_msg.dropped.too_large send_msg.qos0 send_msg.qos1 send_msg.qos2
send_oct send_pkt subscriptions_cnt subscriptions_max username`.replaceAll('\n', ' ')

/** The lists of nodes and of clients: fields, pages, filters. */
export const listingCases: Cases = {
  'nodes: fields, and counts of the moment': async (nodes) => {
    const { one, two } = nodes
    await admitted(one, { clientId: 'a' })
    const [away] = await admitted(one, persistent('b'))
    away.close()
    await isAway(nodes, 'b')
    const { json } = await ask(two, 'GET', '/api/v5/nodes')
    const mine = json.find(({ node }: { node: string }) => node === one.name)
    assert.equal(
      keys(mine),
      'cluster_sessions connections edition live_connections load1 load15 load5 log_path max_fds memory_total memory_used node node_status otp_release process_available process_used role sys_path uptime version',
    )
    const { connections, live_connections, cluster_sessions, node_status, role, version, edition } = mine
    assert.deepEqual(
      { connections, live_connections, cluster_sessions, node_status, role, version, edition },
      {
        connections: 2,
        live_connections: 1,
        cluster_sessions: 2,
        node_status: 'running',
        role: 'core',
        version: '5.8.9',
        edition: 'Enterprise',
      },
    )
    const single = await ask(two, 'GET', `/api/v5/nodes/${one.name}`)
    assert.equal(keys(single.json), keys(mine))
    const missing = await ask(two, 'GET', '/api/v5/nodes/emqx@nobody')
    assert.deepEqual(
      [missing.status, missing.json],
      [404, { code: 'NOT_FOUND', message: 'Node not found: emqx@nobody' }],
    )
  },

  'the cluster: its nodes, and who answers': async ({ one, two }) => {
    const { json } = await ask(two, 'GET', '/api/v5/cluster')
    assert.deepEqual(
      { ...json, nodes: json.nodes.sort() },
      { name: 'emqxcl', nodes: [one.name, two.name].sort(), self: two.name },
    )
  },

  'a client: its fields': async ({ one, two }) => {
    await admitted(one, { ...persistent('p'), keepalive: 60 })
    const { json } = await row(two, 'p')
    assert.equal(keys(json), ROW)
    const {
      node,
      clientid,
      connected,
      clean_start,
      expiry_interval,
      keepalive,
      proto_name,
      proto_ver,
      listener,
    } = json
    assert.deepEqual(
      { node, clientid, connected, clean_start, expiry_interval, keepalive, proto_name, proto_ver, listener },
      {
        node: one.name,
        clientid: 'p',
        connected: true,
        clean_start: false,
        expiry_interval: 7200,
        keepalive: 60,
        proto_name: 'MQTT',
        proto_ver: 5,
        listener: 'tcp:default',
      },
    )
    const missing = await row(two, 'nobody')
    assert.deepEqual(
      [missing.status, missing.json],
      [404, { code: 'CLIENTID_NOT_FOUND', message: 'Client ID not found' }],
    )
  },

  'a client that is away says since when': async (nodes) => {
    const [client] = await admitted(nodes.one, persistent('p'))
    client.close()
    await isAway(nodes, 'p')
    assert.equal(keys((await row(nodes.one, 'p')).json), ROW.replace('durable ', 'disconnected_at durable '))
  },

  'clients: pages of all nodes together, with a total': async ({ one, two }) => {
    for (const [index, node] of [one, two, one, two, one].entries())
      await admitted(node, { clientId: `c${index}` })
    const pages = []
    for (const page of [1, 2, 3]) pages.push(await list(one, `?limit=2&page=${page}`))
    assert.deepEqual(
      pages.map(({ data, meta }) => [data.length, meta]),
      [
        [2, { count: 5, hasnext: true, limit: 2, page: 1 }],
        [2, { count: 5, hasnext: true, limit: 2, page: 2 }],
        [1, { count: 5, hasnext: false, limit: 2, page: 3 }],
      ],
    )
    assert.deepEqual(pages.flatMap(ids).sort(), ['c0', 'c1', 'c2', 'c3', 'c4'])
    assert.deepEqual((await list(one)).meta, { count: 5, hasnext: false, limit: 100, page: 1 })
  },

  'clients: by node, by state, by a part of the id, and a choice of fields': async (nodes) => {
    const { one, two } = nodes
    await admitted(one, { clientId: 'fleet-1' })
    await admitted(two, { clientId: 'fleet-2' })
    const [away] = await admitted(one, persistent('x-fleet-3'))
    away.close()
    await isAway(nodes, 'x-fleet-3')
    assert.deepEqual(ids(await list(two, `?node=${one.name}`)), ['fleet-1', 'x-fleet-3'])
    assert.deepEqual(ids(await list(two, '?conn_state=connected')), ['fleet-1', 'fleet-2'])
    assert.deepEqual(ids(await list(two, '?conn_state=disconnected')), ['x-fleet-3'])
    const like = await list(one, '?like_clientid=fleet-')
    assert.deepEqual(
      [ids(like), like.meta],
      [['fleet-1', 'fleet-2', 'x-fleet-3'], { hasnext: false, limit: 100, page: 1 }],
    )
    assert.deepEqual(ids(await list(one, '?like_clientid=FLEET')), [])
    const short = await list(one, `?node=${one.name}&like_clientid=fleet-&fields=clientid,connected`)
    assert.deepEqual(
      short.data.sort((left: { clientid: string }, right: { clientid: string }) =>
        left.clientid < right.clientid ? -1 : 1,
      ),
      [
        { clientid: 'fleet-1', connected: true },
        { clientid: 'x-fleet-3', connected: false },
      ],
    )
  },

  'clients: pages and limits that are none': async ({ one }) => {
    const refused = async (query: string, value: number | string, reason: unknown, path: string) => {
      const { status, json } = await ask(one, 'GET', `/api/v5/clients?${query}`)
      const message = JSON.stringify({ value, reason, path, kind: 'validation_error' })
      assert.deepEqual([status, json], [400, { code: 'BAD_REQUEST', message }])
    }
    await refused('limit=0', 0, { expected: '1..10000' }, 'limit')
    await refused('limit=10001', 10001, { expected: '1..10000' }, 'limit')
    await refused('page=0', 0, { expected: 'pos_integer()' }, 'page')
    await refused('page=x', 'x', { expected: 'pos_integer()' }, 'page')
    await refused('conn_state=odd', 'odd', 'unable_to_convert_to_enum_symbol', 'conn_state')
    const nobody = await ask(one, 'GET', '/api/v5/clients?node=emqx@nobody')
    const message = 'bad rpc call <<"emqx@nobody">>, Reason <<"invalid node">>'
    assert.deepEqual([nobody.status, nobody.json], [500, { code: 'NODE_DOWN', message }])
  },
}
