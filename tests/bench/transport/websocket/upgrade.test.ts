import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { WebSocketRefused } from '#weir/bench/transport/websocket/errors.ts'
import {
  acceptOf,
  beginUpgrade,
  readUpgrade,
  type Upgrade,
  upgradeRequest,
} from '#weir/bench/transport/websocket/upgrade.ts'

const ROUTE = { address: '10.0.0.1', host: 'broker.example', port: 8083 }

function answer(upgrade: Upgrade, changes: Record<string, string | undefined> = {}): string {
  const headers: Record<string, string | undefined> = {
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Accept': acceptOf(upgrade.key),
    'Sec-WebSocket-Protocol': 'mqtt',
    ...changes,
  }
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  )
  return `HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`
}

test('the accept of RFC 6455 §1.3', () => {
  assert.is(acceptOf('dGhlIHNhbXBsZSBub25jZQ=='), 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
})

test('the request: by name, with the subprotocol, the path and the headers that were asked for', () => {
  const upgrade = beginUpgrade(ROUTE)
  const text = upgradeRequest(
    upgrade,
    { path: '/ws?a=1', headers: { Authorization: 'Bearer x' } },
    'ws',
  ).toString()
  assert.equal(text.split('\r\n'), [
    'GET /ws?a=1 HTTP/1.1',
    'Host: broker.example:8083',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${upgrade.key}`,
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: mqtt',
    'Authorization: Bearer x',
    '',
    '',
  ])
  assert.is(Buffer.from(upgrade.key, 'base64').length, 16)
  assert.is.not(beginUpgrade(ROUTE).key, upgrade.key)
})

test('the Host header: no default port, brackets for IPv6, a user’s own', () => {
  const hostOf = (host: string, port: number, protocol: 'ws' | 'wss', headers = {}) =>
    /^host: (.*)$/im
      .exec(upgradeRequest(beginUpgrade({ ...ROUTE, host, port }), { headers }, protocol).toString())![1]!
      .trim()
  assert.is(hostOf('a', 80, 'ws'), 'a')
  assert.is(hostOf('a', 443, 'ws'), 'a:443')
  assert.is(hostOf('a', 443, 'wss'), 'a')
  assert.is(hostOf('::1', 8083, 'ws'), '[::1]:8083')
  assert.is(hostOf('a', 80, 'ws', { host: 'other' }), 'other')
})

test('an answer split at every byte, with the first frame behind it', () => {
  const rest = 'frames'
  const length = answer(beginUpgrade(ROUTE)).length
  for (let cut = 1; cut <= length; cut++) {
    const upgrade = beginUpgrade(ROUTE)
    const bytes = Buffer.from(answer(upgrade) + rest)
    const first = readUpgrade(upgrade, bytes.subarray(0, cut))
    if (cut === length) assert.is(first, length)
    else {
      assert.is(first, -1)
      assert.is(readUpgrade(upgrade, bytes.subarray(cut)), length - cut)
    }
  }
})

test('names in any case, lists, and headers of no interest', () => {
  const upgrade = beginUpgrade(ROUTE)
  const text = `HTTP/1.1 101\r\nserver: x\r\nUPGRADE:WebSocket\r\nconnection: keep-alive, upgrade\r\nsec-websocket-accept:${acceptOf(upgrade.key)} \r\nSec-Websocket-Protocol: mqtt\r\n\r\n`
  assert.is(readUpgrade(upgrade, Buffer.from(text)), text.length)
})

const REFUSALS: [what: string, status: number, words: string, text: (upgrade: Upgrade) => string][] = [
  ['404', 404, '404 Not Found', () => 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'],
  ['a redirection', 302, '302', () => 'HTTP/1.0 302 Found\r\nLocation: /\r\n\r\n'],
  ['a plain page', 200, '200', () => 'HTTP/1.1 200 OK\r\n\r\nhello'],
  ['no subprotocol', 101, 'subprotocol', (u) => answer(u, { 'Sec-WebSocket-Protocol': undefined })],
  ['another subprotocol', 101, 'subprotocol', (u) => answer(u, { 'Sec-WebSocket-Protocol': 'mqttv3.1' })],
  ['another key', 101, 'another key', (u) => answer(u, { 'Sec-WebSocket-Accept': acceptOf('x') })],
  ['no upgrade', 101, 'does not upgrade', (u) => answer(u, { Upgrade: undefined })],
  ['another upgrade', 101, 'does not upgrade', (u) => answer(u, { Upgrade: 'h2c' })],
  ['no connection', 101, 'does not upgrade', (u) => answer(u, { Connection: 'keep-alive' })],
  ['an extension', 101, 'extension', (u) => answer(u, { 'Sec-WebSocket-Extensions': 'permessage-deflate' })],
  ['MQTT', -1, 'no HTTP', () => '\x20\x02\x00\x00'],
  ['another HTTP', -1, 'no HTTP', () => 'HTTP/1.1 abc\r\n\r\n'],
  ['a head without end', -1, 'never ends', () => `HTTP/1.1 101 x\r\n${'a: b\r\n'.repeat(4000)}`],
]

for (const [what, status, words, text] of REFUSALS)
  test(`refused: ${what}`, () => {
    const upgrade = beginUpgrade(ROUTE)
    try {
      readUpgrade(upgrade, Buffer.from(text(upgrade), 'latin1'))
      assert.unreachable('it was taken')
    } catch (error) {
      assert.instance(error, WebSocketRefused)
      assert.is((error as WebSocketRefused).status, status)
      assert.match((error as Error).message, words)
    }
  })

test.run()
