import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { topicOf } from '#weir/bench/traffic/topic.ts'

const owner = { index: 7, clientId: 'c7', username: 'ann', fleetClients: 10 }

test('the variables of a topic', () => {
  for (const [pattern, topic] of [
    ['plain/topic', 'plain/topic'],
    ['%i/%c/%u', '7/c7/ann'],
    ['%i%i', '77'],
    ['to/%{i+1}', 'to/8'],
    ['to/%{i+3}', 'to/0'],
    ['to/%{i+0}/%{i+23}', 'to/7/0'],
    ['$share/g/a/%i/#', '$share/g/a/7/#'],
    // What is no variable stays.
    ['100%/%x/%{i-1}/%{c+1}/%', '100%/%x/%{i-1}/%{c+1}/%'],
  ])
    assert.is(topicOf(pattern!, owner), topic)
})

test('a client without a user name has none in its topic', () => {
  assert.is(topicOf('u/%u/x', { index: 0, clientId: 'c', fleetClients: 1 }), 'u//x')
})

test('values are taken as they are: variables and replacement patterns in them mean nothing', () => {
  assert.is(topicOf('%c|%u', { ...owner, clientId: '%i', username: "$&$'%c" }), "%i|$&$'%c")
})

test.run()
