import {
  askedAnnotations,
  externalService,
  externalServiceName,
  externalServicePatch,
  resolvePorts,
  type ServiceExposure,
  servingPods,
} from '#weir/cluster/index.ts'
import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { Service } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { NetworkEvent } from '#weir/facts/index.ts'
import { withoutSecrets } from '#weir/record/index.ts'
import { StepFailure } from '../../run/endings.ts'
import type { Run } from '../../run/run.ts'
import type { AskedNetwork } from '../../run/state.ts'
import { audited } from '../audited.ts'
import { writeChange } from '../setting.ts'
import { askedPorts, exposureOf, type NetworkStep } from './network-change.ts'
import { listenersService } from './services.ts'
import { Trials } from './trials.ts'
import { addressesNow } from './try-addresses.ts'

type Asked = Omit<NetworkEvent, 't' | 'type' | 'tookNs'>

/** Changes how clients reach the cluster from outside: by a Service of weir's own, or by the operator's. */
export async function changeNetwork(run: Run, step: NetworkStep, signal: AbortSignal): Promise<void> {
  const { type, servedBy: by, annotations } = step
  const words = askedPorts(step).map(({ listener, port }) => `${listener} at ${port}`)
  await audited(run, 'network', [type, ...words].join(', '), async () => {
    const listeners = await listenersService(run)
    if (!listeners) throw new StepFailure('failed', 'the operator has made no Service for clients')
    const { ports, lacking } = resolvePorts(step.ports, by, listeners)
    if (lacking.length > 0)
      throw new StepFailure('failed', `Service ${listeners.metadata.name} names no listener ${lacking[0]}`)
    const exposure: ServiceExposure = { ...exposureOf(step), ports }
    const before = await triedNow(run, signal)
    const { service, had, write } =
      by === 'weir'
        ? await ownService(run, step, exposure, listeners)
        : await operators(run, exposure, listeners)
    const removed = Object.keys(had).filter((key) => !Object.hasOwn(annotations, key))
    const asked: Asked = {
      ...{ service, by, network: type, ports, removed },
      ...shown(annotations),
      otherAnnotations:
        removed.length > 0 || Object.keys(annotations).some((key) => had[key] !== annotations[key]),
      ...(step.externalTrafficPolicy && { externalTrafficPolicy: step.externalTrafficPolicy }),
    }
    signal.throwIfAborted()
    await writeChange(run, write, (tookNs) => {
      run.emit({ type: 'network', ...asked, tookNs })
      run.state.networkAsked({ asked, before })
    })
    return `Service ${service}: ${type}`
  })
}

/** What is reached before the change, so that silence afterwards says something, and whose cluster IP is reached from here. */
async function triedNow(run: Run, signal: AbortSignal): Promise<AskedNetwork['before']> {
  const addresses = await addressesNow(run)
  const trials = new Trials(run, signal)
  await trials.make(addresses)
  return addresses.map((address) => ({ address, served: trials.outcomeOf(address) === 'served' }))
}

/** Annotations of a cloud may be secrets, and are recorded as the Service is. */
const shown = (annotations: Readonly<Record<string, string>>) =>
  withoutSecrets({ annotations }) as { annotations: Record<string, string> }

interface Writing {
  service: string
  /** Its annotations before, as far as this is who asks for them. */
  had: Readonly<Record<string, string>>
  write(): Promise<unknown>
}

async function ownService(
  { cluster }: Run,
  step: NetworkStep,
  exposure: ServiceExposure,
  listeners: Service,
): Promise<Writing> {
  const { kube, namespace, name } = cluster
  const service = externalServiceName(name)
  const known = await unlessGone(kube.get<Service>(resources.services, namespace, service))
  const had = askedAnnotations(known)
  if (exposure.network === 'ClusterIP')
    return { service, had, write: () => unlessGone(kube.delete(resources.services, namespace, service)) }
  const selector = step.selector ?? (await selectorOf(cluster, listeners))
  const wanted = externalService(await cluster.resource(), selector, exposure)
  if (!known) return { service, had, write: () => kube.create(resources.services, wanted) }
  const patch = externalServicePatch(known, selector, exposure)
  return { service, had, write: () => kube.patch(resources.services, namespace, service, 'merge', patch) }
}

async function selectorOf(
  { kube, namespace, name }: Run['cluster'],
  listeners: Service,
): Promise<Record<string, string>> {
  const headless = await unlessGone(kube.get<Service>(resources.services, namespace, `${name}-headless`))
  return servingPods(name, listeners, headless)
}

async function operators({ cluster }: Run, exposure: ServiceExposure, listeners: Service): Promise<Writing> {
  const { kube, namespace, name, dialect } = cluster
  const resource = await cluster.resource()
  const patch = dialect.servicePatch(resource, exposure)
  return {
    service: listeners.metadata.name,
    had: dialect.serviceAnnotations(resource),
    write: () => kube.patch(dialect.resource, namespace, name, 'merge', patch),
  }
}
