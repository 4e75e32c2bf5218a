/** Command lines that cannot be: one line that names what is wrong, exit code 2, and no connection is opened. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { weir } from '../../cli/weir.ts'
import { FakeBroker } from '../support/fake-broker.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-lines-'))
const garbage = join(folder, 'garbage.pem')
writeFileSync(garbage, 'no certificate')
const broker = await FakeBroker.listen()
let sockets = 0
broker.onSocket = () => void sockets++
test.after(async () => {
  await broker.close()
  rmSync(folder, { recursive: true, force: true })
})

for (const [line, words] of [
  ['conn --rate 5 -i 3', '--interval and --rate cannot be combined'],
  ['conn --reconnect paho-java -rp 5', '--reconnect and --reconnect-period cannot be combined'],
  ['conn --reconnect no-such', 'no reconnect policy "no-such"'],
  ['conn --schedule burst', '--schedule "burst" is not'],
  ['conn --schedule rate:0', 'perSecond is 0'],
  ['conn -u -c 5', '-u needs a value'],
  ['conn --ca -c 5', '--ca needs a value'],
  ['conn -c none', ': -c takes a number'],
  ['conn -V 3.1', 'MQTT 3.1 is not supported'],
  ['conn --no-such-flag', 'there is no flag'],
  ['conn --hostnme x', 'did you mean "--hostname"'],
  ['conn extra', '"extra"'],
  ['conn -am SCRAM-SHA-256', '--authentication-method is not supported'],
  ['conn --engine java', '--engine is java'],
  ['conn -l quic', '--protocol is quic'],
  ['conn --ca x.pem', '--ca requires -l mqtts or -l wss'],
  ['conn -l ws --key x.pem', '--key requires -l mqtts or -l wss'],
  ['conn --ciphers X', '--ciphers requires -l mqtts or -l wss'],
  ['conn -l mqtts --ciphers NONE-SUCH', 'OpenSSL knows none of the ciphers "NONE-SUCH"'],
  ['pub -t a --template', '--template requires -m or --file-read'],
  ['pub -t a --template -m %{count}', '%{count} is not a variable'],
  ['pub -t a --template --file-read x --verify', '--verify and --file-read cannot be combined'],
  ['conn --start-number -1', '--start-number is -1'],
  ['conn -wh a:b', '--ws-headers requires -l ws or -l wss'],
  [`conn -l mqtts --ca ${folder}/none.pem`, 'none.pem'],
  [`conn -l mqtts --ca ${folder}`, folder],
  [`conn -l mqtts --ca ${garbage}`, '(--ca) holds no certificate'],
  [`conn -l mqtts --cert ${garbage} --key ${garbage}`, '(--cert) holds no certificate'],
  [`conn -l mqtts --cert ${garbage}`, 'needs its key'],
  ['conn --prometheus everywhere', '--prometheus is "everywhere"'],
  ['conn --duration 1', 'the last of 1000 clients starts after'],
  ['conn -V 3.1.1 -se 5', '--session-expiry-interval needs MQTT 5'],
  ['conn -Wm bye', '--will-message requires --will-topic'],
  ['conn --ifaddr here', 'here'],
  ['sub', '--topic is missing'],
  ['sub -t a#', 'a whole level'],
  ['sub -t a -q 3', '--qos is 3'],
  ['sub -t a -q much', ': -q takes a number'],
  ['sub -t a -nl maybe', '--no_local is "maybe"'],
  ['pub', '--topic is missing'],
  ['pub -t a/+', 'wildcards'],
  ['pub -t a -q 3', '--qos is 3'],
  ['pub -t a -d', '--dup requires QoS'],
  [`pub -t a -ct ${'x'.repeat(70_000)}`, 'publish.contentType of "all" (-ct) has 70000 bytes'],
  [`conn -up a:${'x'.repeat(70_000)}`, 'connect.userProperties of "all" (-Cup, of bench conn -up) has 70000'],
  ['pub -I a+%i -t x/%c', 'the client id "a+%i" (-I) would bring'],
  ['pub -t a --window 5', '--window requires -q 1 or -q 2'],
  ['pub -t a -v --json', '--verbose and --json cannot be combined'],
  ['conn -V 3.1.1 --follow-server-reference', '--follow-server-reference needs MQTT 5'],
  ['conn -rp 0 --maximum-reconnect-times 5', '--maximum-reconnect-times requires'],
  ['pub -t a -S big', '--payload-size "big" is not'],
  ['pub -t a -m x -S 1KB', '--message and --payload-size cannot be combined'],
  ['pub -t a --verify -m x', '--verify and --message cannot be combined'],
  [`pub -t a --file-read ${folder}/none`, 'cannot be read'],
  ['pub -t a --split ,', '--split requires --file-read'],
  [`pub -lo ${folder}/none.json`, 'none.json does not exist'],
  ['pub -t a -up novalue', '"name: value"'],
] as const)
  test(`bench ${line.replaceAll(folder, 'DIR').slice(0, 80)}`, async () => {
    const target = ['-h', '127.0.0.1', '-p', String(broker.port)]
    const ran = await weir(['bench', ...line.split(' '), ...target])
    assert.is(ran.code, 2, ran.stderr)
    assert.is(ran.stdout, '')
    assert.is(ran.stderr.trim().split('\n').length, 1, ran.stderr)
    assert.match(ran.stderr, words)
    assert.match(ran.stderr, /^weir: .* \[WEIR_USAGE\]\n$/)
    assert.is(sockets, 0)
  })

for (const line of ['pub -t a/+', 'conn --reconnect no-such', `pub -t a -ct ${'x'.repeat(70_000)}`])
  test(`bench ${line.slice(0, 40)} -so: what is refused is not saved`, async () => {
    const file = join(folder, 'refused.json')
    const ran = await weir(['bench', ...line.split(' '), '-so', file])
    assert.is(ran.code, 2, ran.stderr)
    assert.not.ok(existsSync(file))
  })

test.run()
