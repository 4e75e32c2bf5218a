/**
 * Images of weir in a docker daemon of weir's own: the one that `npm run image` makes, and the one of deploy/Dockerfile, on an image that
 * stands for its public base: Debian's packages with the project's Node and this machine's npm, which is all that needs no registry.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { weirVersion } from '#weir/errors/index.ts'
import { tagsOf } from '#weir/testbed/images/weir-labels.ts'
import { startOwnEngine } from '#weir/testbed/kind/engine.ts'
import { makeTree } from '#weir/testbed/kind/image/debian.ts'
import { kindHome } from '#weir/testbed/kind/paths.ts'
import { inTurn } from '#weir/testbed/kind/turn.ts'
import { projectFile } from '../../support/project-file.ts'
import { weir } from '../weir.ts'
import type { Counts } from './counts.ts'

type Docker = (...args: string[]) => { status: number | null; stdout: string; stderr: string }

/** Each image is loaded or built, and run: `weir --version` and the help of a command are what they are on this machine. */
export const weirImages = (counts: Counts): Promise<void> =>
  inTurn(kindHome(), async () => {
    const { env, release } = await startOwnEngine(kindHome())
    const docker: Docker = (...args) =>
      spawnSync('docker', args, {
        env,
        encoding: 'utf8',
        maxBuffer: 2 ** 26,
        cwd: fileURLToPath(projectFile('.')),
      })
    const dir = mkdtempSync(join(tmpdir(), 'weir-acceptance-image-'))
    try {
      await loaded(docker, dir, counts)
      await built(docker, env, dir, counts)
    } finally {
      docker('image', 'rm', '--force', ...tagsOf(weirVersion()), BUILT, BASE)
      docker('image', 'prune', '--force')
      rmSync(dir, { recursive: true, force: true })
      await release()
    }
  })

async function loaded(docker: Docker, dir: string, counts: Counts): Promise<void> {
  const file = join(dir, 'weir.tar')
  execFileSync(process.execPath, [fileURLToPath(projectFile('dist/tools/image/main.js')), file], {
    stdio: 'ignore',
  })
  const { stdout, stderr } = docker('load', '--input', file)
  const image = `weir:${weirVersion()}`
  if (!stdout.includes(`Loaded image: ${image}`)) counts.wrong.push(`docker load: ${stdout}${stderr}`)
  else await runs(docker, image, 'docker load', counts)
}

const BASE = 'node:24-bookworm-slim'
const BUILT = 'weir-acceptance:built'

async function built(docker: Docker, env: NodeJS.ProcessEnv, dir: string, counts: Counts): Promise<void> {
  const without = docker('build', '--file', 'deploy/Dockerfile', '--tag', BUILT, '.')
  if (without.status === 0 || !new RegExp(`FROM ${BASE}`).test(without.stdout + without.stderr))
    counts.wrong.push(`docker build without ${BASE} does not end at it: ${without.stdout}${without.stderr}`)
  await importBase(env, join(dir, 'base'))
  // The registry of npm is reached as this machine reaches it.
  const { status, stdout, stderr } = docker(
    'build',
    '--network',
    'host',
    '--file',
    'deploy/Dockerfile',
    '--tag',
    BUILT,
    '.',
  )
  if (status !== 0) counts.wrong.push(`docker build: ${(stdout + stderr).slice(-2000)}`)
  else await runs(docker, BUILT, 'docker build', counts)
}

async function importBase(env: NodeJS.ProcessEnv, root: string): Promise<void> {
  await makeTree(root, ['passwd', 'ca-certificates', 'libstdc++6'], `${root}.log`)
  const local = join(root, 'usr/local')
  mkdirSync(join(local, 'bin'), { recursive: true })
  copyFileSync(realpathSync(process.execPath), join(local, 'bin/node'))
  const npm = dirname(dirname(realpathSync(execFileSync('which', ['npm'], { encoding: 'utf8' }).trim())))
  cpSync(npm, join(local, 'lib/node_modules/npm'), { recursive: true, dereference: true })
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin/npm'))
  const certificates = 'etc/ssl/certs/ca-certificates.crt'
  copyFileSync(`/${certificates}`, join(root, certificates))
  const tar = spawn('tar', ['-c', '-C', root, '.'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const change = `ENV NODE_EXTRA_CA_CERTS=/${certificates}`
  const importing = spawn('docker', ['import', '--change', change, '-', BASE], {
    env,
    stdio: [tar.stdout, 'ignore', 'inherit'],
  })
  const [code] = await once(importing, 'close')
  if (code !== 0) throw new Error(`docker import of what stands for ${BASE} ended with ${code}`)
}

const VERSION_LABEL = '{{index .Config.Labels "org.opencontainers.image.version"}}'

async function runs(docker: Docker, image: string, how: string, counts: Counts): Promise<void> {
  const inside = (...args: string[]) =>
    docker('run', '--rm', '--network', 'none', '--read-only', image, ...args)
  const version = inside('--version')
  const help = inside('doctor', '--help')
  const label = docker('image', 'inspect', '--format', VERSION_LABEL, image).stdout.trim()
  const here = await weir(['doctor', '--help'])
  const user = docker('image', 'inspect', '--format', '{{.Config.User}}', image).stdout.trim()
  console.log(`  ${how}: weir --version is ${version.stdout.trim()}, as ${user}`)
  const isRight =
    version.stdout === `${weirVersion()}\n` &&
    label === weirVersion() &&
    help.status === 0 &&
    help.stdout === here.stdout
  if (isRight && user === '10001:10001' && help.stdout.includes('weir doctor')) counts.pass++
  else
    counts.wrong.push(
      `${how}: user ${user}, version label ${label}: weir --version: ${version.stdout}${version.stderr}; doctor --help: exit ${help.status}: ${help.stdout.slice(0, 300)}${help.stderr}`,
    )
}
