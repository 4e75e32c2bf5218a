import type { logs as english } from '../logs.ts'
import { seconds, when } from './chinese.ts'

/** What EMQX's own log adds to a finding, and the assertion on the log itself. */
export const logs: typeof english = {
  logs: {
    seen: 'EMQX 日志中的断开记录',
    within: (v) =>
      `EMQX 自己的日志${v.isFail ? '只显示速率之内的断开' : '显示的结果相同'}：${v.nodes} 个节点，共 ${v.ticks} 次。`,
    alsoOver: (v) => `${v.node} 的 EMQX 日志也显示这一点：${seconds(v.ns)}内断开 ${v.clients} 个客户端。`,
    contradicts: (v) =>
      `客户端与 EMQX 自己的日志不一致：按 ${v.node} 的日志，${seconds(v.ns)}内断开了 ${v.clients} 个客户端，超过允许的速率。按客户端：${v.sentence}`,
    contradictsSettle: '请将日志（weir ops logs RUN --text evict_conns）与 EMQX 的状态对照。',
  },
  'log-truth': {
    bound: (v) => `每次疏散的日志都是每秒 ${v.rate} 个，每个计数与其客户端数量相差不超过 ${v.tolerance}`,
    refused: ({ why }) => `weir 无权读取 EMQX 的日志（${why}）`,
    refusedSettle: '请授予 pods/log 的 get 权限，例如使用 deploy/rbac.yaml。',
    noLogs: '记录中没有 EMQX 的日志',
    noLogsSettle: '请将 observe.logMiB 设为大于 0 后运行。',
    torn: ({ what }) => `logs.ndjson 已损坏：${what}`,
    noEvacuation: 'EMQX 没有疏散任何节点',
    silent: ({ node }) =>
      `${node} 被疏散，而其日志中没有记录：日志级别可能高于 warning，或日志没有输出到控制台`,
    silentSettle: '请让 EMQX 将日志输出到控制台，级别为 warning 或更低。',
    gaps: ({ node }) => `${node} 的日志可能有缺失，或有部分未被记录`,
    gapsSettle: '请增大 observe.logMiB 后重新运行，并查看 logs.ndjson 中的缺口。',
    setBack: ({ node }) => `${node} 的时钟在疏散期间被回拨，因此其日志无法说明客户端断开的速度`,
    setBackSettle: '请在时钟不被调整的情况下重新运行。',
    measured: (v) => `${v.nodes} 个节点，共 ${v.ticks} 次`,
    measuredRate: ({ rate }) => `日志中为每秒 ${rate} 个`,
    otherRate: (v) =>
      `${v.node} 的日志在${when(v.at)}显示 conn_evict_rate 为 ${v.rate}，而配置为 ${v.wanted}。`,
    measuredLate: ({ ns }) => `${seconds(ns)}之后`,
    late: (v) => `${v.node} 的日志在 EMQX 的状态显示断开之后 ${seconds(v.ns)}才显示，超过 ${v.seconds} 秒。`,
    measuredBurst: ({ burst }) => `超前于速率 ${burst} 个`,
    burst: (v) =>
      `按 ${v.node} 的日志，${seconds(v.ns)}内断开了 ${v.clients} 个客户端，超过每秒 ${v.rate} 个所允许的数量。`,
    measuredCount: ({ count }) => `日志中为 ${count} 个客户端`,
    count: (v) =>
      `${v.node} 的日志在${when(v.at)}显示 ${v.count} 个客户端，而按客户端自身为 ${v.least === v.most ? v.least : `${v.least} 至 ${v.most}`} 个。`,
    held: (v) =>
      `${v.nodes} 个节点的日志共有 ${v.ticks} 次断开，均为每秒 ${v.rate} 个，每次的计数与在线的客户端相符。`,
    seen: 'EMQX 日志中的断开记录',
    clientsSeen: '当时的客户端',
  },
}
