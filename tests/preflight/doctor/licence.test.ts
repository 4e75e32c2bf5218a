import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { licence } from '#weir/preflight/doctor/licence.ts'

type Given = Parameters<typeof licence.run>[0]

const says = async (given: Partial<Given>) => {
  const discovery = { licence: { found: { most: 1000, expired: false } } }
  const { lines } = await licence.run({ discovery, clients: 500, ...given } as Given)
  return lines[0]!
}

test('sessions that are left of earlier clients take their part of a licence', async () => {
  assert.is((await says({})).state, 'ok')
  assert.is((await says({ otherClients: 400 })).state, 'ok')
  const full = await says({ otherClients: 400, otherSessions: 200 })
  assert.is(full.state, 'missing')
  assert.match(
    full.says,
    /of which 400 are connected and 200 more have a session: too few are left for 500 more/,
  )
})

test.run()
