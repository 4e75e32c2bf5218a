import { SECOND } from '../../evidence/wording.ts'
import type { evacuations as english } from '../evacuations.ts'
import { between, listed, seconds, when } from './chinese.ts'

/** Messages of the assertions on the order and the states of evacuations. */
export const evacuations: typeof english = {
  'evacuation-serial': {
    bound:
      '每次只疏散一个节点，先 replicant 后 core，同组中序号最大的在先；当前节点进入 prohibiting 且连接和会话都为 0 之后，才疏散下一个',
    boundByPods:
      '每次只疏散一个节点，同组中序号最大的在先；当前节点进入 prohibiting 且连接和会话都为 0 之后，才疏散下一个',
    boundAtOnce: ({ nodes }) => `最多同时疏散 ${nodes} 个节点`,
    heldAtOnce: ({ nodes }) => `${listed(nodes)}：同时疏散的节点数从未超过允许的数目。`,
    noEvacuation: '记录中没有节点疏散',
    together: ({ nodes, at }) => `${when(at)} ${listed(nodes)} 同时处于疏散之中。`,
    measuredTogether: ({ nodes }) => `同时疏散 ${nodes} 个节点`,
    nodeInState: ({ node, state }) => `${node}（${state}）`,
    statusSeen: ({ via }) => `来自 ${via} 的疏散状态`,
    interleaved: ({ nodes, ns, at }) =>
      `从${when(at)}开始，${listed(nodes)} 同时断开客户端，持续 ${seconds(ns)}。`,
    measuredInterleaved: ({ ns }) => `两个节点同时断开客户端 ${seconds(ns)}`,
    interleavedSeen: '两个节点断开客户端的情况',
    neverSampled: '疏散期间从未采样疏散状态',
    neverSampledSettle: '请每一两秒采样一次疏散状态。',
    sampledSlowly: ({ seconds }) => `疏散状态每 ${seconds} 秒才采样一次`,
    sampledSlowlySettle: ({ seconds }) => `请每 ${seconds} 秒采样一次疏散状态。`,
    pause: ({ ns, at }) => `从${when(at)}开始有 ${seconds(ns)}没有采样疏散状态`,
    measured: ({ nodes }) => nodes.join('，然后 '),
    held: ({ nodes }) =>
      nodes.length === 1
        ? `只疏散了 ${nodes[0]}。`
        : `${nodes.join('，然后 ')}：每个节点都在清空之后才疏散下一个。`,
    measuredOrder: ({ before, after }) => `${before} 先于 ${after}`,
    wrongOrder: (v) =>
      `${v.before} 先于 ${v.after} 疏散：分别在${when(v.beforeAt)}和${when(v.afterAt)}；${v.why}。`,
    coreFirst: '旧的 replicant 必须先于它们所依赖的 core 退出',
    replicaSetOrder: '在 ReplicaSet 中，名称最大的 Pod 应当最先疏散',
    statefulSetOrder: 'StatefulSet 先删除序号最大的 Pod，因此会删除错误的 Pod',
    firstSamplesSeen: '每次疏散的第一个采样',
    coreDeletedFirst: (v) =>
      `Pod ${v.core} 在${when(v.at)}被删除，早于旧的 replicant ${v.replicant} 在${when(v.replicantAt)}的疏散，而该 replicant 仍然依赖它。`,
    oldNodesSeen: '旧节点的 Pod 和疏散',
    podDeleted: '其 Pod 已被删除',
    nextStarted: ({ next }) => `${next} 的疏散已经开始`,
    left: (v) =>
      `${v.node} 没有在连接清零后进入 prohibiting：${when(v.at)}其上还有 ${v.clients} 个客户端时，${v.event}。`,
    measuredLeft: ({ connections }) => `剩余 ${connections} 个连接`,
    inState: (v) => `${v.state}，有 ${v.connections} 个连接和 ${v.sessions} 个会话`,
    unfinished: (v) =>
      `${v.node} 最后一次被看到是在${when(v.at)}，状态为 ${v.last}；其疏散在 ${v.spare.toFixed(1)} 秒后就已结束，而完成疏散需要 ${v.needed.toFixed(1)} 秒。`,
    handoverSeen: ({ node, next }) => `${node} 的最后一个采样，${next} 的第一个采样`,
    unsampledEnd: ({ ns, node }) => `在 ${node} 即将完成疏散时，有 ${seconds(ns)}没有采样疏散状态`,
    nothingShown: 'EMQX、客户端和指标都没有显示节点疏散',
    measuredRise: ({ metric, node, by }) => `${node} 的 ${metric} 增加了 ${by}`,
    rise: ({ node, from, to, at }) =>
      `${when(at)} ${node} 的连接数从 ${from} 增加到 ${to}：旧节点接受了被另一个旧节点断开的客户端。`,
    measuredOverlap: ({ seconds }) => `两个节点之间少了 ${seconds.toFixed(1)} 秒`,
    overlap: (v) =>
      `${v.before} 和 ${v.next} 同时处于疏散之中：${when(v.at)} ${v.next} 的连接数降到 ${v.value}，而 ${v.before} 清空的时间还不到 waitTakeover。`,
    hole: ({ node, ns, at }) => `从${when(at)}开始有 ${seconds(ns)}没有抓取 ${node}`,
    holeSettle: '请重新运行，且抓取不能间断。',
    heldByScrapes: ({ nodes, metric }) =>
      `${nodes.join('，然后 ')}；每个节点清空达到 waitTakeover 之后，下一个节点的连接数才开始下降（仅依据 ${metric}）。`,
    oldGaugesSeen: '旧节点',
  },
  'evacuation-states': {
    bound: ({ states, waits }) =>
      `依次经过 ${states.join('、')}；${waits.map(({ state, least, most }) => `在 ${state} 中 ${least} 至 ${most} 秒`).join('，')}`,
    noEvacuation: '疏散状态的采样中没有节点疏散',
    noEvacuationSettle: '请在节点疏散期间采样疏散状态。',
    held: ({ evacuations, waits }) =>
      `${evacuations} 次疏散都按顺序经过各个状态，并等待了 ${waits.map(({ seconds, what }) => `${seconds} 秒${what}`).join('，以及 ')}。`,
    waitTakeover: '以便客户端接管会话',
    waitHealthCheck: '以便负载均衡器绕开该节点',
    measuredLost: ({ node, clients }) => `${node}：在 waiting_health_check 中丢失 ${clients} 个客户端`,
    lostWaiting: ({ node, clients, ns, at }) =>
      `${node} 从${when(at)}开始的 ${(ns / SECOND).toFixed(1)} 秒内失去了 ${clients} 个客户端，而此时它只应等待健康检查。`,
    evictionsSeen: ({ node }) => `${node} 断开客户端的情况`,
    measuredBack: ({ before, now }) => `先 ${before}，后 ${now}`,
    back: ({ node, before, now, at }) => `${when(at)} ${node} 从 ${before} 退回到 ${now}。`,
    oneSampleBack: ({ node, before, now }) =>
      `${node} 有一个采样在 ${before} 之后显示 ${now}，而下一个采样不是`,
    oneSampleBackSettle: '请重新运行；各个采样必须一致。',
    measuredWait: ({ node, least, most }) => `${node} ${between(least, most)}`,
    podDeleted: ({ node, at, state }) =>
      `Pod ${node} 在${when(at)}被删除，当时 EMQX 处于 ${state ?? '未知状态'}`,
    podDeletedSettle: '请让疏散在 Pod 被删除之前结束。',
    tooShort: (v) =>
      `${when(v.at)} ${v.node} 最多等待了 ${v.most.toFixed(1)} 秒${v.what}（${v.setting} 为 ${v.seconds} 秒）${v.isSkipped ? '；疏散没有经过这段等待就结束了' : ''}。`,
    tooLong: (v) =>
      `${when(v.at)} ${v.node} 在 ${v.state} 中停留了至少 ${v.least.toFixed(1)} 秒，而不是 ${v.seconds} 秒。`,
    waitOpen: ({ node, least, most, state }) =>
      `${node} 的采样只显示等待了 ${between(least, most)}（${state}）`,
    unseen: ({ node, state, most }) =>
      `没有采样显示 ${node} 处于 ${state}：它可能等待了最多 ${most.toFixed(1)} 秒，也可能没有等待`,
    notPast: ({ node, state }) => `记录结束时 ${node} 仍处于 ${state}`,
    notPastSettle: '请持续记录，直到疏散结束。',
    waited: ({ measured }) => `等待：${measured}。`,
  },
}
