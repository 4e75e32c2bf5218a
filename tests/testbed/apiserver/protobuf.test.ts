import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readProtobuf } from '#weir/testbed/apiserver/protobuf/decode.ts'
import { has, PATH, testWith } from '../../support/programs.ts'
import { projectFile } from '../../support/project-file.ts'
import { harness, startHarness, TOKEN, withHarness } from './harness.ts'

withHarness(test)

const PROTOBUF = 'application/vnd.kubernetes.protobuf'

/** The client of client-go/, built once. */
const folder = mkdtempSync(join(tmpdir(), 'weir-client-go-'))
const client = join(folder, 'client-go')

test.before(() => {
  if (!has('go')) return
  execFileSync('go', ['build', '-buildvcs=false', '-o', client, '.'], {
    cwd: fileURLToPath(projectFile('tests/testbed/apiserver/client-go')),
    env: { ...process.env, PATH },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
})
test.after(() => rmSync(folder, { recursive: true }))

async function linesOf<T>(...args: string[]): Promise<T[]> {
  const { stdout } = await promisify(execFile)(client, args, { maxBuffer: 64 * 1024 * 1024 })
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

testWith('go')('every built-in kind is read from protobuf as encoding/json writes it', async () => {
  const lines = await linesOf<{ protobuf: string; json: Record<string, unknown> }>('kinds')
  assert.ok(lines.length > 300)
  for (const { protobuf, json } of lines)
    assert.equal(readProtobuf(Buffer.from(protobuf, 'base64')), json, `${json.apiVersion} ${json.kind}`)
})

/** What differs from one run to the next. */
const PASSING =
  /"(?:uid|resourceVersion|creationTimestamp|deletionTimestamp|lastTransitionTime|expirationTimestamp|token|clusterIP)":"[^"]*"|"clusterIPs":\["[^"]*"\]/g

async function answers(contentType: string, { server } = harness) {
  const lines = await linesOf<{ request: string; answer: { kind: string } }>(
    'send',
    server.url,
    TOKEN,
    contentType,
  )
  return lines.map(({ request, answer }) => ({
    request,
    kind: answer.kind,
    stored: JSON.parse(JSON.stringify(answer).replaceAll(PASSING, '"passing":""')),
  }))
}

testWith('go')('what client-go sends in protobuf is stored as what it sends in JSON', async () => {
  const inProtobuf = await answers(PROTOBUF)
  const other = await startHarness()
  const inJson = await answers('application/json', other)
  await other.close()
  assert.is(inProtobuf.length, 26)
  for (const [i, { request, kind, stored }] of inProtobuf.entries()) {
    assert.ok(kind, `${request}: ${JSON.stringify(stored)}`)
    assert.equal(stored, inJson[i]!.stored, request)
  }
})

test('a client that takes protobuf only is refused: answers are JSON', async () => {
  const path = '/api/v1/namespaces/default'
  const get = (accept: string) => harness.ask('GET', path, undefined, { accept })
  assert.is((await get(`${PROTOBUF},application/json`)).body.kind, 'Namespace')
  assert.is((await get(`${PROTOBUF}, */*`)).body.kind, 'Namespace')
  const refused = await get(PROTOBUF)
  assert.is(refused.status, 406)
  assert.is(refused.body.reason, 'NotAcceptable')
  assert.match(refused.body.message, /^only the following media types are accepted: application\/json/)
})

test.run()
