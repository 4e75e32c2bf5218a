import assert from 'node:assert/strict'
import { type Answer5, ask } from '../../../testbed/emqx/support/cluster-5.ts'
import { type Cases, evacuate, post } from '../nodes.ts'

const said = ({ status, json }: Answer5) => [status, json.code, json.message]

const schema = (error: object) => JSON.stringify({ ...error, kind: 'validation_error' })

/** What load_rebalance refuses, with which status, code and message. */
export const refusalCases: Cases = {
  'a second start, and a stop of a node that is not evacuated': async ({ one, two }) => {
    await evacuate(one, { wait_health_check: 60 })
    assert.deepEqual(said(await post(two, `${one.name}/evacuation/start`)), [
      400,
      'BAD_REQUEST',
      `error on node '${one.name}': already_started`,
    ])
    assert.deepEqual(said(await post(one, `${two.name}/evacuation/stop`)), [
      400,
      'BAD_REQUEST',
      `error on node '${two.name}': not_started`,
    ])
  },

  'a node that is none': async ({ one }) => {
    for (const verb of ['start', 'stop'])
      assert.deepEqual(said(await post(one, `emqx@nobody/evacuation/${verb}`)), [
        404,
        'NOT_FOUND',
        'Node not found: emqx@nobody',
      ])
  },

  'recipients that are no nodes, or that are evacuated': async ({ one, two }) => {
    const start = (migrate_to: string[]) => post(one, `${one.name}/evacuation/start`, { migrate_to })
    assert.deepEqual(said(await start(['emqx@nowhere'])), [
      400,
      'BAD_REQUEST',
      'Invalid nodes: [<<"emqx@nowhere">>]',
    ])
    await evacuate(two, { wait_health_check: 60 })
    assert.deepEqual(said(await start([two.name])), [400, 'NOT_FOUND', `Nodes unavailable: ['${two.name}']`])
  },

  'fields that are unknown, and values that do not fit': async ({ one }) => {
    const refused = async (body: object, message: string) =>
      assert.deepEqual(said(await post(one, `${one.name}/evacuation/start`, body)), [
        400,
        'BAD_REQUEST',
        message,
      ])
    await refused(
      { server_reference: 'x' },
      schema({
        unmatched: 'conn_evict_rate,migrate_to,...',
        unknown: 'server_reference',
        reason: 'unknown_fields',
        path: 'root',
      }),
    )
    await refused(
      { conn_evict_rate: 0 },
      schema({ value: 0, reason: { expected: 'pos_integer()' }, path: 'root.conn_evict_rate' }),
    )
    await refused(
      { conn_evict_rate: 'many' },
      schema({ value: 'many', reason: { expected: 'pos_integer()' }, path: 'root.conn_evict_rate' }),
    )
    await refused(
      { wait_takeover: 'soon' },
      schema({ value: 'soon', reason: 'Not a valid duration', path: 'root.wait_takeover' }),
    )
    for (const value of [-1, 1.5])
      await refused(
        { wait_takeover: value },
        schema({
          value,
          reason: { expected: 'emqx_schema:timeout_duration_s()' },
          path: 'root.wait_takeover',
        }),
      )
    await refused([], schema({ value: [], reason: 'bad_value_for_struct', path: 'root' }))
    await refused(
      { redirect_to: true },
      schema({ value: true, reason: { expected: 'binary()' }, path: 'root.redirect_to' }),
    )
    await refused(
      { migrate_to: [] },
      schema({ value: [], reason: { expected: '[binary(),...]' }, path: 'root.migrate_to' }),
    )
  },

  'a body that is no JSON, and one of another content type': async ({ one }) => {
    const path = `/api/v5/load_rebalance/${one.name}/evacuation/start`
    const broken = await ask(one, 'POST', path, { body: '{broken' })
    assert.deepEqual(said(broken), [400, 'BAD_REQUEST', 'Invalid json message received'])
    const text = await ask(one, 'POST', path, { body: '{}', contentType: 'text/plain' })
    assert.deepEqual(said(text), [415, 'UNSUPPORTED_MEDIA_TYPE', 'content-type:application/json Required'])
  },

  'a method that the path has not, a path that is none': async ({ one }) => {
    const wrong = await ask(one, 'GET', `/api/v5/load_rebalance/${one.name}/evacuation/start`)
    assert.deepEqual([wrong.status, wrong.headers.get('allow'), wrong.body], [405, 'POST', ''])
    const json = await ask(one, 'GET', '/api/v5/nothing', { accept: 'application/json' })
    assert.deepEqual(
      [json.status, json.body],
      [404, '{"code": "NOT_FOUND", "message": "Request Path Not Found"}'],
    )
    const page = await ask(one, 'GET', '/api/v5/nothing')
    assert.deepEqual([page.status, page.headers.get('content-type')], [404, 'text/html'])
  },

  'credentials that are missing or wrong': async ({ one }) => {
    const path = '/api/v5/nodes'
    const none = await ask(one, 'GET', path, { authorization: null })
    assert.deepEqual([none.status, none.json.code], [401, 'AUTHORIZATION_HEADER_ERROR'])
    for (const pair of ['key:wrong', 'admin:public']) {
      const authorization = `Basic ${Buffer.from(pair).toString('base64')}`
      const { status, json } = await ask(one, 'GET', path, { authorization })
      assert.deepEqual([status, json.code], [401, 'BAD_API_KEY_OR_SECRET'])
    }
    const bearer = await ask(one, 'GET', path, { authorization: 'Bearer nothing' })
    assert.deepEqual([bearer.status, bearer.json.code], [401, 'BAD_TOKEN'])
  },
}
