import { test } from 'uvu'
import * as assert from 'uvu/assert'
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

test.run()
