import { type Blocker, differingFigures, type OwnProcess, type Resources } from '#weir/facts/index.ts'
import { type Moment, SECOND } from '../../evidence/wording.ts'
import type { Exit, Quantiles } from '../english.ts'

/** "12.3 秒"; whole seconds from 100 s on. */
export function seconds(ns: number): string {
  const value = ns / SECOND
  return `${Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1)} 秒`
}

/** "触发后 31.4 秒", "触发前 2.0 秒"; "记录开始后 31.4 秒" in a record without a trigger. */
export function when({ ns, from }: Moment): string {
  if (from === 'start') return `记录开始后 ${seconds(ns)}`
  return ns < 0 ? `触发前 ${seconds(-ns)}` : `触发后 ${seconds(ns)}`
}

/** "a", "a 和 b", "a、b 和 c". */
export const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join('、')} 和 ${parts.at(-1)}`

/** "中位数 0.1 秒，p99 1.2 秒，最大 2 秒", or `none` where nothing was measured. */
export const quantiles = (v: Quantiles, none: string) =>
  v.maxSeconds === null ? none : `中位数 ${v.p50Seconds} 秒，p99 ${v.p99Seconds} 秒，最大 ${v.maxSeconds} 秒`

/** "3.0 至 4.5 秒"; "至少 3.0 秒" when the end of the span is unknown (Infinity). */
export const between = (least: number, most: number) =>
  Number.isFinite(most) ? `${least.toFixed(1)} 至 ${most.toFixed(1)} 秒` : `至少 ${least.toFixed(1)} 秒`

export const percent = (share: number, digits = 1) => `${(share * 100).toFixed(digits)}%`

/** What happened to a pod that nobody deleted, by the reason of its condition DisruptionTarget. */
const DISRUPTIONS: Readonly<Record<string, string>> = {
  EvictionByEvictionAPI: '被 Kubernetes 的驱逐 API 驱逐，与 kubectl drain 的做法相同',
  DeletionByTaintManager: '不容忍所在 Kubernetes 节点的污点',
  DeletionByPodGC: '所在的 Kubernetes 节点已不存在',
  PreemptionByScheduler: '被优先级更高的 Pod 抢占',
  TerminationByKubelet: '被 kubelet 终止，原因是所在 Kubernetes 节点资源紧张或正在关机',
}

/** The predicate of a sentence about a pod. */
export const disrupted = (reason: string) =>
  (Object.hasOwn(DISRUPTIONS, reason) && DISRUPTIONS[reason]) || `被 Kubernetes 终止（${reason}）`

/** "退出码 137（OOMKilled）". */
export const exit = ({ exitCode, reason }: Exit) =>
  `${exitCode === undefined ? '退出码未知' : `退出码 ${exitCode}`}${reason && reason !== 'Error' ? `（${reason}）` : ''}`

export function blockerText({ kind, name, why }: Blocker): string {
  if (kind === 'pod') return `Pod ${name} 无法启动：${why}`
  return kind === 'StatefulSet' || kind === 'ReplicaSet'
    ? `${kind} ${name} 无法创建 Pod：${why}`
    : `EMQX Operator 无法写入 ${kind} ${name} 所需的内容：${why}`
}

/** "requests cpu 200m、requests memory 500Mi". */
export const resources = (of: Resources): string =>
  differingFigures(of, {})
    .map(({ kind, name, is }) => `${kind} ${name} ${is}`)
    .join('、') || '没有 requests 和 limits'

/** "limits memory 1Gi（应为 2Gi）". */
export const differing = (has: Resources, wanted: Resources): string =>
  differingFigures(has, wanted)
    .map(({ kind, name, is, other }) => `${kind} ${name} ${is ?? '无'}（应为 ${other ?? '无'}）`)
    .join('，')

/** A process of weir's. */
export function processName(process: OwnProcess): string {
  if (process === 'harness') return 'weir 主进程'
  if (process === 'generator') return '负载生成器'
  return process === 'embedded cluster' ? '内置集群' : `客户端 Pod ${process.slice('fleet pod '.length)}`
}

/** A clause or a sentence of another, without its full stop. */
export const clause = (text: string) => text.replace(/[.。]$/, '')
