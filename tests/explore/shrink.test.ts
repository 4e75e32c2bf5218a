/** The smallest sequence that still fails, against failures that are known. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Episode, episodes, shrink, statesOf, whole } from '#weir/explore/index.ts'

const kindsOf = ({ steps }: Episode) => steps.map(({ kind }) => kind)

const episodeOf = (...kinds: string[]): Episode => ({
  dialect: 'v2beta1',
  steps: kinds.map((kind) => ({ kind, variant: 0 })),
})

const LONG = episodeOf(
  ...['same-version', 'refused-patch', 'scale-out', 'transfer', 'kill-node', 'upgrade', 'go-on'],
  'finish',
  ...['empty-node', 'scale-in', 'refused-patch'],
)

/** Shrinks, and counts the runs. Every candidate must be legal and end at rest. */
async function shrunk(episode: Episode, isBad: (kinds: string[]) => boolean, budget = 100) {
  let runs = 0
  const smallest = await shrink(
    episode,
    async (candidate) => {
      runs++
      assert.is(statesOf(candidate)?.at(-1)?.phase, 'rest', kindsOf(candidate).join(' '))
      return isBad(kindsOf(candidate))
    },
    budget,
  )
  return { kinds: kindsOf(smallest), runs }
}

test('one step that is to blame is left, with what makes it an episode', async () => {
  assert.equal((await shrunk(LONG, (kinds) => kinds.includes('scale-out'))).kinds, ['scale-out'])
  assert.equal((await shrunk(LONG, (kinds) => kinds.includes('upgrade'))).kinds, [
    'upgrade',
    'go-on',
    'finish',
  ])
  // A node is killed after a change: there is none to judge otherwise.
  assert.equal((await shrunk(LONG, (kinds) => kinds.includes('kill-node'))).kinds, [
    'same-version',
    'kill-node',
  ])
})

test('two steps that are to blame together are both left', async () => {
  const { kinds } = await shrunk(LONG, (all) => all.includes('scale-out') && all.includes('scale-in'))
  // A node that is emptied must have clients, which the one that was killed gave it.
  assert.equal(kinds, ['scale-out', 'kill-node', 'empty-node', 'scale-in'])
})

test('the budget ends it, with what is known then', async () => {
  const isBad = (all: string[]) => all.includes('scale-out') && all.includes('scale-in')
  const { kinds, runs } = await shrunk(LONG, isBad, 2)
  assert.is(runs, 2)
  assert.ok(isBad(kinds), kinds.join(' '))
})

test('an episode of which no smaller one fails stays whole, and no candidate is run twice', async () => {
  const seen = new Set<string>()
  const result = await shrink(
    LONG,
    async (candidate) => {
      const key = JSON.stringify(candidate.steps)
      assert.not.ok(seen.has(key), key)
      seen.add(key)
      return false
    },
    100,
  )
  assert.is(result, LONG)
})

test('whatever one step of a drawn episode is to blame for, what is left has it and not much more', async () => {
  const drawn = episodes('v2beta1', 11)
  for (let i = 0; i < 40; i++) {
    const episode = drawn.next().value
    const culprit = episode.steps[Math.floor(episode.steps.length / 2)]!.kind
    const { kinds } = await shrunk(episode, (all) => all.includes(culprit))
    assert.ok(kinds.includes(culprit))
    assert.ok(kinds.length <= Math.min(episode.steps.length, 6), `${kindsOf(episode)} to ${kinds}`)
  }
})

test('what is left of an episode is made whole, or refused', () => {
  const part = (...kinds: string[]) => whole('v2beta1', episodeOf(...kinds).steps)
  assert.equal(kindsOf(part('upgrade')!), ['upgrade', 'go-on', 'finish'])
  assert.equal(kindsOf(part('upgrade', 'stop-operator')!), [
    ...['upgrade', 'stop-operator', 'start-operator', 'go-on', 'finish'],
  ])
  assert.is(part('finish'), undefined)
  assert.is(part(), undefined)
})

test.run()
