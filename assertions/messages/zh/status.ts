import type { status as english } from '../status.ts'
import { seconds, when } from './chinese.ts'

/** Messages of the assertions of facts/assertions/outcome.ts that hold reported states against what happened. */
export const status: typeof english = {
  'status-truth': {
    bound: ({ lateNs }) =>
      `在最后一个旧节点清空并开始移除之前从不报告稳定，此后最多 ${seconds(lateNs)}内报告`,
    noResource: '记录中没有资源的事件',
    noResourceSettle: '请在运行期间监视资源。',
    nothingMoved: '没有客户端迁移',
    nodeWithClients: ({ node, clients }) => `${node}（${clients} 个客户端）`,
    measuredEarly: ({ ns }) => (ns === undefined ? '已报告稳定，但始终没有完成' : `提前 ${seconds(ns)}`),
    early: ({ at, left, ns }) =>
      `${when(at)}资源报告状态已稳定，而 ${left.join('、') || '旧节点'} 仍待迁移，${ns === undefined ? '且始终没有完成' : `${seconds(ns)}之后最后一个才完成`}。`,
    neverDone: '记录结束时旧节点尚未全部完成',
    measuredNever: '从未报告稳定',
    measured: ({ ns }) => `${seconds(ns)}之后报告稳定`,
    measuredLate: ({ ns }) => `最后一个旧 Pod 消失之后 ${seconds(ns)}报告稳定`,
    blind: '在此前后，资源的监视连接曾丢失',
    doneUnreported: '升级被标记为完成，但资源的状态没有报告',
    neverUnsettled: '在短暂的迁移期间，资源一直报告状态已稳定',
    late: ({ ns }) => `最后一个旧 Pod 消失之后 ${seconds(ns)}，资源才报告状态已稳定。`,
    never: ({ ns }) => `最后一个旧 Pod 已消失 ${seconds(ns)}，资源从未报告状态已稳定。`,
    tooShort: ({ ns }) => `记录在最后一个旧 Pod 消失之后 ${seconds(ns)}结束`,
    tooShortSettle: '请延长运行的保持时间。',
    held: ({ ns }) => `最后一个旧节点完成之后 ${seconds(ns)}，资源报告状态已稳定，没有提前。`,
    measuredCount: ({ reported, low, high }) => `报告 ${reported}，实际 ${low} 至 ${high}`,
    wrongCount: (v) =>
      `${when(v.at)}资源报告 ${v.node} 有 ${v.reported} 个连接；此前 ${seconds(v.ns)}内 EMQX 统计为 ${v.low} 至 ${v.high} 个。`,
    countsSeen: ({ node }) => `${node} 的计数`,
  },
  'status-shape': {
    bound: '只有旧节点，按配置的速率，会话恰好迁移到新节点组，计数只减不增',
    none: '资源和 EMQX 都从未报告节点疏散',
    measured: ({ evacuations }) => `${evacuations} 次疏散符合要求`,
    held: ({ evacuations, reports }) => `${evacuations} 次疏散被报告 ${reports} 次，始终符合要求。`,
    wrong: ({ source, node, at, why }) =>
      `${when(at)}${source === 'emqx' ? ' EMQX ' : '资源'}报告 ${node} 的疏散：${why}。`,
    evacuationSeen: ({ node }) => `${node} 的疏散`,
    newNode: '疏散的是新节点组的节点',
    connectionRate: ({ rate, requested }) => `断开连接的速率为 ${rate}，而要求的是 ${requested}`,
    sessionRate: ({ rate, requested }) => `疏散会话的速率为 ${rate}，而要求的是 ${requested}`,
    strangers: ({ nodes }) => `会话将迁移到 ${nodes.join('、')}，而不是新节点组`,
    fewRecipients: ({ recipients, nodes }) => `会话将只迁移到 ${nodes} 个新节点中的 ${recipients} 个`,
    doneWithRest: ({ connections, sessions }) =>
      `疏散已结束（prohibiting），但还剩 ${connections} 个连接和 ${sessions} 个会话`,
    aboveInitial: ({ connections, initial }) => `有 ${connections} 个连接，而开始时为 ${initial} 个`,
    grown: ({ from, to }) => `连接数从 ${from} 增加到 ${to}`,
    measuredInitial: ({ initial, held }) => `initial_connected 为 ${initial}，实际在线 ${held} 个`,
    wrongInitial: ({ node, initial, low, high }) =>
      `EMQX 报告 ${node} 在疏散开始时有 ${initial} 个连接；实际有 ${low === high ? high : `${low} 至 ${high}`} 个客户端在线。`,
    firstSampleSeen: '疏散的第一个采样',
  },
}
