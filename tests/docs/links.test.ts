/** Links between the documents lead to files and headings that exist. */
import { existsSync, readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { projectFile } from '../support/project-file.ts'

const root = fileURLToPath(projectFile(''))
const documents = (await Array.fromAsync(glob(['*.md', 'docs/**/*.md'], { cwd: root }))).sort()

const textOf = (file: string) => readFileSync(join(root, file), 'utf8')

/** GitHub's anchors: lower case, without punctuation, with dashes for spaces. */
const anchorsOf = (file: string): string[] =>
  textOf(file)
    .split('\n')
    .filter((line) => /^#+ /.test(line))
    .map((line) =>
      line
        .replace(/^#+ /, '')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    )

function leadsNowhere(link: string, folder: string, self: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? self : join(folder, path)
  if (!existsSync(join(root, target))) return true
  return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor)
}

function wrongLinks(file: string): string[] {
  const links = [...textOf(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!)
  return links
    .filter((link) => !/^(https?:|mailto:)/.test(link))
    .filter((link) => leadsNowhere(link, dirname(file), file))
    .map((link) => `${file}: ${link}`)
}

test('every link leads somewhere', () => {
  assert.ok(documents.length > 40, `only ${documents.length} documents were found`)
  assert.ok(documents.some((file) => file.startsWith('docs/zh/')))
  assert.equal(documents.flatMap(wrongLinks), [])
})

test('the page of every cause of a verdict exists, with its section', async () => {
  const files = await Array.fromAsync(glob('assertions/{verdict/causes,deviations}/*.ts', { cwd: root }))
  const links = files.flatMap((file) =>
    [...textOf(file).matchAll(/(?:link|source): '([^']+)'/g)].map(([, link]) => link!),
  )
  assert.ok(links.length >= 10, `only ${links.length} links were found`)
  assert.equal(
    links.filter((link) => leadsNowhere(link, '', link)),
    [],
  )
})

test.run()
