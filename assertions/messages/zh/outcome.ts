import { SECOND } from '../../evidence/wording.ts'
import type { outcome as english } from '../outcome.ts'
import { blockerText, disrupted, percent, processName, seconds, when } from './chinese.ts'
import { traffic } from './traffic.ts'

/** The parts of an upgrade that have a limit each. */
const PART = { all: '升级', newSet: '新节点组的启动', moving: '向新节点组的迁移' }

/** Messages of the assertions in facts/assertions/outcome.ts. */
export const outcome: typeof english = {
  'drained-before-delete': {
    bound: '只有连接和会话都为 0 时才删除 Pod',
    none: { measured: '没有 Pod 被删除', why: '记录中没有 Pod 被删除' },
    measured: ({ pods, withSessions }) => `${pods} 个 Pod，连接${withSessions ? '和会话' : ''}均为 0`,
    held: ({ pods, withSessions }) =>
      `${pods} 个 Pod 被删除，每个都在最后一个连接${withSessions ? '和会话' : ''}离开之后。`,
    andOthers: ({ sentence, others, pods }) =>
      others > 0 ? `${sentence}${pods} 个 Pod 中另有 ${others} 个发生了同样的情况。` : sentence,
    measuredConnections: ({ node, connections }) => `${node}：${connections} 个连接`,
    withClients: (v) => {
      const why = v.disruption === undefined ? '' : `：它${disrupted(v.disruption)}`
      return `Pod ${v.node} 在${when(v.at)}被删除，当时其上还有 ${v.clients} 个客户端${v.isUnchanged ? '，而资源没有被更改' : ''}${why}。`
    },
    podDeletingSeen: ({ node }) => `Pod ${node} 正在删除`,
    emqx: 'EMQX',
    operator: 'EMQX Operator',
    lastCountSeen: ({ node, source }) => `${node} 的最后一次计数（${source}）及其删除`,
    measuredCount: ({ node, connections }) => `${node}：${connections}`,
    empty: ({ node }) => `${node} 已清空。`,
    emptyByClients: ({ node }) => `没有客户端连接到 ${node}。`,
    left: ({ connections, sessions }) =>
      sessions === null
        ? `${connections} 个连接和数量未知的会话`
        : `${connections} 个连接和 ${sessions} 个会话`,
    measuredLeft: ({ node, left }) => `${node}：${left}`,
    tooSoon: (v) =>
      `Pod ${v.node} 在${when(v.at)}被删除，而 ${v.spare.toFixed(1)} 秒之前 ${v.source} 仍统计到 ${v.left}，迁移它们需要 ${v.needed.toFixed(1)} 秒。`,
    measuredBefore: ({ node, left, spare }) => `${node}：${spare.toFixed(1)} 秒之前为 ${left}`,
    mayHaveLeft: ({ node, left, spare }) =>
      `${node} 的最后一次计数在其删除之前 ${spare.toFixed(1)} 秒，为 ${left}，它们可能在此期间离开`,
    blind: ({ node }) => `${node} 被删除时，Pod 的监视连接曾丢失`,
    neverPolled: ({ node }) => `从未向 EMQX 查询 ${node} 上剩余的内容`,
    neverPolledSettle: '请采样疏散状态，直到 Pod 被删除。',
    noEnd: '记录中没有 Pod 终止',
    measuredSeries: ({ series }) => `${series} 个序列在连接为 0 时结束`,
    heldByScrapes: ({ nodes, metric }) =>
      `最后一次抓取时，${nodes} 个旧节点都没有连接（${metric} 不显示没有客户端的会话）。`,
    lastGaugeSeen: ({ metric, node }) => `${node} 最后的 ${metric}`,
    goneTooSoon: (v) =>
      `${v.node} 在${when(v.at)}终止时还有 ${v.connections} 个连接：迁移它们并等待其会话需要 ${v.needed.toFixed(0)} 秒，而 ${v.spare} 秒后的下一次抓取时 Pod 已不存在。`,
    mayHaveLeftScrape: ({ node, connections }) =>
      `${node} 的最后一次抓取显示 ${connections} 个连接，它们可能在 Pod 终止之前离开`,
  },
  'all-new': {
    bound: ({ version, holdSeconds }) =>
      `只有新 Pod${version ? `，版本为 ${version}` : ''}，旧节点组为 0，状态稳定，并保持 ${holdSeconds} 秒`,
    noChange: '记录中没有更改',
    blind: '运行的最后部分有监视连接丢失',
    facts: ({ facts }) => facts.join('；'),
    broken: ({ facts, isSettled }) =>
      `运行结束时，${facts.join('；')}${isSettled ? '，而资源报告状态已稳定' : ''}。`,
    unfinished: ({ fact }) => `记录在升级完成之前结束（${fact}）`,
    missingSettle: '请采样集群成员，直到运行结束。',
    measured: ({ ns }) => `保持 ${seconds(ns)}`,
    held: ({ at, version, ns }) =>
      `从${when(at)}开始只有新 Pod${version ? `，版本为 ${version}` : ''}，并在其余的 ${seconds(ns)}内保持不变。`,
    seen: 'Pod、节点组、资源和集群成员',
    measuredRelapse: ({ held }) => `只保持 ${held.toFixed(1)} 秒`,
    relapse: ({ at, fact, held }) =>
      `最终状态没有保持：从${when(at)}开始才${fact}，只有 ${held.toFixed(1)} 秒。`,
    shortHold: ({ held }) => `最终状态在记录中只保持了 ${held.toFixed(1)} 秒`,
    shortHoldSettle: ({ holdSeconds }) => `请使最终状态保持 ${holdSeconds} 秒。`,
    podsDisagree: ({ pod }) => `对于 ${pod} 是否仍然存在，Pod 与节点组的记录不一致`,
    oldPods: ({ pods }) => `旧 Pod ${pods.join('、')} 仍然存在`,
    noOldPods: '没有剩余的旧 Pod',
    readinessDisagrees: '对于哪些 Pod 已就绪，Pod 与 Service 或其节点组的记录不一致',
    notReady: (v) =>
      `${v.wanted} 个新 Pod 中有 ${v.ready} 个就绪${v.blocked ? `（${blockerText(v.blocked)}）` : ''}`,
    ready: '所有新 Pod 都已就绪',
    wrongImage: ({ pod, image, version }) => `${pod} 运行的是 ${image}，不是 ${version}`,
    rightImage: ({ version }) => `每个新 Pod 的镜像都是 ${version}`,
    setEmpty: ({ set }) => `旧节点组 ${set} 的副本数为 0`,
    setDisagrees: ({ set }) => `对于旧节点组 ${set} 是否为空，Pod 与节点组的记录不一致`,
    setUnknown: ({ set }) => `记录中没有旧节点组 ${set} 的事件`,
    setLeft: ({ set, replicas }) => `旧节点组 ${set} 仍有 ${replicas} 个副本`,
    noResource: '记录中没有资源的事件',
    doneUnreported: '升级被标记为完成，但资源的状态没有报告',
    notSettled: '资源没有报告状态已稳定',
    settled: '资源报告状态已稳定',
    nameUnknown: ({ pod }) => `${pod} 的 EMQX 节点名称未知`,
    wrongVersion: (v) => `${v.node} 运行的是 ${v.version}，不是 ${v.wanted ?? '未知版本'}`,
    wrongMembers: ({ running, wanted }) => `EMQX 统计到 ${running} 个运行中的节点，而新节点有 ${wanted} 个`,
    neverListed: '从未向 EMQX 查询集群成员',
    listedLongAgo: ({ ns }) => `EMQX 最后一次列出集群成员是在结束之前 ${seconds(ns)}`,
    members: 'EMQX 只在新节点上运行',
  },
  'session-kept': {
    bound: '持久会话客户端每次迁移之后 session present = 1',
    measuredLost: ({ lost, moves }) => `${moves} 次中丢失 ${lost} 个`,
    lost: ({ lost, moves, client, node, at }) =>
      `持久会话客户端的 ${moves} 次迁移中有 ${lost} 次得到空会话，第一次是 ${client} 在${when(at)}迁移到 ${node}。`,
    lostSeen: '没有 session present 的 CONNACK',
    none: {
      measured: '没有持久会话客户端迁移',
      why: '没有持久会话客户端被断开后重新连接',
    },
    unreported: ({ unreported, moves }) => ({
      measured: `${moves} 次中有 ${unreported} 次的 session present 未知`,
      why: `有 ${unreported} 个 CONNACK 的 session present 未知`,
    }),
    noneSettle: '请使用持久会话客户端（关闭 clean start，会话过期时间大于 0）。',
    measured: ({ kept, moves }) => `${moves} 次中保留 ${kept} 个`,
    held: ({ moves }) => `持久会话客户端迁移 ${moves} 次，每次都接管了原有会话。`,
    seen: '断开之后的 CONNACK',
  },
  ...traffic,
  available: {
    bound: ({ gapSeconds }) => `经由 Service 的往返中断不超过 ${gapSeconds} 秒`,
    noProbe: '记录中没有对 Service 的探测',
    noProbeSettle: '请设置 observe.probeIntervalSeconds。',
    noAnswer: '没有应答',
    slow: '应答缓慢',
    probesSeen: '探测',
    outage: ({ ns, at, tries, error }) =>
      `${when(at)} Service 有 ${seconds(ns)}不可用：连续 ${tries} 次探测失败或耗时过长（${error}）。`,
    silence: ({ ns, at }) => `从${when(at)}开始有 ${seconds(ns)}没有发送探测`,
    silenceSettle: '请使探测一直运行到结束。',
    measured: ({ ns }) => `最长 ${seconds(ns)}`,
    measuredOutage: ({ ns }) => seconds(ns),
    held: ({ tries, ns }) => `经由 Service 往返 ${tries} 次，相邻两次最多相隔 ${seconds(ns)}。`,
  },
  duration: {
    bound: ({ newSet, moving }) =>
      `新节点组开始服务之前 ${newSet.toFixed(0)} 秒，此后 ${moving.toFixed(0)} 秒`,
    noTrigger: '记录没有显示何时进行更改',
    seen: '从更改到其结束',
    measured: ({ took }) => seconds(took * SECOND),
    late: (v) =>
      v.of === 'all'
        ? `升级用了 ${v.took.toFixed(0)} 秒，允许 ${v.limit.toFixed(0)} 秒。`
        : `升级用了 ${v.total.toFixed(0)} 秒：${PART[v.of]}用了 ${v.took.toFixed(0)} 秒，允许 ${v.limit.toFixed(0)} 秒。`,
    notDone: (v) =>
      `${PART[v.of]}在 ${v.took.toFixed(0)} 秒之后仍未完成，允许 ${v.limit.toFixed(0)} 秒：${v.stuck}。`,
    held: (v) => {
      const estimate = v.estimate === null ? '' : `（预计 ${v.estimate} 秒）`
      return v.moving === null
        ? `升级用了 ${v.took.toFixed(0)} 秒${estimate}，允许 ${v.limit.toFixed(0)} 秒。`
        : `升级用了 ${v.took.toFixed(0)} 秒${estimate}；新节点组开始服务之后用了 ${v.moving.toFixed(0)} 秒，允许 ${v.limit.toFixed(0)} 秒。`
    },
    unfinished: ({ took, stuck, left }) =>
      `记录在更改之后 ${took.toFixed(0)} 秒结束，升级尚未完成（${stuck}），还剩 ${left.toFixed(0)} 秒`,
    unfinishedSettle: '请持续记录，直到升级完成或超过时限。',
    measuredNode: ({ node, took }) => `${node}：${took.toFixed(0)} 秒`,
    stuckNode: (v) =>
      `${v.node} 的疏散至少用了 ${v.took.toFixed(0)} 秒，允许 ${v.limit.toFixed(0)} 秒。最后看到的状态为 ${v.state}。`,
    inState: (v) => `${v.state}，有 ${v.connections} 个连接和 ${v.sessions} 个会话`,
    stuckAt: ({ node, state }) => `${node ?? '未知节点'} 处于 ${state}`,
    noEvacuation: '没有正在进行的疏散',
    neverSampled: '从未采样疏散状态',
  },
  'harness-healthy': {
    bound: (v) =>
      `事件循环延迟 p99 < ${v.loopDelayMs} ms（更长的等待最多占 ${v.lateShare * 100}% 的时间），没有 ${v.stallMs / 1000} 秒的停顿，计划延迟 p99 < ${v.scheduleLagMs} ms，抓取 ≥ ${v.coverage * 100}%，没有丢弃的事件，没有时钟跳变`,
    none: { measured: '没有测量', why: '记录中没有 weir 自身健康状况的采样' },
    noneSettle: '请直接运行 weir；导入的记录没有这种采样。',
    measured: (v) => `${v.loop}，最大 ${v.loopDelayMaxMs} ms；计划延迟 p99 ${v.scheduleLagP99Ms} ms`,
    loopP99: ({ ms }) => `事件循环延迟 p99 ${ms} ms`,
    loopLate: ({ share }) => `${percent(share)} 的时间延迟超过 50 ms`,
    seen: '健康采样',
    held: ({ samples }) => `在 ${samples} 个采样中，weir 自身没有迟滞。`,
    overloaded: ({ reasons }) => `生成负载的主机未能跟上：${reasons.join('，')}`,
    overloadedSettle: '请在负载较低的机器上，或使用较少的客户端重新运行。',
    lateLoopP99: ({ ms }) => `其事件循环延迟 ${ms} ms（p99）`,
    lateLoop: ({ share, process }) =>
      `${processName(process)}的事件循环在 ${percent(share)} 的时间延迟超过 50 ms`,
    stall: ({ ms, process }) => `${processName(process)}停顿了 ${ms} ms`,
    busy: ({ share }) => `进程在 ${percent(share, 0)} 的时间等待 CPU`,
    scheduleLag: ({ ms }) => `客户端的动作延迟 ${ms} ms（p99）`,
    clockStep: ({ ms }) => `时钟跳变 ${ms} ms`,
    podClock: ({ ms, pod }) =>
      ms === null ? `从未比较客户端 Pod ${pod} 的时钟` : `客户端 Pod ${pod} 的时钟可能偏差 ${ms} ms`,
    dropped: ({ events }) => `丢弃了 ${events} 个客户端事件`,
    scrapes: ({ coverage }) => `只有 ${percent(coverage)} 的抓取成功`,
  },
}
