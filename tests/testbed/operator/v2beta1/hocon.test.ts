import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseHocon, printHocon } from '#weir/facts/hocon.ts'
import {
  configOf,
  dashboardPorts,
  listenerPorts,
  withoutReadOnly,
} from '#weir/testbed/operator/emqx5/config.ts'

const SUBSTITUTION = ['$', '{b.c}'].join('')

const taken: [string, string, object][] = [
  ['nothing', '', {}],
  ['dotted keys', 'a.b.c = 1', { a: { b: { c: '1' } } }],
  ['all ways to assign', 'a = 1\nb : 2\nc { d = 3 }', { a: '1', b: '2', c: { d: '3' } }],
  ['root braces', '{ a = 1, b = 2 }', { a: '1', b: '2' }],
  ['commas and newlines', 'a {b = 1, c = 2}\n\n, d = 3', { a: { b: '1', c: '2' }, d: '3' }],
  ['later keys win, objects merge', 'a.b = 1\na { c = 2 }\na.b = 3', { a: { b: '3', c: '2' } }],
  ['comments', '# one\na = 1 // two\nb = 2 # three', { a: '1', b: '2' }],
  ['quotes', 'a = "x y # z"\n"b.c" = """say "no\\n" """', { a: 'x y # z', 'b.c': 'say "no\\n" ' }],
  ['lists', 'a = [1, "two", {b = 3}]', { a: ['1', 'two', { b: '3' }] }],
  ['texts with blanks', 'a = 1 h 30 m\nb = http//x', { a: '1 h 30 m', b: 'http//x' }],
  ['substitutions', `a = ${SUBSTITUTION}\nd = 1`, { a: SUBSTITUTION, d: '1' }],
  ['addresses in quotes', 'bind = "0.0.0.0:1883"', { bind: '0.0.0.0:1883' }],
]

for (const [what, text, value] of taken)
  test(`reads ${what}`, () => {
    assert.equal(parseHocon(text), value)
  })

const refused: [string, string, RegExp][] = [
  ['an open brace', 'a {\nb = 1', /line 2: no } follows/],
  ['a brace too many', 'a = 1\n}', /line 2: /],
  ['a key without a value', 'listeners.tcp', /has no value/],
  ['an open text', 'a = "x', /no closing quote/],
  ['an open list', 'a = [1, 2', /no ] follows/],
  ['nothing after the sign', 'a = \n}', /a value is missing|stands behind/],
]

for (const [what, text, words] of refused)
  test(`refuses ${what}`, () => {
    assert.throws(
      () => parseHocon(text),
      (error: Error) => error.name === 'HoconError' && words.test(error.message),
    )
  })

test('what is printed reads the same', () => {
  for (const [, text] of taken) {
    const value = parseHocon(text)
    assert.equal(parseHocon(printHocon(value)), value)
  }
})

test("the operator's four listeners stand under the resource's configuration", () => {
  const names = (data: string) => listenerPorts(configOf(data)).map(({ name, port }) => `${name} ${port}`)
  assert.equal(names(''), ['tcp-default 1883', 'ssl-default 8883', 'ws-default 8083', 'wss-default 8084'])
  const data = `
    listeners.tcp.default.bind = "0.0.0.0:11883"
    listeners.ssl.default.enable = false
    listeners.quic.q.bind = 14567
    gateway.stomp.listeners.tcp.main.bind = 61613`
  assert.equal(names(data), [
    'tcp-default 11883',
    'ws-default 8083',
    'wss-default 8084',
    'quic-q 14567',
    'stomp-tcp-main 61613',
  ])
  assert.is(listenerPorts(configOf(data)).find(({ name }) => name === 'quic-q')?.protocol, 'UDP')
})

test('the dashboard listens on 18083 unless it is told otherwise', () => {
  const ports = (data: string) => dashboardPorts(configOf(data)).map(({ name, port }) => `${name} ${port}`)
  assert.equal(ports(''), ['dashboard 18083'])
  assert.equal(ports('dashboard.listeners.http.bind = 28083'), ['dashboard 28083'])
  assert.equal(ports('dashboard.listeners { http.bind = 0, https.bind = 18084 }'), ['dashboard-https 18084'])
})

test('roots that a running EMQX refuses are taken out', () => {
  const { rest, stripped } = withoutReadOnly(parseHocon('node.cookie = x\nmqtt.max_topic_levels = 9\nrpc {}'))
  assert.equal(rest, { mqtt: { max_topic_levels: '9' } })
  assert.equal(stripped, ['node', 'rpc'])
})

test.run()
