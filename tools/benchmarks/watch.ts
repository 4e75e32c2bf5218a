/**
 * How many watch events a second the emulated API server sends to each of ten watchers, while clients write as fast as they are
 * answered: `node dist/tools/benchmarks/watch.js [seconds] [watchers] [writers]`. The server is another process, as in a run.
 * Target: 2,000 events a second, all of them to each watcher.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { startApiServer } from '#weir/testbed/apiserver/index.ts'

const seconds = Number(process.argv[2] ?? 10)
const watchers = Number(process.argv[3] ?? 10)
const writers = Number(process.argv[4] ?? 16)
const TOKEN = 'a-token'
const MAPS = '/api/v1/namespaces/default/configmaps'

/** In the other process. */
async function serve(): Promise<void> {
  const { url } = await startApiServer({
    host: '127.0.0.1',
    port: 0,
    token: TOKEN,
    clusterIpPrefix: '127.3.7.',
    onError: (error) => console.error(error),
  })
  process.send?.(url)
  process.on('disconnect', () => process.exit())
}

async function measure(): Promise<void> {
  const child = fork(import.meta.filename, process.argv.slice(2), { env: { ...process.env, SERVE: '1' } })
  const [url] = (await once(child, 'message')) as [string]
  const agent = new Agent({ keepAlive: true })
  const seen = new Array<number>(watchers).fill(0)
  const watching = await Promise.all(seen.map(() => ask(url, agent, 'GET', `${MAPS}?watch=1`)))
  for (const [i, events] of watching.entries())
    events.on('data', (bytes: Buffer) => {
      for (const byte of bytes) if (byte === NEWLINE) seen[i]!++
    })
  for (let writer = 0; writer < writers; writer++)
    await drained(await ask(url, agent, 'POST', MAPS, configMap(writer, 0)))
  const startMs = performance.now()
  const written = await Promise.all(Array.from({ length: writers }, (_, writer) => write(url, agent, writer)))
  const elapsed = (performance.now() - startMs) / 1000
  const all = written.reduce((sum, count) => sum + count, writers)
  while (Math.min(...seen) < all) await sleep(10)
  const late = (performance.now() - startMs) / 1000 - elapsed
  console.log(
    `${Math.round((all - writers) / elapsed)} events/s to each of ${watchers} watchers for ${elapsed.toFixed(1)} s; the last event arrived ${(late * 1000).toFixed(0)} ms after the last answer`,
  )
  child.disconnect()
  process.exit()
}

const NEWLINE = 10

const configMap = (writer: number, count: number) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: `map-${writer}`, namespace: 'default' },
  data: { count: `${count}` },
})

async function write(url: string, agent: Agent, writer: number): Promise<number> {
  const endMs = performance.now() + seconds * 1000
  let count = 0
  while (performance.now() < endMs) {
    count++
    await drained(await ask(url, agent, 'PUT', `${MAPS}/map-${writer}`, configMap(writer, count)))
  }
  return count
}

function ask(
  url: string,
  agent: Agent,
  method: string,
  path: string,
  body?: object,
): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const asked = request(url + path, { method, agent, headers }, resolve)
    asked.on('error', reject)
    asked.end(body && JSON.stringify(body))
  })
}

async function drained(answer: IncomingMessage): Promise<void> {
  answer.resume()
  await once(answer, 'end')
  if (answer.statusCode !== 200 && answer.statusCode !== 201)
    throw new Error(`the API server answered ${answer.statusCode}`)
}

if (process.env.SERVE === '1') await serve()
else await measure()
