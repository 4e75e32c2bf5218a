import type { scaling as english } from '../operation-scaling.ts'
import { listed, seconds, when } from './chinese.ts'

/** Messages of the assertions on operations that change the number of nodes, or where clients are. */
export const scaling: typeof english = {
  'capacity-follows': {
    bound: (v) =>
      `${v.seconds} 秒内有 ${v.nodes} 个新增节点加入 Service，每个得到的新客户端不少于平均份额减 ${v.sigmas} σ`,
    unfinished: '记录在操作完成之前结束',
    noMore: '更改没有增加节点',
    noMoreSettle: '请扩容到更多节点。',
    unready: ({ nodes, wanted, pods }) =>
      nodes < wanted && pods.length === 0
        ? `更改应增加 ${wanted} 个节点，只出现了 ${nodes} 个。`
        : `结束时 ${listed(pods)} 不在 Service 中。`,
    measuredServing: ({ serving, wanted }) => `${wanted} 个中有 ${serving} 个提供服务`,
    late: ({ pod, at, mostSeconds }) => `${pod} 在${when(at)}加入 Service，晚于 ${mostSeconds} 秒。`,
    endpointsSeen: 'Service 的 Endpoints',
    noNewcomers: '更改之后没有客户端连接，无法显示新客户端连到哪里',
    noNewcomersSettle: '请在更改之后加入 connect-more 步骤。',
    untold: '有的节点没有给出它接受了哪些新客户端',
    unconnected: ({ connected, clients }) => `${clients} 个新客户端中只有 ${connected} 个连接成功`,
    refused: ({ refused, clients }) => `更改之后，${clients} 个新客户端的连接被拒绝 ${refused} 次。`,
    measuredRefused: ({ refused }) => `被拒绝 ${refused} 次`,
    overQuota: ({ overQuota }) => `${overQuota} 个新客户端超出了配额，例如许可证的配额`,
    overQuotaSettle: '请使用较少的客户端或更大的许可证重新运行。',
    uneven: ({ pod, landed, uneven }) =>
      `${pod} 接受了 ${landed} 个新客户端，这可能由通往它的路径造成（${uneven}）`,
    unevenSettle: '请通过均匀分配连接的 Service 连接。',
    few: (v) =>
      `${v.clients} 个新客户端中 ${v.pod} 接受了 ${v.landed} 个；在 ${v.nodes} 个节点之间平均应有 ${v.expected.toFixed(0)} 个，多出 ${v.sigmas.toFixed(1)} σ。`,
    measuredLanded: ({ landed }) => landed.map((one) => `${one.pod} ${one.clients} 个`).join('，'),
    mayBeChance: (v) =>
      `${v.pod} 接受了 ${v.landed} 个新客户端，预期为 ${v.expected.toFixed(0)} 个，多出 ${v.sigmas.toFixed(1)} σ，这可能是偶然`,
    mayBeChanceSettle: '请使用更多的新客户端重新运行。',
    held: (v) =>
      `从${when(v.at)}开始，${v.nodes} 个新增节点提供服务；${v.clients} 个新客户端中，每个节点至少接受了 ${v.least} 个（预期 ${v.expected.toFixed(0)} 个）。`,
    newcomersSeen: '新客户端和接受它们的节点',
  },
  'membership-exact': {
    bound: ({ nodes }) =>
      `${nodes} 个 Pod，Service 中恰好是它们，EMQX 运行中的成员也恰好是它们，没有已停止的成员`,
    blind: '运行结束时有监视连接丢失',
    noChange: '记录中没有更改',
    pods: ({ pods, wanted }) => `有 ${pods} 个 Pod，应有 ${wanted} 个`,
    unready: ({ pods }) => `${listed(pods)} 没有就绪`,
    missing: ({ pods }) => `Service 没有指向 ${listed(pods)}`,
    strangers: ({ pods }) => `Service 指向 ${listed(pods)}，而它们不是集群的 Pod`,
    absent: ({ pods }) => `EMQX 运行中的成员不包括 ${listed(pods)}`,
    stopped: ({ nodes }) => `EMQX 仍列出没有运行的 ${listed(nodes)}`,
    foreign: ({ nodes }) => `EMQX 的成员包括 ${listed(nodes)}，而它们不是集群的 Pod`,
    unfinished: ({ fact }) => `记录在操作完成之前结束（${fact}）`,
    broken: ({ facts }) => `运行结束时，${facts.join('；')}。`,
    measured: ({ facts }) => facts.join('；'),
    noService: '从未看到 Service 指向 Pod',
    noServiceSettle: '请允许 weir 列出 EndpointSlice，并使用 EMQX Operator 创建的 Service。',
    nameUnknown: ({ pod }) => `${pod} 的 EMQX 节点名称未知`,
    neverListed: '更改之后 EMQX 从未给出集群成员',
    listedLongAgo: ({ ns }) => `EMQX 最后一次给出集群成员是在结束之前 ${seconds(ns)}`,
    samplesSettle: '请采样集群成员，直到运行结束。',
    measuredHeld: ({ nodes }) => `各处都是 ${nodes} 个节点`,
    held: ({ nodes }) => `${nodes} 个 Pod 已就绪，在 Service 中，并且是 EMQX 仅有的成员。`,
    seen: 'Pod、Endpoints 和集群成员',
  },
  balance: {
    noBound: '迁出节点和接收节点在重平衡的阈值之内',
    bound: (v) =>
      `迁出节点和接收节点的平均连接数相差不超过 ${v.absConnThreshold} 个，或不超过 ${v.relConnThreshold} 倍`,
    nothing: '没有需要迁移的客户端：各节点已在阈值之内',
    nothingSettle: '请重平衡不均衡的集群，或使用更低的阈值。',
    noRebalance: '记录中没有重平衡',
    noRebalanceSettle: '请运行包含 rebalance 步骤的场景。',
    others: (v) =>
      `不应迁出客户端的节点有 ${v.clients} 个客户端丢失了连接，第一个在${when(v.at)}与 ${v.node} 断开。`,
    measuredOthers: ({ clients }) => `其他节点的 ${clients} 个客户端`,
    othersSeen: '非迁出节点的客户端',
    givenUp: (v) =>
      `${when(v.at)} EMQX Operator 将 Rebalance ${v.name} 标记为失败（“${v.message}”），而 EMQX 仍在继续重平衡。${v.after.trim()}`,
    measuredGivenUp: ({ name }) => `Rebalance ${name} 失败，EMQX 仍在继续`,
    statesSeen: 'EMQX 和 EMQX Operator 报告的重平衡状态',
    noRecipients: '没有向 EMQX 查询哪些节点接收客户端',
    noRecipientsSettle: '请记录 /load_rebalance/status 的应答（lr_body）。',
    neverBalanced: '记录在重平衡结束之前结束',
    noCounts: '重平衡结束之后，有节点没有被查询连接数',
    noCountsSettle: '请在结束之后继续记录几秒。',
    countsSeen: '重平衡之后各节点的连接数',
    measured: ({ donors, recipients }) =>
      `迁出节点平均 ${donors.toFixed(1)}，接收节点平均 ${recipients.toFixed(1)}`,
    held: (v) =>
      `重平衡结束时，迁出节点平均 ${v.donors.toFixed(1)} 个连接，接收节点平均 ${v.recipients.toFixed(1)} 个：${v.perNode}。`,
    unbalanced: (v) =>
      `重平衡结束时仍不均衡：迁出节点平均还有 ${v.donors.toFixed(1)} 个连接，接收节点平均 ${v.recipients.toFixed(1)} 个：${v.perNode}。`,
    overshot: (v) =>
      `重平衡迁移过多：迁出节点平均只剩 ${v.donors.toFixed(1)} 个连接，接收节点平均 ${v.recipients.toFixed(1)} 个：${v.perNode}。`,
    maybeOvershot: ({ donors, recipients }) =>
      `结束时迁出节点平均 ${donors.toFixed(1)} 个连接，接收节点平均 ${recipients.toFixed(1)} 个，而最后一个周期可能迁移的数量未知`,
    maybeOvershotSettle: '请使用 --rate 和 --reconnect 重新导入。',
  },
}
