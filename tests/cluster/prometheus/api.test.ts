import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readPrometheusAddress } from '#weir/cluster/prometheus/address.ts'
import { checkPrometheus, PrometheusError, prometheusApi } from '#weir/cluster/prometheus/api.ts'
import { WeirError } from '#weir/errors/index.ts'

type Handler = (req: IncomingMessage, res: ServerResponse) => void

async function serving<T>(handler: Handler, act: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await act(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

const answering =
  (status: number, body: unknown, type = 'application/json'): Handler =>
  (_req, res) => {
    res.writeHead(status, { 'content-type': type })
    res.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

const success = (data: unknown) => answering(200, { status: 'success', data })
const RANGE = { fromUnixMs: 1500, toUnixMs: 9000, stepSeconds: 1 }

async function refusal(handler: Handler): Promise<string> {
  return serving(handler, async (url) => {
    const error = await prometheusApi({ url })
      .range('up', RANGE)
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
    assert.instance(error, PrometheusError)
    const { message } = error as Error
    assert.match(message, url)
    assert.not.match(message, '\n')
    return message
  })
}

test('a range query asks below the path of the address, and gives labels and numbers', async () => {
  let asked = ''
  const handler: Handler = (req, res) => {
    asked = req.url ?? ''
    const result = [
      {
        metric: { pod: 'a' },
        values: [
          [1.5, '7'],
          [2.5, 'NaN'],
        ],
      },
    ]
    success({ resultType: 'matrix', result })(req, res)
  }
  const [one] = await serving(handler, (url) => {
    const { url: base } = readPrometheusAddress(`${url}/prometheus/`)
    return prometheusApi({ url: base }).range('up{a="b"}', RANGE)
  })
  assert.equal(one, {
    labels: { pod: 'a' },
    values: [
      [1.5, 7],
      [2.5, Number.NaN],
    ],
  })
  const { pathname, searchParams } = new URL(asked, 'http://x')
  assert.is(pathname, '/prometheus/api/v1/query_range')
  assert.equal(Object.fromEntries(searchParams), { query: 'up{a="b"}', start: '1.5', end: '9', step: '1' })
})

test('its clock is in milliseconds', async () => {
  const clock = success({ resultType: 'scalar', result: [1700000000.25, '1700000000.25'] })
  assert.is(await serving(clock, (url) => prometheusApi({ url }).now()), 1_700_000_000_250)
})

test('what is wrong is said in one line, with what to do', async () => {
  assert.match(
    await refusal(answering(401, 'no', 'text/plain')),
    /does not accept the credentials \(HTTP 401\): set WEIR_PROMETHEUS_TOKEN/,
  )
  assert.match(await refusal(answering(403, '')), /HTTP 403/)
  assert.match(
    await refusal(answering(200, '<html>', 'text/html')),
    /is not a Prometheus: it answered HTTP 200 with text\/html; name the address/,
  )
  assert.match(
    await refusal(answering(404, 'nothing', 'text/plain')),
    /is not a Prometheus: it answered HTTP 404/,
  )
  assert.match(await refusal(answering(302, '')), /HTTP 302/)
  assert.match(
    await refusal(answering(503, { status: 'error', errorType: 'unavailable', error: 'starting' })),
    /refused a query \(unavailable: starting\)/,
  )
  assert.match(await refusal(success({ result: 'x' })), /answered a range query without a list/)
  assert.match(await refusal(success({ result: [null] })), /is not a Prometheus/)
  assert.match(await refusal((_req, res) => res.destroy()), /does not answer \(/)
})

test('one that is not there is told by its address alone', async () => {
  const url = await serving(answering(200, ''), async (there) => there)
  try {
    await checkPrometheus(readPrometheusAddress(url.replace('http://', 'http://user:hidden@')))
    assert.unreachable()
  } catch (error) {
    assert.instance(error, WeirError)
    assert.is((error as WeirError).code, 'WEIR_PROMETHEUS')
    assert.match((error as Error).message, `Prometheus ${url} does not answer (ECONNREFUSED)`)
    assert.not.match((error as Error).message, /user|hidden/)
  }
})

test('credentials come from the address, else from the environment, and are sent', async () => {
  const seen: (string | undefined)[] = []
  const handler: Handler = (req, res) => {
    seen.push(req.headers.authorization)
    success({ result: [1, '1'] })(req, res)
  }
  await serving(handler, async (url) => {
    const withUser = url.replace('http://', 'http://me:s%40cret@')
    await prometheusApi(readPrometheusAddress(withUser, { token: 'unused' })).now()
    await prometheusApi(readPrometheusAddress(url, { token: 'abc' })).now()
    await prometheusApi(readPrometheusAddress(url, { username: 'a', password: 'b' })).now()
    await prometheusApi(readPrometheusAddress(url)).now()
    assert.is(readPrometheusAddress(withUser).url, url)
  })
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
  assert.equal(seen, [basic('me:s@cret'), 'Bearer abc', basic('a:b'), undefined])
})

test('an address that is none is refused without repeating it', () => {
  for (const text of [
    'ftp://me:secret@host',
    'me:secret@host:9090',
    'http://',
    'http://host/?token=secret',
    'http://host/#secret',
    'http://me:100%secret@host',
  ])
    try {
      readPrometheusAddress(text)
      assert.unreachable(text)
    } catch (error) {
      assert.is((error as WeirError).code, 'WEIR_USAGE', text)
      assert.not.match((error as Error).message, 'secret')
    }
})

test.run()
