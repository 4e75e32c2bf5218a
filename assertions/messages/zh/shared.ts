import type { settle as englishSettle, shared as englishShared } from '../shared.ts'
import { blockerText } from './chinese.ts'

export const settle: typeof englishSettle = {
  drain: '请运行会疏散节点的场景。',
  eviction: '请运行会断开客户端的场景。',
  upgrade: '请运行包含升级的场景。',
  evacuation: '请运行包含节点疏散的场景。',
  lessLoad: '请在负载较低的机器上重新运行。',
  wholeRun: '请重新运行，并让运行进行到结束。',
  podsDeleted: '请持续记录，直到旧 Pod 被删除。',
  noMissingEvents: '请使用没有缺失事件的记录。',
  clientEvents: '请使用包含客户端事件的记录。',
  clocks: '请同步各记录程序的时钟。',
  watches: '请重新运行，且监视连接不能中断。',
  listings: '请在疏散之前和疏散期间列出每个节点的客户端。',
  samples: '请每秒采样一次疏散状态。',
  samplesWithoutPause: '请不间断地采样疏散状态。',
  shortSample: '请缩短抓取间隔，或采样疏散状态。',
}

export const shared: typeof englishShared = {
  unknown: '未知',
  noEvictions: '没有断开任何客户端',
  noEviction: '触发后没有客户端被断开',
  noReturn: '触发后没有被断开的客户端重新连接',
  evacuationStatus: '疏散状态',
  evacuationStatusOf: ({ node }) => `${node} 的疏散状态`,
  gaugeOf: ({ metric, node }) => `${node} 的 ${metric}`,
  clientsOf: ({ node }) => `${node} 的客户端`,
  eventsOf: ({ client }) => `客户端 ${client}`,
  takenBack: ({ version }) => `更改已撤回：资源重新要求 ${version}`,
  blocker: (blocker) => blockerText(blocker),
  clauses: (parts) => parts.join('；'),
  resourceStatus: '资源的状态',
  contradictingCounts: ({ left, node }) => ({
    measured: `按客户端为 ${left}，按 EMQX 为 0`,
    why: `${node} 的 ${left} 个客户端没有记录断开，而 EMQX 在该节点上统计到的连接数为 0`,
  }),
}
