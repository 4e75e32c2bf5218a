/** The command that a record keeps: it makes the run again, and tells nobody where files lie or what is secret. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { commandOfObserve, commandOfRun } from '#weir/cli/run/repeat-command.ts'
import type { RunRequest } from '#weir/cli/run/run-and-judge.ts'

const request: RunRequest = {
  ...{ scenario: 'blue-green-quick', set: [], bound: [], label: [], fault: [], seed: 7 },
  ...{ yes: false, scrape: true, fleet: 'process' },
}

test('the scenario and the seed are there, and what was changed', () => {
  assert.equal(commandOfRun(request), ['run', 'blue-green-quick', '--seed', '7'])
  const changed = {
    ...request,
    set: ['fleet.clients=300'],
    bound: ['downtime.mostSeconds=5'],
    fault: ['rate-ignored', 'all-at-once'],
    to: '4.4.20',
    scrape: false,
  }
  assert.is(
    commandOfRun(changed).join(' '),
    'run blue-green-quick --seed 7 --to 4.4.20 --set fleet.clients=300 --bound downtime.mostSeconds=5 --fault rate-ignored --fault all-at-once --no-scrape',
  )
})

test('files and folders have their own name alone, and a kubeconfig none', () => {
  const words = commandOfRun({
    ...request,
    scenario: '/home/a/mine.yaml',
    kubeconfig: '/home/a/.kube/config',
    namespace: 'emqx',
    'operator-binary': '/home/a/build/manager',
    emqx: ['5.8.9=/opt/emqx', '/opt/other'],
    set: [
      'testbed.operator={binary: /home/a/manager, manifests: /home/a/m}',
      'cluster.manifest=/home/a/x.yaml',
      'fleet.groups.0.subscribe.0.topic=weir/device/%i',
    ],
  }).join(' ')
  assert.is(
    words,
    'run mine.yaml --seed 7 --set testbed.operator={binary: manager, manifests: m} --set cluster.manifest=x.yaml --set fleet.groups.0.subscribe.0.topic=weir/device/%i --operator-binary manager --emqx 5.8.9=emqx --emqx other --kubeconfig F --namespace emqx',
  )
})

test('no secret is in it', () => {
  const words = commandOfRun({
    ...request,
    set: ['fleet.password=hunter2'],
    prometheus: ['https://user:hunter2@prometheus:9090', '9464'],
  }).join(' ')
  assert.not.match(words, /hunter2|9464/)
  assert.match(words, /--set fleet\.password=/)
  assert.match(words, /--prometheus https:\/\/prometheus:9090/)
  const token = commandOfRun({ ...request, prometheus: 'https://tok3n@prometheus/' }).join(' ')
  assert.match(token, /--prometheus https:\/\/prometheus\/$/)
})

test('an observation is one', () => {
  const words = commandOfObserve({
    ...{ kubeconfig: 'in-cluster', clients: 0, duration: 600, hold: 30, seed: 1, scrape: true },
  })
  assert.is(words.join(' '), 'observe --kubeconfig in-cluster --clients 0 --duration 600 --hold 30 --seed 1')
})

test.run()
