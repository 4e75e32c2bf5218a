import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { PodEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { changed, honestRun, markT, S, saysOf, withEvents } from './honest-run.ts'

const base = honestRun()
const says = (record: RunRecord) => saysOf(record, 'all-new')
const holdEnd = markT(base, 'hold-end')
const newPod = base.events.findLast(
  (event): event is PodEvent => event.type === 'pod' && event.name.includes('7d45684f66'),
)!
const late = (event: { t: number }) => event.t > holdEnd - 5 * S

test('the honest run ends new, and stays so', () => {
  const { outcome, figures } = says(base)
  assert.is(outcome, 'pass')
  assert.ok(Number(figures.heldSeconds) >= 29)
})

test('nodes that nobody looked at while the end was held are unknown; nodes seen leaving it again fail', () => {
  const done = markT(base, 'upgrade-done')
  const withNodes = (change: (t: number) => 'drop' | 'short' | 'keep') =>
    changed(base, (event) => {
      if (event.type !== 'nodes') return event
      const what = change(event.t)
      if (what === 'drop') return undefined
      return what === 'short'
        ? { ...event, nodes: event.nodes.filter(({ running }) => running).slice(1) }
        : event
    })
  const last = base.events.findLast(({ type, t }) => type === 'nodes' && t <= holdEnd)!.t
  const unseen = withNodes((t) => (t === last ? 'keep' : t > done - S ? 'drop' : 'short'))
  assert.is(says(unseen).outcome, 'inconclusive', says(unseen).sentence)
  const relapse = withNodes((t) => (t > holdEnd - 8 * S && t < last ? 'short' : 'keep'))
  assert.is(says(relapse).outcome, 'fail')
  assert.match(says(relapse).sentence, /The end state did not hold/)
})

test('a pod with another image, or a node of another version, fails', () => {
  const image = changed(base, (event) =>
    event.type === 'pod' && event.name.includes('7d45684f66-1')
      ? { ...event, image: 'emqx/emqx-ee:4.4.14' }
      : event,
  )
  assert.match(says(image).sentence, /7d45684f66-1 runs emqx\/emqx-ee:4\.4\.14, not 4\.4\.15/)
  assert.is(says(image).outcome, 'fail')
  const version = changed(base, (event) => {
    if (event.type !== 'nodes') return event
    return {
      ...event,
      nodes: event.nodes.map((node) =>
        node.node.includes('7d45684f66-0') ? { ...node, version: '4.4.12' } : node,
      ),
    }
  })
  assert.is(says(version).outcome, 'fail')
  assert.match(says(version).sentence, /runs 4\.4\.12, not 4\.4\.15/)
})

/** The honest run with what the resource asks for, by generation, from then on. */
const asking = (...versions: [fromT: number, generation: number, version: string][]) =>
  changed(base, (event) => {
    if (event.type !== 'cr') return event
    const [, generation = 1, version = '4.4.14'] = versions.findLast(([fromT]) => fromT <= event.t) ?? []
    return { ...event, generation, version }
  })
const TRIGGER = markT(base, 'trigger')
const firstTarget = (record: RunRecord, targetVersion: string): RunRecord => ({
  ...record,
  manifest: {
    ...record.manifest,
    parameters: { ...record.manifest.parameters!, targetVersion },
  },
})

test('a change that is corrected on the way is judged by the last target', () => {
  const corrected = asking([TRIGGER, 2, '4.4.99'], [TRIGGER + 3 * S, 3, '4.4.15'])
  const { outcome, sentence } = says(firstTarget(corrected, '4.4.99'))
  assert.is(outcome, 'pass', sentence)
  assert.match(sentence, /only new pods on 4\.4\.15/)
  const beyond = asking([TRIGGER, 2, '4.4.15'], [TRIGGER + 3 * S, 3, '4.4.16'])
  assert.is(says(beyond).outcome, 'fail')
  assert.match(says(beyond).sentence, /runs emqx\/emqx-ee:4\.4\.15, not 4\.4\.16/)
})

test('a resource whose change was not seen asks for nothing else; one that was taken back is another case', () => {
  assert.is(says(asking()).outcome, 'pass')
  const back = asking([TRIGGER, 2, '4.4.15'], [TRIGGER + 3 * S, 3, '4.4.14'])
  assert.is(says(back).outcome, 'inconclusive')
  assert.match(says(back).sentence, /taken back: the resource asks for 4\.4\.14 again/)
})

test('a tag that tells no version is compared with images, not with the nodes', () => {
  const own = changed(firstTarget(base, 'acme-1.4.2'), (event) =>
    event.type === 'pod' && event.image?.endsWith(':4.4.15')
      ? { ...event, image: 'registry:5000/acme/emqx:acme-1.4.2' }
      : event,
  )
  assert.is(says(own).outcome, 'pass', says(own).sentence)
})

test('an image suffix or a leading e is the same version', () => {
  const suffixed = changed(base, (event) => {
    if (event.type === 'pod' && event.image) return { ...event, image: `${event.image}-alpine` }
    if (event.type === 'nodes')
      return { ...event, nodes: event.nodes.map((node) => ({ ...node, version: `e${node.version}` })) }
    return event
  })
  assert.is(says(suffixed).outcome, 'pass', says(suffixed).sentence)
})

test('an end state that breaks during the hold fails', () => {
  const flapping = withEvents(
    base,
    { ...newPod, t: holdEnd - 9 * S, ready: false },
    { ...newPod, t: holdEnd - 4 * S, ready: true },
  )
  const { outcome, sentence } = says(flapping)
  assert.is(outcome, 'fail')
  assert.match(sentence, /did not hold: .* for 4\.0 s/)
})

test('unsettled, unready or members missing at the end fail', () => {
  const unsettled = changed(base, (event) => (event.type === 'cr' ? { ...event, settled: false } : event))
  const stillThere = withEvents(
    unsettled,
    ...base.events
      .filter((event) => event.type === 'cr')
      .slice(-1)
      .map((event) => ({ ...event, settled: false, t: holdEnd - S })),
  )
  assert.is(says(stillThere).outcome, 'fail')
  const alone = changed(base, (event) =>
    event.type === 'nodes' && late(event) ? { ...event, nodes: event.nodes.slice(-1) } : event,
  )
  assert.match(says(alone).sentence, /EMQX counts 1 running nodes, not the 2 new ones/)
})

test('a run that was interrupted, or never asked EMQX, cannot tell', () => {
  const half = changed(base, (event) => (event.t > markT(base, 'trigger') + 20 * S ? undefined : event))
  half.manifest = { ...half.manifest, end: { t: markT(base, 'trigger') + 20 * S, how: 'interrupted' } }
  assert.is(says(half).outcome, 'inconclusive')
  assert.is(
    says(changed(base, (event) => (event.type === 'nodes' ? undefined : event))).outcome,
    'inconclusive',
  )
})

test('a run that ran out of time while a node was still being evacuated never came to its end', () => {
  const t =
    base.events.find((event) => event.type === 'evacuation' && event.evacuations.length > 0)!.t + 8 * S
  const stuck = changed(base, (event) => (event.t > t ? undefined : event))
  stuck.manifest = { ...stuck.manifest, end: { t, how: 'failed', reason: 'out of time' } }
  assert.is(says(stuck).outcome, 'inconclusive')
})

test('an observation whose time is up had no deadline; a run of our own had', () => {
  const t = markT(base, 'trigger') + 15 * S
  const cut = changed(base, (event) => (event.t > t || event.type === 'evacuation' ? undefined : event))
  cut.manifest = { ...cut.manifest, end: { t, how: 'failed', reason: 'out of time' } }
  const timeout = { t, type: 'step', index: 3, name: 'wait for upgraded', phase: 'timeout' } as const
  const waited = { ...timeout, t: S, index: 2, name: 'wait for change-begun', phase: 'done' } as const
  assert.is(says(withEvents(cut, waited, timeout)).outcome, 'inconclusive')
  assert.is(says(withEvents(cut, timeout)).outcome, 'fail')
})

test.run()
