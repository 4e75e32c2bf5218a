/** Which docker daemon a cluster is in. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { engineIn, isSameEngine, ownEngine } from '#weir/testbed/kind/identity.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-kind-identity-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))
writeFileSync(
  join(dir, 'docker'),
  '#!/bin/sh\ncase $1 in context) echo "$DOCKER_HOST" ;; info) echo "$ID" ;; esac\n',
)
chmodSync(join(dir, 'docker'), 0o755)
const SOCKET = 'unix:///var/run/docker.sock'
const HOME = '/cache/weir/kind'
const engine = (env: NodeJS.ProcessEnv) =>
  engineIn({ ...process.env, PATH: [dir, process.env.PATH].join(delimiter), ...env }, HOME)

test('a daemon is told by what it calls itself and by where it answers: those of one machine may share the first', () => {
  const [one, moved, other] = [
    engine({ ID: 'A', DOCKER_HOST: SOCKET }),
    engine({ ID: 'A', DOCKER_HOST: 'tcp://127.0.0.1:2375' }),
    engine({ ID: 'B', DOCKER_HOST: SOCKET }),
  ]
  assert.equal(one, { id: 'A', host: SOCKET })
  assert.ok(isSameEngine(one, engine({ ID: 'A', DOCKER_HOST: SOCKET })))
  assert.not(isSameEngine(one, moved))
  assert.not(isSameEngine(one, other))
})

test('weir’s own daemon is the same whatever it calls itself, also where DOCKER_HOST leads to it', () => {
  const own = ownEngine(HOME)
  assert.is(own.host, 'unix:///cache/weir/kind/engine/docker.sock')
  assert.ok(isSameEngine(engine({ ID: 'A', DOCKER_HOST: own.host }), own))
  assert.not(isSameEngine(ownEngine('/another/cache'), own))
})

test.run()
