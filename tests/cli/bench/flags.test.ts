/** The flags of `mqttx bench` (tests/fixtures/bench/mqttx-flags.json), typed as its users type them. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import yargs from 'yargs'
import { optionsOf } from '#weir/bench/command/options.ts'
import type { BenchCommand } from '#weir/bench/index.ts'
import { benchParser, givenFlags } from '#weir/cli/bench/parse.ts'
import { projectFile } from '../../support/project-file.ts'

const MQTTX: { flags: string[]; commands: BenchCommand[] }[] = JSON.parse(
  readFileSync(projectFile('tests/fixtures/bench/mqttx-flags.json'), 'utf8'),
)

function parse(command: BenchCommand, words: string[]): Record<string, unknown> {
  const parser = benchParser(yargs().help(false).version(false), optionsOf[command])
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Error(message)
    })
  return givenFlags(parser.parseSync(words), optionsOf[command])
}

const line = (text: string) => text.split(' ')

test('every flag of MQTTX is declared under its names, letters included', () => {
  assert.ok(MQTTX.length > 60, 'the fixture is there')
  for (const { flags, commands } of MQTTX)
    for (const command of commands) {
      const long = flags.at(-1)!.replace(/^--(no-(?=clean|req))?/, '')
      const option = (optionsOf[command] as Record<string, { alias?: string }>)[long]
      assert.ok(option, `bench ${command} has no --${long}`)
      if (flags.length > 1) assert.is(option.alias, flags[0]!.replace(/^-+/, ''), `the letters of --${long}`)
    }
})

test('conn, by its letters', () => {
  const words = line(
    '-c 5 -i 2 -V 3.1.1 -h 10.0.0.1 -p 1884 -I dev-%i --no-clean -k 44 -u me -P secret -l wss --path /ws -rp 50 --maximum-reconnect-times 3 -se 60 --rcv-max 10 --maximum-packet-size 1000 --topic-alias-maximum 5 --req-response-info --no-req-problem-info --key k.pem --cert c.pem --ca ca.pem --insecure --alpn mqtt x-mqtt -Wt w -Wm gone -Wq 1 -Wr -Wd 5 -Wpf -We 60 -Wct text -Wrt r -Wcd c',
  )
  const named = ['-wh', 'Authorization: Bearer x', 'B: 2', '-up', 'a: 1', '-up', 'b: 2', '-Wup', 'w: 1']
  assert.equal(parse('conn', [...words, ...named]), {
    count: 5,
    interval: 2,
    'mqtt-version': '3.1.1',
    hostname: '10.0.0.1',
    port: 1884,
    'client-id': 'dev-%i',
    clean: false,
    keepalive: 44,
    username: 'me',
    password: 'secret',
    protocol: 'wss',
    path: '/ws',
    'ws-headers': ['Authorization: Bearer x', 'B: 2'],
    'reconnect-period': 50,
    'maximum-reconnect-times': 3,
    'session-expiry-interval': 60,
    'receive-maximum': 10,
    'maximum-packet-size': 1000,
    'topic-alias-maximum': 5,
    'req-response-info': true,
    'req-problem-info': false,
    key: 'k.pem',
    cert: 'c.pem',
    ca: 'ca.pem',
    insecure: true,
    alpn: ['mqtt', 'x-mqtt'],
    'user-properties': ['a: 1', 'b: 2'],
    'will-topic': 'w',
    'will-message': 'gone',
    'will-qos': 1,
    'will-retain': true,
    'will-delay-interval': 5,
    'will-payload-format-indicator': true,
    'will-message-expiry-interval': 60,
    'will-content-type': 'text',
    'will-response-topic': 'r',
    'will-correlation-data': 'c',
    'will-user-properties': ['w: 1'],
  })
})

test('sub: variadic and repeated', () => {
  assert.equal(
    parse('sub', line('-t a b -t c/%i -q 1 2 -q 0 -nl -rap true false -rh 2 -si 7 8 -v -Cup x:1')),
    {
      topic: ['a', 'b', 'c/%i'],
      qos: [1, 2, 0],
      no_local: [],
      'retain-as-published': ['true', 'false'],
      'retain-handling': [2],
      'subscription-identifier': [7, 8],
      verbose: true,
      'conn-user-properties': ['x:1'],
    },
  )
})

test('pub, by its letters', () => {
  assert.equal(
    parse(
      'pub',
      line(
        '-t a -q 2 -im 5 -L 10 -m hi -r -d -pf -e 60 -ta 3 -rt r -cd c -si 4 -ct text -S 1KB --file-read f --split , -v -w',
      ),
    ),
    {
      topic: 'a',
      qos: 2,
      'message-interval': 5,
      limit: 10,
      message: 'hi',
      retain: true,
      dup: true,
      'payload-format-indicator': true,
      'message-expiry-interval': 60,
      'topic-alias': 3,
      'response-topic': 'r',
      'correlation-data': 'c',
      'subscription-identifier': 4,
      'content-type': 'text',
      'payload-size': '1KB',
      'file-read': 'f',
      split: ',',
      verbose: true,
      'wait-before-publishing': true,
    },
  )
})

test('the last of a flag counts; optional values may be left out; numbers stay texts where texts are meant', () => {
  assert.equal(parse('pub', line('-t 007 -u 1 -P 002 -p 1 -p 2 --split -so -lo f.json --prometheus')), {
    topic: '007',
    username: '1',
    password: '002',
    port: 2,
    split: '',
    'save-options': '',
    'load-options': 'f.json',
    prometheus: '',
  })
})

test('an empty message is one', () => {
  assert.equal(parse('pub', ['-t', 'a', '-m', '']), { topic: 'a', message: '' })
})

test('a flag without the value that it needs is not taken for given', () => {
  assert.throws(() => parse('conn', ['-h', '-p', '1']), /Not enough arguments/)
})

test.run()
