/**
 * Takes pictures of a report in a headless Chromium, and says what is wrong with the page: errors in its console,
 * anything that it tried to load, and a page wider than its window.
 *
 * usage: node dist/tools/screenshot.js <report.html | http://…> <picture.png> [--width 1280] [--dark] [--height N] [--fragment evidence-…] [--until SELECTOR]
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: 'string', default: '1280' },
    height: { type: 'string' },
    dark: { type: 'boolean', default: false },
    fragment: { type: 'string' },
    /** The picture is taken when the page has this element. */
    until: { type: 'string' },
    chromium: { type: 'string', default: process.env.CHROMIUM ?? 'chromium' },
  },
})
const [page, picture] = positionals
if (!page || !picture) throw new Error('usage: node dist/tools/screenshot.js <report.html> <picture.png>')

const profile = await mkdtemp(join(tmpdir(), 'weir-chromium-'))
const browser = spawn(
  values.chromium,
  [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    'about:blank',
  ],
  { stdio: ['ignore', 'ignore', 'pipe'] },
)

/** The DevTools address that Chromium prints when it is ready. */
function devToolsUrl(): Promise<string> {
  return new Promise((done, fail) => {
    let printed = ''
    browser.stderr.on('data', (chunk) => {
      printed += chunk
      const [, url] = /DevTools listening on (ws:\S+)/.exec(printed) ?? []
      if (url) done(url)
    })
    browser.on('error', fail)
    browser.on('exit', (code) => fail(new Error(`Chromium ended (${code}):\n${printed}`)))
  })
}

type Message = {
  id?: number
  method?: string
  params?: Record<string, unknown>
  result?: unknown
  error?: unknown
}

/** The Chrome DevTools Protocol over one WebSocket. */
async function connect(url: string) {
  const socket = new WebSocket(url)
  await new Promise((open, fail) => {
    socket.onopen = open
    socket.onerror = fail
  })
  const waiting = new Map<number, (message: Message) => void>()
  const listeners: ((message: Message) => void)[] = []
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as Message
    if (message.id !== undefined) waiting.get(message.id)?.(message)
    else for (const listener of listeners) listener(message)
  }
  let lastId = 0
  return {
    listen: (listener: (message: Message) => void) => listeners.push(listener),
    async send<T>(method: string, params: object = {}, sessionId?: string): Promise<T> {
      const id = ++lastId
      const answer = new Promise<Message>((done) => waiting.set(id, done))
      socket.send(JSON.stringify({ id, method, params, sessionId }))
      const { result, error } = await answer
      if (error) throw new Error(`${method}: ${JSON.stringify(error)}`)
      return result as T
    },
  }
}

/** Ten per second. */
const MOST_TRIES = 200

async function take(): Promise<string[]> {
  const devTools = await connect(await devToolsUrl())
  const { targetId } = await devTools.send<{ targetId: string }>('Target.createTarget', {
    url: 'about:blank',
  })
  const { sessionId } = await devTools.send<{ sessionId: string }>('Target.attachToTarget', {
    targetId,
    flatten: true,
  })
  const send = <T>(method: string, params: object = {}) => devTools.send<T>(method, params, sessionId)
  const complaints: string[] = []
  const address = /^https?:/.test(page!) ? page! : pathToFileURL(resolve(page!)).href
  let loaded = () => {}
  devTools.listen(({ method, params }) => {
    if (method === 'Page.loadEventFired') loaded()
    if (method === 'Runtime.exceptionThrown' || method === 'Log.entryAdded')
      complaints.push(JSON.stringify(params))
    const url = (params?.request as { url?: string } | undefined)?.url
    if (method === 'Network.requestWillBeSent' && url && !url.startsWith(address.split('#')[0]!))
      complaints.push(`the page asked for ${url}`)
  })
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await send(`${domain}.enable`)
  const width = Number(values.width)
  const metrics = { width, height: 900, deviceScaleFactor: width < 600 ? 2 : 1, mobile: width < 600 }
  await send('Emulation.setDeviceMetricsOverride', metrics)
  await send('Emulation.setEmulatedMedia', {
    features: [
      { name: 'prefers-color-scheme', value: values.dark ? 'dark' : 'light' },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ],
  })
  const isLoaded = new Promise<void>((done) => {
    loaded = done
  })
  await send('Page.navigate', { url: values.fragment ? `${address}#${values.fragment}` : address })
  await isLoaded
  const evaluate = async <T>(expression: string) =>
    (
      await send<{ result: { value: T } }>('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      })
    ).result.value
  for (
    let tries = 0;
    values.until && !(await evaluate(`!!document.querySelector(${JSON.stringify(values.until)})`));
    tries++
  ) {
    if (tries === MOST_TRIES) throw new Error(`the page has no ${values.until} after ${MOST_TRIES / 10} s`)
    await new Promise((done) => setTimeout(done, 100))
  }
  await evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
  const size = await evaluate<{ width: number; height: number }>(
    '({ width: document.documentElement.scrollWidth, height: document.documentElement.scrollHeight })',
  )
  if (size.width > width) complaints.push(`the page is ${size.width} px wide in a window of ${width} px`)
  const top = values.fragment ? await evaluate<number>('scrollY') : 0
  const height = values.height ? Number(values.height) : size.height - top
  const { data } = await send<{ data: string }>('Page.captureScreenshot', {
    captureBeyondViewport: true,
    clip: { x: 0, y: top, width, height, scale: 1 },
  })
  await writeFile(picture!, Buffer.from(data, 'base64'))
  return complaints
}

try {
  const complaints = await take()
  for (const complaint of complaints) console.error(complaint)
  process.exitCode = complaints.length > 0 ? 1 : 0
} finally {
  browser.removeAllListeners('exit')
  const gone = new Promise((done) => browser.on('exit', done))
  browser.kill()
  await gone
  await rm(profile, { recursive: true, force: true, maxRetries: 5 })
}
