import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from './devtools.ts'

export interface PageOptions {
  width: number
  dark?: boolean
  /** The program; CHROMIUM, or `chromium`, without it. */
  chromium?: string
}

/** A page that is loaded in a headless Chromium of its own. */
export interface BrowserPage {
  /** Errors on its console, and what it asked for besides itself. */
  complaints: string[]
  send<T>(method: string, params?: object): Promise<T>
  /** The value of an expression in the page; a promise is awaited. Throws what the page throws. */
  evaluate<T>(expression: string): Promise<T>
  /** Ends the browser and removes its profile. */
  close(): Promise<void>
}

/** Opens an address, and resolves when it is loaded and drawn. */
export async function openPage(address: string, options: PageOptions): Promise<BrowserPage> {
  const profile = await mkdtemp(join(tmpdir(), 'weir-chromium-'))
  const browser = launch(options.chromium ?? process.env.CHROMIUM ?? 'chromium', profile)
  const close = async () => {
    const gone = new Promise((done) => browser.once('exit', done))
    if (browser.exitCode === null && browser.kill()) await gone
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    return { ...(await loaded(await devToolsUrl(browser), address, options)), close }
  } catch (error) {
    await close()
    throw error
  }
}

const launch = (chromium: string, profile: string): ChildProcess =>
  spawn(
    chromium,
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
function devToolsUrl(browser: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let printed = ''
    browser.stderr!.on('data', (chunk) => {
      printed += chunk
      const [, url] = /DevTools listening on (ws:\S+)/.exec(printed) ?? []
      if (url) done(url)
    })
    browser.on('error', fail)
    browser.on('exit', (code) => fail(new Error(`Chromium ended (${code}):\n${printed}`)))
  })
}

async function loaded(
  url: string,
  address: string,
  { width, dark = false }: PageOptions,
): Promise<Omit<BrowserPage, 'close'>> {
  const devTools = await connect(url)
  const { targetId } = await devTools.send<{ targetId: string }>('Target.createTarget', {
    url: 'about:blank',
  })
  const { sessionId } = await devTools.send<{ sessionId: string }>('Target.attachToTarget', {
    targetId,
    flatten: true,
  })
  const send = <T>(method: string, params: object = {}) => devTools.send<T>(method, params, sessionId)
  const complaints: string[] = []
  const isLoaded = Promise.withResolvers<void>()
  devTools.listen(({ method, params }) => {
    if (method === 'Page.loadEventFired') isLoaded.resolve()
    if (method === 'Runtime.exceptionThrown' || method === 'Log.entryAdded')
      complaints.push(JSON.stringify(params))
    const asked = (params?.request as { url?: string } | undefined)?.url
    if (method === 'Network.requestWillBeSent' && asked && !asked.startsWith(address.split('#')[0]!))
      complaints.push(`the page asked for ${asked}`)
  })
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await send(`${domain}.enable`)
  const metrics = { width, height: 900, deviceScaleFactor: width < 600 ? 2 : 1, mobile: width < 600 }
  await send('Emulation.setDeviceMetricsOverride', metrics)
  await send('Emulation.setEmulatedMedia', {
    features: [
      { name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ],
  })
  await send('Page.navigate', { url: address })
  await isLoaded.promise
  const evaluate = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await send<{ result: { value: T }; exceptionDetails?: unknown }>(
      'Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true },
    )
    if (exceptionDetails) throw new Error(`in the page: ${JSON.stringify(exceptionDetails)}`)
    return result.value
  }
  await evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
  return { complaints, send, evaluate }
}
