/** weir serve: the list of runs, their reports, and what it keeps to itself. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge, serializeVerdict } from '#weir/assertions/index.ts'
import { serveRuns } from '#weir/cli/serve/server.ts'
import { CATALOGUE } from '#weir/errors/index.ts'
import { smallRecord } from '../../reports/small-report.ts'
import { weir } from '../weir.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-serve-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

const { manifest } = smallRecord()
const verdict = JSON.parse(serializeVerdict(judge(smallRecord())))
const secret = join(folder, 'secret.txt')
writeFileSync(secret, 'a text outside of the records')
const runs = join(folder, 'runs')

function record(name: string, files: Record<string, string>): void {
  mkdirSync(join(runs, name), { recursive: true })
  for (const [file, text] of Object.entries(files)) writeFileSync(join(runs, name, file), text)
}

const run = (anchorUnixMs: number, end: object | undefined, words: string) => ({
  'run.json': JSON.stringify({ ...manifest, clock: { ...manifest.clock, anchorUnixMs }, end }),
  'events.ndjson': '',
  ...(words && { 'verdict.json': JSON.stringify({ ...verdict, headline: words }) }),
})

const END = { how: 'completed', t: 1 }
record('first', { ...run(1e12, END, 'The first run.'), 'report.html': '<p>stored report</p>' })
record('second <b>', run(2e12, END, 'It has <script>alert(1)</script>.'))
record('going', run(3e12, undefined, ''))
record('broken', { 'run.json': '{' })
record('empty', {})
record('no-verdict', { ...run(1e12, END, ''), 'verdict.json': '{"outcome":"perfect"}' })
symlinkSync(folder, join(runs, 'link'))
record('linked', run(1e12, END, 'Linked.'))
symlinkSync(secret, join(runs, 'linked', 'report.html'))

async function served(act: (origin: string) => Promise<void>): Promise<void> {
  const { origin, close } = await serveRuns(runs, { host: '127.0.0.1', port: 0 })
  try {
    assert.match(origin, /^http:\/\/127\.0\.0\.1:\d+$/)
    await act(origin)
  } finally {
    await close()
  }
}

/** As it stands: fetch would resolve "..", and sets the header Host itself. */
function got(origin: string, path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; body: string; policy: string }>((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    const asked = request({ hostname, port, path, headers, method }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text) => {
        body += text
      })
      const policy = String(response.headers['content-security-policy'])
      response.on('end', () => resolve({ status: response.statusCode!, body, policy }))
    })
    asked.on('error', reject).end()
  })
}

test('the list: outcomes, headlines as text, figures over the runs, and broken records with the reason', () =>
  served(async (origin) => {
    const { status, body, policy } = await got(origin, '/')
    assert.is(status, 200)
    assert.match(policy, /^default-src 'none'; style-src 'sha256-[^']+'/)
    assert.match(body, 'The first run.')
    assert.match(body, 'It has &lt;script&gt;')
    assert.not.match(body, /<script|<b>/)
    assert.match(body, 'href="/runs/second%20%3Cb%3E"')
    assert.match(body, /<polyline/)
    assert.match(body, /under way<\/span> <a href="\/runs\/going">going</)
    assert.match(body, /broken<\/span> <span>broken<[^\n]+run\.json/)
    assert.match(body, /broken<\/span> <span>empty<[^\n]+has no record/)
    assert.match(body, /broken<\/span> <span>no-verdict<[^\n]+verdict\.json is no verdict/)
    assert.not.match(body, '>link<')
    assert.ok(body.indexOf('second') < body.indexOf('The first run.'), 'the newest first')
  }))

test('a report: the stored one, else one that is made now, in a sandbox', () =>
  served(async (origin) => {
    const stored = await got(origin, '/runs/first')
    assert.is(stored.body, '<p>stored report</p>')
    assert.match(stored.policy, 'sandbox allow-scripts')
    const made = await got(origin, '/runs/second%20%3Cb%3E')
    assert.is(made.status, 200)
    assert.match(made.body, 'id="page-data"')
    assert.is((await got(origin, '/runs/broken')).status, 404)
    rmSync(join(runs, 'first'), { recursive: true })
    assert.is((await got(origin, '/runs/first')).status, 404, 'it has vanished')
    assert.is((await got(origin, '/')).status, 200)
  }))

test('nothing else is served', () =>
  served(async (origin) => {
    const paths = [
      ...['/runs/..', '/runs/%2e%2e', '/runs/..%2Fsecret.txt', '/runs/%2Fetc%2Fpasswd', '/../secret.txt'],
      ...['/runs/link', '/runs/%', '/runs/', '/runs/second/run.json', '/runs/%00'],
    ]
    for (const path of paths) {
      const { status, body } = await got(origin, path)
      assert.is(status, 404, path)
      assert.not.match(body, 'outside of the records')
    }
    const linked = await got(origin, '/runs/linked')
    assert.not.match(linked.body, readFileSync(secret, 'utf8'))
    assert.is((await got(origin, '/', { host: 'elsewhere.example' })).status, 403)
    assert.is((await got(origin, '/', { host: 'localhost:1' })).status, 200)
    assert.is((await got(origin, '/', {}, 'POST')).status, 405)
  }))

test('a folder that is none, a wrong port and a port in use: one line', async () => {
  const none = await weir(['serve', join(folder, 'nothing')])
  assert.is(none.code, CATALOGUE.WEIR_USAGE.exit)
  assert.match(none.stderr, /^weir: [^\n]+ cannot be listed [^\n]+\n$/)
  assert.is((await weir(['serve', runs, '--port', '70000'])).code, CATALOGUE.WEIR_USAGE.exit)
  const other = createServer()
  await new Promise<void>((resolve) => other.listen({ port: 0, host: '127.0.0.1' }, resolve))
  const { port } = other.address() as { port: number }
  const taken = await weir(['serve', runs, '--port', String(port)])
  other.close()
  assert.is(taken.code, CATALOGUE.WEIR_ADDRESS_IN_USE.exit)
  assert.match(taken.stderr, /^weir: --port cannot listen at 127\.0\.0\.1:\d+ \(EADDRINUSE\)[^\n]+\n$/)
})

test.run()
