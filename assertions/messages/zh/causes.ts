import type { causes as english } from '../causes.ts'
import { clause, seconds, when } from './chinese.ts'

const theSame = (others: number) => (others > 0 ? `；另有 ${others} 个节点发生了同样的情况` : '')

/** The sentence of each cause that no other message has. */
export const causes: typeof english = {
  evictedAtOnce: (v) =>
    `${when(v.at)}，节点 ${v.node} 在 ${seconds(Math.max(v.tookNs, 1e8))}内断开了 ${v.held} 个连接中的 ${v.clients} 个，而配置的速率为每秒 ${v.rate} 个${theSame(v.others)}。`,
  deleted: (v) =>
    `${when(v.at)}，节点 ${v.node} 的 Pod 被删除，其上最后的 ${v.clients} 个客户端随之断开${theSame(v.others)}。`,
  refused: ({ action, why }) =>
    `更改（${action}）被拒绝，没有写入任何内容${why === undefined ? '' : `：${clause(why)}`}。`,
  slowHarness: ({ measured }) => `生成负载的主机未能跟上：${measured}。`,
  ended: (v) => {
    if (v.cut !== undefined) return `${v.cut}。`
    const how = { interrupted: '被中断', failed: '失败', killed: '被终止' }[v.how]
    const until = { nothing: '进行任何更改之前', part: '升级完成之前', change: '更改完成之后' }[v.seen]
    return `运行在${until}${how}${v.reason === undefined ? '' : `（${clause(v.reason)}）`}。`
  },
  of: ({ title }) => `原因：${title}`,
  openBecause: (v) =>
    `没有断言失败，${v.all} 项断言中有 ${v.passed} 项成立；${v.open} 项因此无法判定${v.others > 0 ? `，另有 ${v.others} 项因其他原因无法判定` : ''}。`,
}
