/** The page of a run under way: what it gets while a record grows, at its end, and when the run has died. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge, serializeVerdict } from '#weir/assertions/index.ts'
import { Follower } from '#weir/cli/serve/follow.ts'
import { serveRuns } from '#weir/cli/serve/server.ts'
import type { RecordWriter } from '#weir/record/index.ts'
import { smallRecord } from '../../reports/small-report.ts'
import { testWith } from '../../support/programs.ts'
import { halfWrittenIn } from './half-written.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-live-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

const halfWritten = halfWrittenIn(folder)

async function ended(name: string, writer: RecordWriter): Promise<void> {
  const record = smallRecord()
  await writer.close(record.manifest.end!)
  writeFileSync(join(folder, name, 'verdict.json'), serializeVerdict(judge(record)))
}

interface Sent {
  event: string
  // biome-ignore lint/suspicious/noExplicitAny: JSON of three shapes
  data: any
}

/** A server that never tells fails the test, and does not hold it up. */
const MOST_MS = 30_000

const within = async <T>(what: string, awaited: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come within ${MOST_MS / 1000} s`)), MOST_MS)
  })
  return Promise.race([awaited, late]).finally(() => clearTimeout(timer))
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + MOST_MS
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`${what} did not come within ${MOST_MS / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A page's connection. `next` waits for an event of a kind that fits. */
function connected(origin: string, name: string) {
  const sent: Sent[] = []
  let isOver = false
  let wake = () => {}
  const woken = () =>
    new Promise<void>((resolve) => {
      wake = resolve
    })
  const { hostname, port } = new URL(origin)
  const asked = request({ hostname, port, path: `/runs/${name}/events` }, (response) => {
    let text = ''
    response.setEncoding('utf8').on('data', (part) => {
      text += part
      for (let to = text.indexOf('\n\n'); to >= 0; to = text.indexOf('\n\n')) {
        const [, event = '', data = 'null'] = /^event: (.*)\ndata: (.*)$/.exec(text.slice(0, to)) ?? []
        sent.push({ event, data: JSON.parse(data) })
        text = text.slice(to + 2)
      }
      wake()
    })
    response.on('close', () => {
      isOver = true
      wake()
    })
  })
  asked.on('error', () => {})
  asked.end()
  return {
    sent,
    close: () => asked.destroy(),
    async next(kind: string, fits: (data: Sent['data']) => boolean = () => true): Promise<Sent['data']> {
      for (;;) {
        const found = sent.find(({ event, data }) => event === kind && fits(data))
        if (found) return found.data
        if (isOver) throw new Error(`closed without ${kind}: ${sent.map(({ event }) => event)}`)
        await within(kind, woken())
      }
    },
    async over() {
      while (!isOver) await within('the end of the stream', woken())
    },
  }
}

async function served(act: (origin: string) => Promise<void>): Promise<void> {
  const { origin, close } = await serveRuns(folder, { host: '127.0.0.1', port: 0 })
  try {
    await act(origin)
  } finally {
    await close()
  }
}

test('a page sees a record grow, and its end', () =>
  served(async (origin) => {
    const { writer, more } = await halfWritten('growing')
    const page = connected(origin, 'growing')
    const { html, data, words } = await page.next('record')
    assert.match(html, 'data-chart="connections"')
    assert.match(html, 'id="timeline"')
    assert.match(words, /so far/)
    assert.is(await page.next('state'), 'The run goes on.')
    await more()
    const later = await page.next('record', (one) => one.data.to > data.to)
    assert.ok(later.data.connections.total.length >= data.connections.total.length)
    await ended('growing', writer)
    const end = await page.next('end')
    assert.is(end.outcome, judge(smallRecord()).outcome)
    assert.is(end.headline, judge(smallRecord()).headline)
    await page.over()
  }))

test('a run that died says so', async () => {
  const { writer } = await halfWritten('dead')
  await served(async (origin) => {
    const page = connected(origin, 'dead')
    await page.next('state', (words) => words === 'The run goes on.')
    const long = Date.now() / 1000 - 60
    await writer.flush()
    utimesSync(join(folder, 'dead', 'events.ndjson'), long, long)
    assert.match(
      await page.next('state', (words) => words !== 'The run goes on.'),
      /did not end.*it was killed/,
    )
    page.close()
  })
  await writer.close(smallRecord().manifest.end!)
})

test('pages share one reader, which stops when the last of them is closed', async () => {
  const { writer, more } = await halfWritten('shared')
  const follower = new Follower(folder, 'shared', 20)
  const [one, other]: string[][] = [[], []]
  const stopOne = follower.add(({ event }) => one!.push(event))
  await until('a state', () => one!.includes('state'))
  const stopOther = follower.add(({ event }) => other!.push(event))
  assert.equal(other, one, 'a page that comes later gets what is known at once')
  stopOther()
  await more()
  await until('a second record', () => one!.filter((event) => event === 'record').length === 2)
  assert.is(other!.length, 2)
  stopOne()
  assert.ok(follower.isIdle)
  await writer.close(smallRecord().manifest.end!)
})

test('too many pages are refused, and a closed one makes room', () =>
  served(async (origin) => {
    const { writer } = await halfWritten('many')
    const pages = Array.from({ length: 16 }, () => connected(origin, 'many'))
    for (const page of pages) await page.next('state')
    assert.is((await fetch(`${origin}/runs/many/events`)).status, 503)
    pages[0]!.close()
    const again = async () => {
      const response = await fetch(`${origin}/runs/many/events`)
      await response.body!.cancel()
      return response.status
    }
    await until('room for a page', async () => (await again()) !== 503)
    for (const page of pages) page.close()
    await writer.close(smallRecord().manifest.end!)
  }))

test('the page has nothing of the record, and runs no script but its own', () =>
  served(async (origin) => {
    const { writer } = await halfWritten('plain')
    const response = await fetch(`${origin}/runs/plain`)
    const policy = response.headers.get('content-security-policy')!
    assert.match(
      policy,
      /default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; connect-src 'self'/,
    )
    assert.not.match(await response.text(), /page-data|unsafe/)
    for (const path of ['/runs/nothing/events', '/runs/../events', '/runs/plain/eventz'])
      assert.is((await fetch(origin + path)).status, 404, path)
    assert.is((await fetch(`${origin}/runs/plain/events`, { method: 'HEAD' })).status, 405)
    await writer.close(smallRecord().manifest.end!)
  }))

const camera = fileURLToPath(import.meta.resolve('#weir/tools/screenshot.ts'))

for (const options of [
  ['--width', '1280'],
  ['--width', '420', '--dark'],
])
  testWith('chromium')(`a browser draws it at ${options.join(' ')}, and complains of nothing`, () =>
    served(async (origin) => {
      const name = `drawn-${options.length}`
      const { writer, more } = await halfWritten(name)
      await more()
      const keep = setInterval(
        () => utimesSync(join(folder, name, 'events.ndjson'), new Date(), new Date()),
        1000,
      )
      const picture = join(folder, `${name}.png`)
      const taking = spawn(
        process.execPath,
        [camera, `${origin}/runs/${name}`, picture, ...options, '--until', '#chart-connections canvas'],
        { stdio: ['ignore', 'ignore', 'pipe'] },
      )
      let said = ''
      taking.stderr.on('data', (chunk) => {
        said += chunk
      })
      const code = await new Promise((resolve) => taking.on('close', resolve))
      clearInterval(keep)
      await writer.close(smallRecord().manifest.end!)
      assert.is(code, 0, said)
      assert.ok(statSync(picture).size > 10_000)
    }),
  )

test.run()
