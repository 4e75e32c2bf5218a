import { readdirSync, readFileSync } from 'node:fs'
import { Script } from 'node:vm'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { script } from '#weir/reports/html/assets.ts'
import { bundle } from '#weir/reports/html/bundle.ts'
import { projectFile } from '../../support/project-file.ts'

const folder = projectFile('reports/html/page/')
const modules = readdirSync(folder).filter((file) => file.endsWith('.js'))
const sourceOf = (file: string) => readFileSync(new URL(file, folder), 'utf8')
const exportsOf = (file: string) =>
  [...sourceOf(file).matchAll(/^export (?:function|const|let|class) (\w+)/gm)].map(([, name]) => name)

test('the bundle is a script, without anything that only a module may have', () => {
  new Script(script)
  assert.not.match(script, /^(import|export)\b/m)
})

test('the page lets out nothing that would end its script element', () => {
  assert.not.match(script, /<\/script|<!--/i)
})

test('every module is in the bundle', () => {
  for (const file of modules)
    for (const name of exportsOf(file))
      assert.ok(new RegExp(`(function|const|let|class) ${name}\\b`).test(script), `${file} is left out`)
})

test('every import names something that the other module gives', () => {
  for (const file of modules)
    for (const [, names, from] of sourceOf(file).matchAll(/^import \{([^}]*)\} from '\.\/([^']+)'/gm))
      for (const name of names!
        .split(',')
        .map((it) => it.trim())
        .filter(Boolean))
        assert.ok(exportsOf(from!).includes(name), `${file} imports ${name} from ${from}`)
})

test('no two modules give different things one name: in the bundle they share one scope', () => {
  const seen = new Map<string, string>()
  for (const file of modules)
    for (const [, name] of sourceOf(file).matchAll(/^(?:export )?(?:function|const|let|class) (\w+)/gm)) {
      assert.not.ok(seen.has(name!), `${name} is in ${seen.get(name!)} and in ${file}`)
      seen.set(name!, file)
    }
})

test('a bundle keeps the order it is given', () => {
  const text = bundle([new URL('clock.js', folder), new URL('window.js', folder)])
  assert.ok(text.indexOf('function clock') < text.indexOf('function makeTimeWindow'))
  assert.ok(text.startsWith("(() => {\n'use strict'"))
})

test.run()
