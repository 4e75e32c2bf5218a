/** Mistakes with flags: what a person would say, in one line. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { optionsOf } from '#weir/bench/command/options.ts'
import { adviseOnFlags } from '#weir/cli/bench/advice.ts'
import { FOREIGN_FLAGS, FOREIGN_VALUES } from '#weir/cli/bench/foreign-flags.ts'
import { projectFile } from '../../support/project-file.ts'
import { weir } from '../weir.ts'

for (const [line, words] of [
  ['conn -c100', 'write a space between a flag and its value: -c 100'],
  ['conn -rp100', ': -rp 100'],
  ['conn -hlocalhost', ': -h localhost'],
  ['conn -d', '--duration SECONDS'],
  ['pub -t a -q 1 -d 60', '"-d" is --dup and takes no value: for a duration use --duration 60'],
  ['pub -t a -r 1', '"-r" is --retain and takes no value: remove "1"'],
  ['conn -i dev', '-i takes a number, and not "dev": the client id (-i of mosquitto) is -I'],
  ['conn --cafile x', 'use --ca'],
  ['conn -R 100', '--rate'],
  ['conn -n 5', '--start-number'],
  ['pub -t a --interval_of_msg 5', 'use -im'],
  ['pub -t a -S true', '-l mqtts'],
  ['conn -S true', '-l mqtts'],
  ['conn --ssl=true', 'use -l mqtts'],
  ['conn -V mqttv311', 'use -V 3.1.1'],
  ['conn -V 4', 'use -V 3.1.1'],
  ['conn -l tls', 'use -l mqtts'],
  ['conn -l http', 'use -l ws'],
  ['pub -t a -L mqtt://x/t', 'a broker (-L of mosquitto) is named with -h'],
  ['conn -c 1,000', 'write 1000'],
  ['conn --rate=5k', 'write 5000'],
  ['conn --duration 60s', 'leave out the unit'],
  ['conn –c 5', 'dash of typesetting'],
  ['conn broker', '"broker" belongs to no flag: name the broker with -h'],
  ['pub -t a -m hello world', '"world" belongs to no flag: if it is part of the value of -m, quote'],
  ['sub -t a --format hex', 'not to a load test'],
] as const)
  test(`bench ${line}`, async () => {
    const ran = await weir(['bench', ...line.split(' ')])
    assert.is(ran.code, 2)
    assert.match(ran.stderr, words)
    assert.is(ran.stderr.trim().split('\n').length, 1)
  })

test('a password is not shown', async () => {
  for (const line of ['conn -u me -Phunter2', 'conn -u me -P my hunter2'])
    assert.not.match((await weir(['bench', ...line.split(' ')])).stderr, 'hunter2')
})

test('what is right is not advised on', () => {
  for (const line of [
    'conn -c 5 -h a -p 1 -rp 0 -up a:1 b:2 --no-clean --json --prometheus --debug --lang zh -l mqtts --insecure',
    'pub -t -x -m -1 -S 1KB -im 0 -w true -r false -q 2 --split --file-read x',
    'sub -t a b -q 1 2 -nl true -lo --duration=1e3 -- anything -c5',
  ])
    adviseOnFlags(['bench', ...line.split(' ').filter((word) => word !== '-x')])
  adviseOnFlags(['run', '-c100'])
  adviseOnFlags(['bench'])
})

test('every flag of MQTTX’s bench is taken', () => {
  const fixture = readFileSync(projectFile('tests/fixtures/bench/mqttx-flags.json'), 'utf8')
  for (const { flags, commands } of JSON.parse(fixture) as { flags: string[]; commands: string[] }[])
    for (const command of commands) for (const flag of flags) adviseOnFlags(['bench', command, flag])
})

test('foreign flags are foreign, and what is advised instead exists', () => {
  const all = Object.values(optionsOf) as Record<string, { alias?: string }>[]
  const known = new Set(
    all.flatMap((options) =>
      Object.entries(options).flatMap(([name, { alias }]) => [
        `--${name}`,
        `--no-${name}`,
        ...(alias ? [`-${alias}`] : []),
      ]),
    ),
  )
  known.add('--help')
  const everywhere = (flag: string) =>
    all.every((options) =>
      Object.entries(options).some(([name, { alias }]) => `--${name}` === flag || `-${alias}` === flag),
    )
  for (const [flag, advice] of Object.entries(FOREIGN_FLAGS)) {
    assert.not.ok(everywhere(flag), `${flag} is a flag of every command`)
    for (const [, named] of advice.matchAll(/(?<![\w(])(--?[a-z][a-z-]*|-[A-Z])(?= |$|,|;|:)/gi))
      assert.ok(known.has(named!) || named === flag, `${flag} advises ${named}`)
  }
  for (const name of Object.keys(FOREIGN_VALUES)) assert.ok(known.has(`--${name}`))
})

test('emqtt_bench’s -I, an interval, is noticed', async () => {
  const ran = await weir('bench pub -t a -I 1000 -h 127.0.0.1 -p 1 -c 1 -rp 0'.split(' '))
  assert.match(ran.stderr, 'clients have the ids 1000_0, 1000_1, …: for an interval of messages use -im')
})

test.run()
