/** The package as users get it: packed, installed into an empty folder, and run on other Nodes than the one that built it. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { projectFile } from '../support/project-file.ts'
import { DIALECTS } from './dialects.ts'

const run = promisify(execFile)
const root = fileURLToPath(projectFile('.'))
const folder = mkdtempSync(join(tmpdir(), 'weir-package-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

const NODES = ['22.19.0', '24.21.0']
const MOST_BYTES = 3e6

interface Packed {
  filename: string
  size: number
  files: { path: string }[]
}

const { stdout: listing } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
  cwd: root,
  maxBuffer: 1e8,
})
const packed = Object.values(
  JSON.parse(listing.slice(listing.search(/^[[{]/m))) as Record<string, Packed>,
)[0]!

test('the package is small, and holds no tests, fixtures or tools', () => {
  assert.ok(packed.size <= MOST_BYTES, `${packed.size} bytes`)
  const strays = packed.files.filter(({ path }) =>
    /(^|\/)(tests|fixtures|tools|golden)\/|(?<!\.d)\.ts$|tsconfig/.test(path),
  )
  assert.equal(strays, [])
  assert.ok(packed.files.some(({ path }) => path === 'dist/cli/main.js'))
})

for (const node of NODES) {
  const home = join(folder, node)
  const npx = async (...args: string[]) => {
    const PATH = [join(home, 'node_modules/.bin'), process.env.PATH].join(delimiter)
    const env = { ...process.env, PATH, NO_COLOR: '1', NODE_COMPILE_CACHE: '', GITHUB_STEP_SUMMARY: '' }
    return (await run('npx', ['--no-install', ...args], { cwd: home, env, maxBuffer: 1e8 })).stdout
  }

  test(`Node ${node}: it installs, and knows its version`, async () => {
    mkdirSync(home)
    writeFileSync(join(home, 'package.json'), '{ "name": "user", "version": "1.0.0", "type": "module" }')
    const tarball = join(folder, packed.filename)
    await run('npm', ['install', '--no-audit', '--no-fund', tarball, `node@${node}`], {
      cwd: home,
      maxBuffer: 1e8,
    })
    assert.is((await npx('node', '--version')).trim(), `v${node}`)
    assert.match(await npx('weir', '--version'), /^\d+\.\d+\.\d+$/m)
  })

  test(`Node ${node}: weir bench conn`, async () => {
    const broker = createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', (bytes) => void (bytes[0] === 0x10 && socket.write(Buffer.from([0x20, 3, 0, 0, 0]))))
    })
    await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve))
    const { port } = broker.address() as { port: number }
    const args = ['-h', '127.0.0.1', '-p', String(port), '-c', '20', '-i', '1', '--duration', '1', '--json']
    const lines = (await npx('weir', 'bench', 'conn', ...args).finally(() => broker.close()))
      .trim()
      .split('\n')
    assert.is((JSON.parse(lines.at(-1)!) as { connected: number }).connected, 20)
  })

  test(`Node ${node}: weir run blue-green-quick`, async () => {
    const out = join(home, 'run')
    const settings = DIALECTS[0]!.small.flatMap((setting) => ['--set', setting])
    const once = () =>
      npx('weir', 'run', 'blue-green-quick', ...settings, '--out', out).catch(({ stdout }) => String(stdout))
    let said = await once()
    // This machine may be shared: a run whose harness was unfit asks to be made again.
    for (let again = 0; again < 2 && /^ *inconclusive +harness-healthy/m.test(said); again++) {
      rmSync(out, { recursive: true })
      said = await once()
    }
    assert.match(said, /^PASS /)
    for (const file of ['report.html', 'verdict.json', 'junit.xml', 'clients.arrow'])
      assert.ok(readdirSync(out).includes(file), file)
  })
}

test('a program imports it, with types', async () => {
  const home = join(folder, NODES[0]!)
  const program = `
    import { judge, readRecord, type Verdict } from 'weir-mqtt'
    const verdict: Verdict = await judge('run')
    const outcome: 'pass' | 'fail' | 'inconclusive' = verdict.outcome
    console.log(outcome, (await readRecord('run')).clients.length > 0)`
  writeFileSync(join(home, 'program.mts'), program)
  const tsc = fileURLToPath(projectFile('node_modules/typescript/bin/tsc'))
  const options = [
    '--module',
    'nodenext',
    '--target',
    'es2024',
    '--strict',
    '--skipLibCheck',
    '--types',
    'node',
  ]
  const roots = ['--typeRoots', fileURLToPath(projectFile('node_modules/@types'))]
  await run(process.execPath, [tsc, ...options, ...roots, 'program.mts'], { cwd: home })
  const { stdout } = await run(process.execPath, ['program.mjs'], { cwd: home })
  assert.is(stdout.trim(), 'pass true')
})

test.run()
