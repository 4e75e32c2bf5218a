import { WeirError } from '#weir/errors/index.ts'
import {
  type BuildMachine,
  buildMachine,
  buildProblems,
  type Command,
  missingOf,
  missingText,
} from '../control-plane/build/requirements.ts'
import { answers } from './engine.ts'

/** Measured: 2.3 GiB of Go's modules, 2.5 GiB of compiled packages, 0.7 GiB of programs, 2 GiB of images. */
const BUILD_GIB = 8
/** Two small programs, and images for pods. */
const ADOPTED_GIB = 1

/** What is known of this machine. */
export interface KindMachine extends BuildMachine {
  platform: string
  isRoot: boolean
  missing: readonly Command[]
  /** Whether a docker daemon answers. */
  daemon: boolean
  /** Whether there is one to start. */
  dockerd: boolean
}

export interface Need {
  /** Whether something of programs and images is still to be made. */
  toBuild: boolean
  /** Whether the cluster is one of the user's. */
  adopts: boolean
}

/** What the testbed kind lacks, in one line with what to do; undefined when it lacks nothing. */
export function lacks(machine: KindMachine, { toBuild, adopts }: Need): string | undefined {
  if (machine.platform !== 'linux')
    return 'it needs Linux: make a cluster with kind-config.yaml and use --kubeconfig'
  const problems: string[] = []
  if (!machine.isRoot && !adopts)
    problems.push('it needs root, for images and containers: start weir with sudo')
  problems.push(...machine.missing.map(missingText))
  if (!machine.daemon && !machine.dockerd && machine.missing.every(({ command }) => command !== 'docker'))
    problems.push(
      'no docker daemon answers and there is none to start: start yours, set DOCKER_HOST, or install docker.io',
    )
  if (toBuild) problems.push(...buildProblems(machine, adopts ? ADOPTED_GIB : BUILD_GIB))
  return problems.length === 0 ? undefined : problems.join('; ')
}

const ALWAYS = [
  { command: 'docker', flag: '--version', package: 'docker.io' },
  { command: 'setpriv', flag: '--version', package: 'util-linux' },
] as const
const DOCKERD = [{ command: 'dockerd', flag: '--version', package: 'docker.io' }] as const
const TO_BUILD = [
  { command: 'mmdebstrap', flag: '--version', package: 'mmdebstrap' },
  { command: 'chroot', flag: '--version', package: 'coreutils' },
  { command: 'tar', flag: '--version', package: 'tar' },
] as const

/** Throws WEIR_KIND with what this machine lacks. Things are made in `dir`. */
export function checkRequirements(dir: string, need: Need): void {
  const { toBuild, adopts } = need
  const linux = process.platform === 'linux'
  const isRoot = process.getuid?.() === 0
  const daemon = answers()
  const commands = [...ALWAYS, ...(toBuild && !adopts ? TO_BUILD : [])]
  const problem = lacks(
    {
      platform: process.platform,
      isRoot,
      missing: linux ? missingOf(commands) : [],
      daemon,
      dockerd: daemon || (!adopts && missingOf(DOCKERD).length === 0),
      ...(toBuild && buildMachine(dir, isRoot)),
    },
    need,
  )
  if (problem !== undefined) throw new WeirError('WEIR_KIND', `the testbed kind cannot run here: ${problem}`)
}
