/** How a scenario's clients connect and who they are: from its file and the flags over it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { accessBeside, accessOf, assignAccess } from '#weir/bench/index.ts'
import { WeirError } from '#weir/errors/index.ts'
import { checkFleet } from '#weir/scenarios/actions/start-fleet.ts'
import { packAccess, unpackAccess } from '#weir/scenarios/fleet-job/pod-access.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { accessOfRun, readAccess, withClientFlags } from '#weir/scenarios/run/access.ts'
import { startClock } from '#weir/scenarios/run/clock.ts'
import { firstManifest } from '#weir/scenarios/run/manifest.ts'
import { Authority } from '../../bench/brokers/certificates.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-access-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))
const file = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text)
  return join(dir, name)
}
const { ca } = await Authority.create()
file('ca.pem', ca)
file('users.csv', 'username,password\na,pa\nb,pb\n')
file('ids.csv', 'clientid,username,password\ndev-a,a,pa\ndev-b,b,pb\n')
const PLAIN = loadScenario('blue-green-v5-quick', { set: ['fleet.clients=2'] })

test('a file says transport and files, relative to it; flags go before it, and drop what another transport lacks', () => {
  const path = file(
    'secure.yaml',
    [
      'name: secure',
      'base: blue-green-v5-quick',
      'fleet:',
      '  clients: 2',
      '  credentials: users.csv',
      '  transport: { protocol: wss, ca: ca.pem, servername: broker.test, path: /mqtt2, alpn: [mqtt] }',
    ].join('\n'),
  )
  const scenario = loadScenario(path)
  assert.is(scenario.fleet.transport?.ca, join(dir, 'ca.pem'))
  const { transport, identity } = readAccess(scenario.fleet)
  assert.equal(transport, {
    protocol: 'wss',
    tls: { ca, servername: 'broker.test', alpn: ['mqtt'] },
    webSocket: { path: '/mqtt2' },
  })
  assert.equal(identity.columns?.username, ['a', 'b'])
  const other = withClientFlags(scenario, { protocol: 'mqtts', servername: 'other.test' })
  assert.equal(readAccess(other.fleet).transport, {
    protocol: 'mqtts',
    tls: { ca, servername: 'other.test', alpn: ['mqtt'] },
  })
  assert.equal(readAccess(withClientFlags(scenario, { protocol: 'mqtt' }).fleet).transport, {
    protocol: 'mqtt',
  })
  assert.is(withClientFlags(PLAIN, { username: 'x' }), PLAIN, 'who clients are is in no scenario')
})

test('a scenario file has no place for a password, a user name or a header', () => {
  for (const setting of ['password=x', 'username=x', 'transport={protocol: ws, headers: {A: b}}'])
    assert.throws(
      () => loadScenario('blue-green-v5-quick', { set: [`fleet.${setting}`] }),
      (error: unknown) => error instanceof Error && /headers|password|username/.test(error.message),
    )
})

test('the record has the names of files without their folders', () => {
  const scenario = withClientFlags(PLAIN, {
    ...{ protocol: 'mqtts', ca: join(dir, 'ca.pem'), credentials: join(dir, 'users.csv') },
  })
  const manifest = firstManifest(scenario, startClock(), { seed: 1, notes: [], server: {} })
  const text = JSON.stringify(manifest)
  assert.match(text, '"ca":"ca.pem"')
  assert.not.ok(text.includes(dir))
})

test('ids of the run’s own, by a pattern, and of a file: what all of them begin with is listed', () => {
  const own = accessOfRun({ identity: {} }, 2)
  assert.match(own.clientIdPrefix, /^weir-[0-9a-z]{6}-$/)
  assert.is(own.access.clientId, `${own.clientIdPrefix}%i`)
  assert.is(own.chosenIds, undefined)
  const patterned = accessOfRun({ identity: { clientId: 'device-%i' } }, 2)
  assert.is(patterned.clientIdPrefix, 'device-')
  assert.equal([...patterned.chosenIds!], ['device-0', 'device-1'])
  const { fleet } = withClientFlags(PLAIN, { credentials: join(dir, 'ids.csv') })
  const { access, clientIdPrefix } = accessOfRun(readAccess(fleet), 2)
  assert.is(clientIdPrefix, 'dev-')
  assert.equal(access.credentials?.ids, ['dev-a', 'dev-b'])
})

test('one client, and more beside the fleet, are users of the fleet with ids of their own', () => {
  const { fleet } = withClientFlags(PLAIN, { credentials: join(dir, 'ids.csv') })
  const assigned = assignAccess(readAccess(fleet), 2, 'weir-%i')
  assert.equal(accessOf(assigned), { username: 'a', password: 'pa' })
  assert.equal(accessOf(assigned, 1), { username: 'b', password: 'pb' })
  const beside = accessBeside(assigned, 3, 'more-%i')
  assert.is(beside.clientId, 'more-%i')
  assert.equal(beside.credentials, { usernames: ['a', 'b', 'a'], passwords: ['pa', 'pb', 'pa'] })
  const same = assignAccess({ identity: { username: 'u', password: 'p' } }, 2, 'weir-%i')
  assert.equal(accessOf(same, 7), { username: 'u', password: 'p' })
  assert.is(accessBeside(same, 3, 'more-%i').username, 'u')
})

test('what cannot be is refused before anything is started', () => {
  const refuses = (words: RegExp, flags: Parameters<typeof readAccess>[1]) =>
    assert.throws(
      () => checkFleet(PLAIN.fleet, readAccess(PLAIN.fleet, flags)),
      (error: unknown) =>
        error instanceof WeirError && error.code === 'WEIR_USAGE' && words.test(error.message),
    )
  refuses(/3\.1\.1, which requires one: add --username/, { password: 'p' })
  refuses(/username has 70000 bytes/, { username: 'u'.repeat(70_000) })
  refuses(/--ws-headers requires -l ws or -l wss/, { 'ws-headers': ['A: b'] })
  checkFleet(PLAIN.fleet, readAccess(PLAIN.fleet, { username: 'u', password: 'p' }))
})

test('for pods it goes into as many Secrets as it takes, without the ids', () => {
  const random = () => Math.random().toString(36).slice(2)
  const passwords = Array.from({ length: 150_000 }, random)
  const access = {
    ...{ username: 'u', transport: { protocol: 'mqtts' as const, tls: { key: 'the-key' } } },
    credentials: { ids: ['id-of-one'], passwords },
  }
  const parts = packAccess(access)
  assert.ok(parts.length > 1 && parts.every(({ length }) => length <= 700_000), `${parts.length}`)
  const read = unpackAccess(parts)
  assert.equal(read, { username: 'u', transport: access.transport, credentials: { passwords } })
})

test.run()
