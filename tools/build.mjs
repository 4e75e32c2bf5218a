/**
 * Compiles the sources, tests and tools to dist/. A build goes to a folder of its own and takes the place of dist/ only when
 * it is complete, so an interrupted build leaves the one before it.
 *
 * --types adds the declarations of the library (cli/api.ts), which only the package needs: beside sources they would stand in for a
 * file that was deleted.
 *
 * usage: node tools/build.mjs [--if-stale] [--types]
 */
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { STAMP, sourcesOf, staleReason } from '../cli/stale.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const flags = process.argv.slice(2)
if (!flags.includes('--if-stale') || staleReason(root)) {
  const startedMs = Date.now()
  const fresh = join(root, `dist.${process.pid}`)
  const old = `${fresh}.old`
  try {
    tsc('--outDir', fresh)
    await bundlePage(join(fresh, 'reports/html'))
    await writeData(fresh)
    copyModules(fresh)
    await compileSchemas(fresh)
    await compileScenarioCheck(fresh)
    writeFileSync(join(fresh, STAMP), `${startedMs} ${sourcesOf(root).sum}\n`)
    try {
      renameSync(join(root, 'dist'), old)
    } catch (error) {
      if (error.code !== 'ENOENT') throw error
    }
    renameSync(fresh, join(root, 'dist'))
  } catch (error) {
    const lacks = error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND'
    if (error.status === undefined && !lacks) throw error
    const why = lacks
      ? 'typescript and esbuild are not installed: run "npm ci" without --omit=dev'
      : 'tsc found errors'
    process.stderr.write(`build: ${why}; dist/ is left as it was\n`)
    process.exitCode = 1
  } finally {
    rmSync(fresh, { recursive: true, force: true })
    rmSync(old, { recursive: true, force: true })
  }
}

if (flags.includes('--types') && !process.exitCode) tsc('-p', 'tsconfig.types.json')

function tsc(...args) {
  const script = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  execFileSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' })
}

/** The testbed's data with all aliases resolved: a testbed that starts reads JSON in no time. */
async function writeData(fresh) {
  const { parse } = await import('yaml')
  for (const path of globSync('testbed/**/*.yaml', { cwd: root })) {
    const data = parse(readFileSync(join(root, path), 'utf8'), { merge: true, maxAliasCount: -1 })
    writeFileSync(join(fresh, path.replace(/\.yaml$/, '.json')), JSON.stringify(data))
  }
}

/** What testbeds build programs and images from: Go modules, and the files of a node. */
function copyModules(fresh) {
  const patterns = ['testbed/**/modules/**/*.{go,mod,sum}', 'testbed/kind/node/**/*']
  for (const path of globSync(patterns, { cwd: root })) {
    if (!statSync(join(root, path)).isFile()) continue
    mkdirSync(dirname(join(fresh, path)), { recursive: true })
    copyFileSync(join(root, path), join(fresh, path))
  }
}

/** The schemas of a record's rows as code (record/schema/validators.d.ts), without the compiler: each record that is read needs them. */
async function compileSchemas(fresh) {
  const { EVENT_SCHEMAS, SCRAPE_SCHEMA } = await import(join(fresh, 'record/schema/events.js'))
  const { FLEET_SCHEMA, MANIFEST_SCHEMA, MESSAGE_SCHEMAS } = await import(
    join(fresh, 'record/schema/manifest.js')
  )
  const { LOG_SCHEMAS } = await import(join(fresh, 'record/schema/logs.js'))
  const { Ajv } = await import('ajv')
  const { default: standalone } = await import('ajv/dist/standalone/index.js')
  const named = { manifest: MANIFEST_SCHEMA, fleet: FLEET_SCHEMA, scrape: SCRAPE_SCHEMA }
  const groups = { events: EVENT_SCHEMAS, messages: MESSAGE_SCHEMAS, logs: LOG_SCHEMAS }
  const all = { ...named }
  const tables = Object.entries(groups).map(([group, schemas]) => {
    const entries = Object.entries(schemas).map(([type, schema], i) => {
      all[`${group}${i}`] = schema
      return `${JSON.stringify(type)}: ${group}${i}`
    })
    return `export const ${group} = { ${entries.join(', ')} }\n`
  })
  const ajv = new Ajv({ strict: false, code: { source: true, esm: true } })
  for (const [name, schema] of Object.entries(all)) ajv.addSchema(schema, name)
  const code = standalone.default(ajv, Object.fromEntries(Object.keys(all).map((name) => [name, name])))
  // Checks of one type are found in their table alone.
  const contents = `${code.replaceAll(/export const (\w+\d )/g, 'const $1')}\n${tables.join('')}`
  await bundleCode(contents, join(fresh, 'record/schema/validators.js'))
}

/** The same of the schema of scenarios (scenarios/load/scenario-check.d.ts). */
async function compileScenarioCheck(fresh) {
  // Its words come from other rooms, whose compiled files are not in their place yet.
  const source = join(fresh, 'scenarios/definition/json-schema.bundled.js')
  await bundleCode("export * from './scenarios/definition/json-schema.ts'", source, {
    conditions: ['source'],
    external: packages(),
  })
  const { scenarioJsonSchema, SCENARIO_CHECK_OPTIONS } = await import(source)
  rmSync(source)
  const { Ajv } = await import('ajv')
  const { default: standalone } = await import('ajv/dist/standalone/index.js')
  const ajv = new Ajv({ ...SCENARIO_CHECK_OPTIONS, code: { source: true, esm: true } })
  ajv.addSchema(scenarioJsonSchema, 'check')
  const code = standalone.default(ajv, { check: 'check' })
  await bundleCode(code, join(fresh, 'scenarios/load/scenario-check.js'))
}

/** Code with all that it imports, as one module. */
async function bundleCode(contents, outfile, options = {}) {
  const { build } = await import('esbuild')
  await build({
    stdin: { contents, resolveDir: root },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'warning',
    ...options,
  })
}

function packages() {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return Object.keys(dependencies)
}

/** The report's page: one script and one style sheet, because a page without a network cannot import. */
async function bundlePage(outdir) {
  const licence = readFileSync(join(root, 'node_modules/uplot/LICENSE'), 'utf8')
    .replaceAll('*/', '* /')
    .trim()
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: root,
    entryPoints: {
      page: 'reports/html/page/main.ts',
      live: 'reports/html/page/live.ts',
      'page-style': 'reports/html/page/page.css',
    },
    outdir,
    bundle: true,
    format: 'iife',
    charset: 'utf8',
    minifySyntax: true,
    minifyWhitespace: true,
    banner: { js: `/*\nuPlot\n${licence}\n*/` },
    logLevel: 'warning',
  })
}
