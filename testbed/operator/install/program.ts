import { createHash } from 'node:crypto'
import { accessSync, closeSync, constants, openSync, readFileSync, readSync } from 'node:fs'
import { arch } from 'node:os'
import { dirname } from 'node:path'
import type { Container, Deployment } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import type { OperatorProgram } from '../../types.ts'
import { addCertificate } from './certificate.ts'
import { readManifests } from './manifests.ts'

/** An operator that is to be installed: its objects, and the image for which its program runs. */
export interface PreparedOperator {
  objects: KubeObject[]
  deployment: Deployment
  image: string
  /** The program of this machine, and the path at which its container has it. */
  binary: string
  at: string
  /** Where its webhooks listen, on every address of this machine: no flag of controller-runtime's changes that. */
  webhookPort: number | undefined
}

const refused = (message: string, cause?: unknown) =>
  new WeirError('WEIR_OPERATOR', message, cause === undefined ? undefined : { cause })

/** Reads an operator's program and manifests. Throws WEIR_OPERATOR where they are not what an operator needs. */
export function prepareOperator({ binary, manifests }: OperatorProgram): PreparedOperator {
  checkBinary(binary)
  const objects = inOneNamespace(manifests === undefined ? besideBinary(binary) : readManifests(manifests))
  const where = manifests ?? dirname(binary)
  if (!objects.some(({ kind }) => kind === 'CustomResourceDefinition'))
    throw refused(
      `${where} has no CustomResourceDefinition: add the operator's (config/crd of its repository)`,
    )
  const { deployment, container } = managerOf(objects, where)
  const digest = createHash('sha256').update(readFileSync(binary)).digest('hex').slice(0, 12)
  const image = `${/^[^:@]+(?::\d+\/[^:@]+)?/.exec(container.image)?.[0] ?? 'operator'}:build-${digest}`
  const [command = '/manager', ...args] = (container.command as string[] | undefined) ?? []
  const at = command.startsWith('/') && !SYSTEM.test(command) ? command : '/manager'
  container.image = image
  container.command = [at, ...args]
  listenOnPodAddress(container)
  addCertificate(objects, deployment)
  return { objects, deployment, image, binary, at, webhookPort: webhookPortOf(container) }
}

/**
 * A program that listens on all addresses takes its port from every other pod of this machine (EMQX 4.4's API has the operator's 8081), so
 * flags like `--metrics-bind-address=:8080` get the pod's own address.
 */
function listenOnPodAddress(container: Container): void {
  const variable = 'WEIR_POD_IP'
  const args = (container.args ?? []) as string[]
  container.args = args.map((arg) => arg.replace(/^(--[\w-]+=)(?:0\.0\.0\.0)?(:\d+)$/, `$1$(${variable})$2`))
  const valueFrom = { fieldRef: { fieldPath: 'status.podIP' } }
  container.env = [{ name: variable, valueFrom }, ...(container.env ?? [])]
}

const WEBHOOK_PORT = 9443

const webhookPortOf = ({ ports = [] }: Container): number | undefined =>
  ports.find(({ name, containerPort }) => name === 'webhook-server' || containerPort === WEBHOOK_PORT)
    ?.containerPort

/** Folders of this machine that programs share: nothing is put there. */
const SYSTEM = /^\/(bin|sbin|lib|lib32|lib64|libx32|usr|proc|sys|dev)\//

function besideBinary(binary: string): KubeObject[] {
  const folder = dirname(binary)
  try {
    return readManifests(folder)
  } catch (cause) {
    throw refused(
      `there are no manifests beside ${binary}: name them with --operator-manifests, e.g. the output of "kubectl kustomize config/default"`,
      cause,
    )
  }
}

/** ELF: the magic number, and the machines that programs are built for (e_machine). */
const ELF = Buffer.from([0x7f, 0x45, 0x4c, 0x46])
const MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 }
const MACHINE_AT = 18

function checkBinary(binary: string): void {
  const head = Buffer.alloc(64)
  try {
    accessSync(binary, constants.R_OK | constants.X_OK)
    const file = openSync(binary, 'r')
    readSync(file, head, 0, head.length, 0)
    closeSync(file)
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code === 'EACCES'
    throw refused(
      isThere ? `${binary} is not executable: chmod +x it` : `there is no operator program at ${binary}`,
      cause,
    )
  }
  if (!head.subarray(0, 4).equals(ELF))
    throw refused(`${binary} is not a Linux program: build the operator for this machine`)
  const machine = head.readUInt16LE(MACHINE_AT)
  if (machine !== MACHINES[arch()])
    throw refused(
      `${binary} is built for another processor than this machine's (${arch()}): build it with GOARCH=${arch() === 'x64' ? 'amd64' : arch()}`,
    )
}

function managerOf(objects: KubeObject[], where: string): { deployment: Deployment; container: Container } {
  const deployments = objects.filter(({ kind }) => kind === 'Deployment') as Deployment[]
  const found = deployments.flatMap((deployment) => {
    const { containers } = deployment.spec.template.spec
    const container = containers.find(({ name }) => name === 'manager') ?? containers[0]
    return container === undefined ? [] : [{ deployment, container }]
  })
  const [first, second] = found
  if (first === undefined)
    throw refused(`${where} has no Deployment of the operator: add it (config/manager of its repository)`)
  if (second !== undefined)
    throw refused(
      `${where} has several Deployments (${found.map(({ deployment }) => deployment.metadata.name).join(', ')}): leave the operator's only`,
    )
  return first
}

/** What kustomize replaces when it renders a repository's manifests. */
const PLACEHOLDER = 'system'

/** Objects that were taken from a repository unrendered have a placeholder where the operator's namespace belongs. */
function inOneNamespace(objects: KubeObject[]): KubeObject[] {
  const home = objects.find(({ kind }) => kind === 'Deployment')?.metadata.namespace
  if (home === undefined || home === PLACEHOLDER) return objects
  return JSON.parse(
    JSON.stringify(objects, (key, value: unknown) =>
      key === 'namespace' && value === PLACEHOLDER ? home : value,
    ),
  ) as KubeObject[]
}
