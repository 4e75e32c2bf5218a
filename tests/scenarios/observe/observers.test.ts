import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EmqxApiError } from '#weir/cluster/index.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { Listings } from '#weir/scenarios/observe/listings.ts'
import { sampleEmqx } from '#weir/scenarios/observe/samples.ts'
import { scrapePods } from '#weir/scenarios/observe/scrapes.ts'
import { startClock } from '#weir/scenarios/run/clock.ts'
import { type FakeRun, fakeRun, pod } from '../fake-run.ts'

const until = async (so: () => boolean) => {
  while (!so()) await new Promise((resolve) => setTimeout(resolve, 2))
}

function quick(emqx: NonNullable<Parameters<typeof fakeRun>[0]>['emqx']): FakeRun {
  const scenario = loadScenario('blue-green-quick')
  const observe = {
    ...scenario.observe,
    scrapeIntervalSeconds: 0.01,
    sampleIntervalSeconds: 0.01,
    listingIntervalSeconds: 0.01,
  }
  const run = fakeRun(emqx ? { emqx } : {}, { ...scenario, observe })
  const { now } = startClock()
  return Object.assign(run, { clock: { ...run.clock, now } })
}

test('a scrape that fails is a failed scrape, never a zero', async () => {
  const run = quick((ip) => ({
    metrics: async () => {
      if (ip === '10.0.0.1') return { status: 200, metrics: { emqx_connections_count: 7 } }
      throw new EmqxApiError('scrape: HTTP 401', ip === '10.0.0.2' ? 401 : undefined)
    },
  }))
  run.observe(pod('a-0', { ip: '10.0.0.1' }), pod('a-1', { ip: '10.0.0.2' }), pod('a-2', { ip: '10.0.0.3' }))
  const scraping = scrapePods(run)
  await until(() => run.scrapes.length >= 3)
  await scraping.stop()
  const of = (name: string) => run.scrapes.find((scrape) => scrape.pod === name)!
  assert.equal(of('a-0').metrics, { emqx_connections_count: 7 })
  assert.is(of('a-0').ok, true)
  assert.is(of('a-1').ok, false)
  assert.is(of('a-1').status, 401)
  assert.equal(of('a-1').metrics, {})
  assert.not('status' in of('a-2'))
  assert.is(of('a-2').error, 'scrape: HTTP 401')
})

test('pods are asked from the first time they are ready until they are on their way out', async () => {
  const asked = new Set<string>()
  const run = quick((ip) => ({
    metrics: async () => {
      asked.add(ip)
      return { status: 200, metrics: {} }
    },
  }))
  run.observe(
    pod('starting', { ip: '1', ready: false }),
    pod('leaving', { ip: '2', deleting: true }),
    pod('was-ready', { ip: '3' }),
    pod('was-ready', { ip: '3', ready: false }),
    pod('gone', { ip: '4' }),
    pod('gone', { ip: '4', deleted: true }),
  )
  const scraping = scrapePods(run)
  await until(() => run.scrapes.length >= 3)
  await scraping.stop()
  assert.equal([...asked], ['3'])
})

test('a pod that does not answer is not asked again meanwhile; the others are', async () => {
  const asked: string[] = []
  let release = () => {}
  const hanging = new Promise<void>((resolve) => {
    release = resolve
  })
  const run = quick((ip) => ({
    metrics: async () => {
      asked.push(ip)
      if (ip === 'slow') await hanging
      return { status: 200, metrics: {} }
    },
  }))
  run.observe(pod('a-0', { ip: 'slow' }), pod('a-1', { ip: 'fast' }))
  const scraping = scrapePods(run)
  await until(() => asked.filter((ip) => ip === 'fast').length >= 3)
  release()
  await scraping.stop()
  assert.is(
    run.scrapes.filter(({ pod: name }) => name === 'a-0').length,
    asked.filter((ip) => ip === 'slow').length,
  )
})

test('a sample is asked of another pod when one does not answer, and the failure is told', async () => {
  const run = quick((ip) => ({
    evacuations: async () => {
      if (ip === 'bad') throw new EmqxApiError('HTTP 500', 500)
      return []
    },
    nodes: async () => [{ node: 'n', running: true, version: '4.4.14' }],
  }))
  run.observe(pod('old-0', { ip: 'good' }), pod('young-0', { ip: 'bad' }))
  const sampling = sampleEmqx(run)
  await until(() => run.of('evacuation').length >= 2)
  await sampling.stop()
  assert.ok(run.of('evacuation').every(({ via }) => via === 'old-0'))
  const [failure] = run.of('api-failure')
  assert.equal([failure?.api, failure?.via, failure?.status], ['global_status', 'young-0', 500])
})

test('listings keep what each node says, and tell their failures', async () => {
  const run = quick((ip) => ({
    clients: async (node, prefix) => {
      assert.is(prefix, 'weir-test-')
      if (ip === 'bad') throw new EmqxApiError('gone')
      return { connected: [`client of ${node}`], detached: ['d'], complete: true }
    },
  }))
  run.observe(pod('a-0', { ip: 'good' }), pod('a-1', { ip: 'bad' }))
  const listings = new Listings()
  listings.start(run)
  await until(() => run.of('listing').length >= 2 && run.of('api-failure').length >= 2)
  await listings.stop()
  const [listing] = run.of('listing')
  assert.equal([listing?.node, listing?.via, listing?.complete], ['emqx-ee@a-0', 'a-0', true])
  assert.equal(listing?.connected, ['client of emqx-ee@a-0'])
  const count = run.events.length
  await new Promise((resolve) => setTimeout(resolve, 30))
  assert.is(run.events.length, count, 'nothing comes after stop')
})

test.run()
