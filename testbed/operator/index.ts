import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import type { DialectName, EmulatedLine } from '#weir/facts/index.ts'
import { type Clock, realClock } from '../runtime/clock.ts'
import { EventRecorder } from '../runtime/event-recorder.ts'
import { showDeployment } from './deployment.ts'
import { LINES } from './lines.ts'
import { startRebalanceController } from './rebalance/controller.ts'
import { createPodHttp, type PodHttp } from './runtime/pod-http.ts'
import type { OperatorEnvironment } from './runtime/reconciler.ts'
import { startEnterpriseController } from './v1beta4/enterprise-controller.ts'
import type { OperatorHooks as V1beta4Hooks } from './v1beta4/pass.ts'
import { startPluginController } from './v1beta4/plugin-controller.ts'
import { registerWebhooks, startWebhookServer } from './v1beta4/webhooks/server.ts'
import { startEmqxController } from './v2beta1/controller.ts'
import type { OperatorHooks as V2beta1Hooks } from './v2beta1/pass.ts'
import { startEmqxController as startEmqxControllerOfV3 } from './v3beta1/controller.ts'
import type { OperatorHooks as V3beta1Hooks } from './v3beta1/pass.ts'

export { definitions, installDefinitions } from './crds.ts'
export { isController } from './deployment.ts'
export { LINES, type LineSwitches } from './lines.ts'
export { OperatorProgram } from './program.ts'

const RELEASED_POLL_SECONDS: Readonly<Record<DialectName, number>> = { v1beta4: 20, v2beta1: 1, v3beta1: 1 }

export interface OperatorOptions {
  line: EmulatedLine
  /** The pause while something is under way; left out, that of released operators: 20 s for v1beta4, 1 s for the others. */
  pollIntervalSeconds?: number | undefined
  /** Where images come from that it names itself; the public registry when left out. */
  registry?: string | undefined
  faults: { v1beta4(): V1beta4Hooks; v2beta1(): V2beta1Hooks; v3beta1(): V3beta1Hooks }
  /** Where the webhooks listen; left out, none are served or registered. Port 0 takes a free one. */
  webhook?: { host: string; port: number }
  clock?: Clock
  http?: PodHttp
  onPass?: OperatorEnvironment['onPass']
  /** It has met what ends the process of a real operator. */
  panicked?: OperatorEnvironment['panicked']
  random?: () => number
  log?: (line: string) => void
}

/**
 * The EMQX Operator, over any API server whose definitions are installed: EmqxEnterprise of v1beta4 on every line, EMQX of
 * v2beta1 on those that know it. Resolves when its webhooks answer and its watches have begun.
 */
export async function startOperator(
  kube: KubeApi,
  options: OperatorOptions,
): Promise<{ stop(): Promise<void> }> {
  const { clock = realClock, http = createPodHttp(), random = Math.random, log = () => {} } = options
  const pollMs = (releasedSeconds: number) => (options.pollIntervalSeconds ?? releasedSeconds) * 1000
  const { faults } = options
  const hooks = { v1beta4: faults.v1beta4(), v2beta1: faults.v2beta1(), v3beta1: faults.v3beta1() }
  const line = { ...LINES[options.line], registry: options.registry }
  line.portForwardMs = hooks.v1beta4.portForwardMs ?? line.portForwardMs
  const recorderOf = (component: string, reportingComponent: string) =>
    new EventRecorder({
      kube,
      clock,
      component,
      reportingComponent,
      onError: (error) => log(`event not written: ${messageOf(error)}`),
    })
  const recorder = recorderOf('emqx-controller', line.reportingComponent)
  const rebalanceRecorder = recorderOf('rebalance-controller', 'rebalance-controller')
  const environment: OperatorEnvironment = {
    kube,
    line,
    clock,
    recorder,
    http,
    onPass: options.onPass,
    panicked: options.panicked,
    idleMs: pollMs(RELEASED_POLL_SECONDS.v1beta4),
    random,
    log,
  }
  const webhooks =
    options.webhook && line.serves.includes('v1beta4')
      ? await startWebhookServer(options.webhook.host, options.webhook.port, line)
      : undefined
  if (webhooks !== undefined) await registerWebhooks(kube, webhooks, line)
  await showDeployment(kube, line)
  const byVersion: Record<DialectName, () => { ready: Promise<void>; stop(): Promise<void> }[]> = {
    v1beta4: () => [
      startPluginController(environment),
      startEnterpriseController(environment, hooks.v1beta4),
    ],
    v2beta1: () => [
      startEmqxController(environment, hooks.v2beta1, pollMs(RELEASED_POLL_SECONDS.v2beta1)),
      startRebalanceController(environment, hooks.v2beta1, rebalanceRecorder),
    ],
    v3beta1: () => [
      startEmqxControllerOfV3(environment, hooks.v3beta1, pollMs(RELEASED_POLL_SECONDS.v3beta1)),
    ],
  }
  const controllers = line.serves.flatMap((version) => byVersion[version]())
  await Promise.all(controllers.map((controller) => controller.ready))
  return {
    async stop() {
      http.close()
      await Promise.all(controllers.map((controller) => controller.stop()))
      await Promise.all([recorder.flush(), rebalanceRecorder.flush()])
      await webhooks?.close()
    },
  }
}
