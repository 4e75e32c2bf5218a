import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { identityOf } from '#weir/bench/index.ts'
import { withMqttUser } from '#weir/cli/own-cluster/credentials.ts'
import { refused } from '../../bench/command/refused.ts'

const ENV = { WEIR_MQTT_USERNAME: 'me', WEIR_MQTT_PASSWORD: 'secret' }

test('neither given: both come from the environment', () => {
  assert.equal(withMqttUser({}, ENV), { username: 'me', password: 'secret' })
  assert.equal(withMqttUser({}, {}), {})
})

test('the password alone may come from the environment, but not that of another user', () => {
  assert.equal(withMqttUser({ username: 'me' }, ENV), { username: 'me', password: 'secret' })
  assert.equal(withMqttUser({ username: 'you' }, ENV), { username: 'you' })
  assert.equal(withMqttUser({ username: 'you' }, { WEIR_MQTT_PASSWORD: 'secret' }), {
    username: 'you',
    password: 'secret',
  })
})

test('what is given goes first', () => {
  assert.equal(withMqttUser({ username: 'me', password: 'mine' }, ENV), { username: 'me', password: 'mine' })
  assert.equal(withMqttUser({ password: 'mine' }, ENV), { password: 'mine' })
})

test('half a pair is refused', () => {
  refused(() => withMqttUser({}, { WEIR_MQTT_PASSWORD: 'secret' }), 'WEIR_MQTT_USERNAME is not')
})

test('a password in a file is that of the user of the flags or of the environment, and its pattern may be both', () => {
  const flags = { 'password-file': 'pw.txt' }
  assert.equal(withMqttUser(flags, ENV), { ...flags, username: 'me' })
  assert.equal(withMqttUser({ ...flags, username: 'you' }, ENV), { ...flags, username: 'you' })
  assert.equal(withMqttUser(flags, {}), flags)
  const path = join(mkdtempSync(join(tmpdir(), 'weir-password-')), 'pw.txt')
  writeFileSync(path, 'pw_%i\r\n')
  assert.is(identityOf({ 'password-file': path, username: 'dev_%i' }).password, 'pw_%i')
  refused(() => identityOf({ 'password-file': path, password: 'x' }), 'cannot be combined')
  writeFileSync(path, 'one\ntwo\n')
  refused(() => identityOf({ 'password-file': path }), 'has several lines')
})

test.run()
