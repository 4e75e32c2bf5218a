/** Comments cite docs/contract/ by page and section: each cited section exists, and nothing outside the repository is cited. */
import { readdirSync, readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { projectFile } from '../support/project-file.ts'

const root = fileURLToPath(projectFile('.'))
const ROOMS =
  'errors,facts,record,import,bench,cluster,preflight,scenarios,testbed,model,assertions,reports,cli,tools,tests,docs'

/** Anchors as GitHub makes them of headings, and those that are written out. */
function anchorsOf(text: string): string[] {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
  return [...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id!)]
}

const pages = new Map(
  readdirSync(projectFile('docs/contract/')).map((page) => [
    page,
    new Set(anchorsOf(readFileSync(projectFile(`docs/contract/${page}`), 'utf8'))),
  ]),
)

test('every cited section of docs/contract exists', async () => {
  let cited = 0
  const missing: string[] = []
  for await (const file of glob(`{${ROOMS}}/**/*.{ts,md,yaml}`, { cwd: root })) {
    const text = readFileSync(projectFile(file), 'utf8')
    const inside = file.startsWith('docs/contract/')
      ? /\]\(([\w-]+\.md)#([\w-]+)\)/g
      : /docs\/contract\/([\w-]+\.md)#([\w-]+)/g
    for (const [, page, section] of text.matchAll(inside)) {
      cited++
      if (!pages.get(page!)?.has(section!)) missing.push(`${file}: ${page}#${section}`)
    }
  }
  assert.ok(cited > 50, `only ${cited} citations were found: the test is blind`)
  assert.equal(missing, [])
})

test('nothing outside the repository is cited', async () => {
  const outside =
    /(?<!docs\/)\bcontract\/[a-z]|\bseed [A-Z]?\d{2}\b|\bdesign: |\bops\.md\b|\b(emqx|operator)-measured\b/
  const wrong: string[] = []
  for await (const file of glob(`{${ROOMS}}/**/*.{ts,md,yaml}`, { cwd: root })) {
    if (file.startsWith('docs/contract/') || file === 'tests/style/contract.test.ts') continue
    const lines = readFileSync(projectFile(file), 'utf8').split('\n')
    for (const [at, line] of lines.entries())
      if (outside.test(line)) wrong.push(`${file}:${at + 1}: ${line.trim()}`)
  }
  assert.equal(wrong, [])
})

test.run()
