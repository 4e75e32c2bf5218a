/** Imports point one way (docs: ARCHITECTURE.md, "Rooms"): this test fails when one points back. */
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { projectFile } from '../support/project-file.ts'

const root = fileURLToPath(projectFile('.'))

/** Every room may import these. */
const GROUND_FLOOR = ['facts', 'errors']

/** For each room, the rooms it may import beside the ground floor. */
const MAY: Record<string, readonly string[]> = {
  facts: [],
  errors: [],
  record: [],
  bench: [],
  cluster: ['record'],
  assertions: ['record'],
  reports: ['record', 'assertions'],
  scenarios: ['bench', 'cluster', 'record'],
  testbed: ['cluster'],
  cli: ['bench', 'cluster', 'record', 'assertions', 'reports', 'scenarios', 'testbed'],
}

/** Of these rooms only a part may be seen from the room named. */
const ONLY: { from: string; room: string; path: RegExp; why: string }[] = [
  {
    from: 'testbed',
    room: 'cluster',
    path: /^cluster\/kubernetes\//,
    why: "the API client only, not the harness's innards",
  },
  { from: 'reports', room: 'assertions', path: /^assertions\/verdict\.ts$/, why: 'the verdict type only' },
]

interface Import {
  file: string
  room: string
  target: string
  targetRoom: string
}

async function imports(): Promise<Import[]> {
  const found: Import[] = []
  for (const room of Object.keys(MAY)) {
    for await (const file of glob(`${room}/**/*.{ts,mjs}`, { cwd: root })) {
      const text = readFileSync(join(root, file), 'utf8')
      for (const match of text.matchAll(
        /(?:from|import)\s*\(?\s*['"]((?:\.|#weir\/)[^'"]+\.(?:ts|mjs))['"]/g,
      )) {
        const specifier = match[1]!
        const target = specifier.startsWith('#weir/')
          ? specifier.slice('#weir/'.length)
          : normalize(join(dirname(file), specifier))
        found.push({ file, room, target, targetRoom: target.split('/')[0]! })
      }
    }
  }
  return found
}

test('no import points against the direction of the rooms', async () => {
  const all = await imports()
  assert.ok(all.length > 50, `only ${all.length} imports were found: the test is blind`)
  const wrong = all.filter(
    ({ room, targetRoom }) =>
      targetRoom !== room &&
      (room === 'facts' || !GROUND_FLOOR.includes(targetRoom)) &&
      !MAY[room]!.includes(targetRoom),
  )
  assert.equal(
    wrong.map(({ file, target }) => `${file} imports ${target}`),
    [],
  )
})

test('a room that may see a part of another sees only that part', async () => {
  const wrong = (await imports()).flatMap(({ file, room, target, targetRoom }) =>
    ONLY.filter((rule) => rule.from === room && rule.room === targetRoom && !rule.path.test(target)).map(
      (rule) => `${file} imports ${target} (${rule.why})`,
    ),
  )
  assert.equal(wrong, [])
})

test.run()
