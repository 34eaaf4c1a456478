/**
 * Everything the frame and the shared panels say, in one place: constants for labels, functions for sentences with something in them.
 * A page keeps its own section in the same form beside it (`pages/<page>/strings.ts`), so that it loads with the page.
 */
export const strings = {
  product: 'Meshboard',

  frame: {
    skip: 'Skip to the content',
    openNavigation: 'Open the navigation',
    closeNavigation: 'Close the navigation',
    navigation: 'Main',
    breadcrumb: 'Breadcrumb',
    userBadge: (name: string) => `Signed in as ${name}`,
    cluster: (label: string) => `Cluster ${label}`,
    logInTo: (label: string) => `Log in to ${label} …`,
    istioVersion: (version: string) => `Istio ${version}`,
    noCluster: 'There is no cluster that you may see. Ask whoever runs Meshboard to connect one.',
    documentTitle: (page: string, cluster: string) => `${page} · ${cluster} · Meshboard`,
  },

  embed: {
    bar: 'Meshboard',
    open: 'Open in Meshboard, in a tab of its own',
    waiting: 'Waiting for the console',
    waitingText: 'The console around this page has not said yet who you are. The page opens as soon as it does.',
    refused: 'The cluster does not take your login any more',
    refusedText:
      'The console around this page has been asked for a new one. The page comes back as soon as it answers.',
  },

  navigation: {
    istio: 'Istio',
    trafficGraph: 'Traffic Graph',
    trafficMetrics: 'Traffic Metrics',
    explore: 'Explore',
    onlyForAll: 'Explore asks Prometheus in PromQL, which sees every namespace.',
    mesh: 'Mesh',
    overview: 'Overview',
    istioConfig: 'Istio Config',
    mtls: 'mTLS',
    doctor: 'Doctor',
    istioObject: 'Istio object',
    istioChecks: 'Checks of Istio objects',
    inventory: 'Inventory',
    namespaces: 'Namespaces',
    apps: 'Apps',
    workloads: 'Workloads',
    services: 'Services',
    service: 'Service',
    workload: 'Workload',
    app: 'App',
    namespace: 'Namespace',
    trace: 'Trace',
    graphTile: 'Graph of a workload',
    panelTile: 'Metrics panel',
    more: 'More',
    settings: 'Settings',
    metricsOf: (name: string) => `Metrics of ${name}`,
    locked: (page: string, reason: string) => `${page} is closed to you. ${reason}`,
    answered: (ms: number) => `Prometheus answered in ${ms} ms`,
    notAnswered: 'Prometheus has not answered yet',
    asOf: (time: string) => `Numbers as of ${time}`,
  },

  settingsProblem: (complaint: string) =>
    `The saved settings cannot be used, so the last good ones stay in force: ${complaint.replace(/[.]?$/, '.')} See`,

  palette: {
    button: 'Search',
    keys: 'Ctrl K',
    title: 'Go to a namespace, app, workload, service, Istio object or page',
    results: 'What was found',
    nothing: (text: string) => `Nothing is called “${text}”.`,
    refresh: 'Refresh now',
    everything: 'Show all namespaces',
    kinds: {
      page: 'Page',
      namespace: 'Namespace',
      app: 'App',
      workload: 'Workload',
      service: 'Service',
      config: 'Istio object',
      action: 'Action',
    },
  },

  access: {
    userMenu: 'What you may do',
    groups: (groups: readonly string[]) => `In the groups ${groups.join(', ')}`,
    titles: {
      metrics: 'Traffic Metrics',
      graph: 'Traffic Graph',
      kubernetes: 'Kubernetes objects',
      kiali: 'Kiali',
      jaeger: 'Jaeger',
      grafana: 'Grafana',
      prometheus: 'Prometheus',
      settings: 'Settings',
    },
    open: 'open',
    closed: 'closed',
    check: 'See for yourself:',
    grant: 'What an administrator applies to open it:',
    copyGrant: 'Copy the YAML',
    byRancher: 'Known by your session in Rancher',
    personas: 'See the demo as',
    logOut: 'Log out',
    otherClusters: (labels: readonly string[]) => `Not logged in to ${labels.join(', ')}`,
    closedPage: (page: string) => `${page} is closed to you`,
    partOfTheMesh: (own: readonly string[], seesGraph: boolean) =>
      `You see the part of the mesh that touches ${some(own)}. ${
        seesGraph
          ? 'Of the other side of calls that leave or enter it you see what its owner allows.'
          : 'The other side of calls that leave or enter it is not named: the user menu says what that takes.'
      }`,
    leftOut: (foreign: readonly string[], own: readonly string[]) =>
      `This address asks for ${some(foreign)} too, which you may not see: left out. You see the part of the mesh that touches ${some(own)}.`,
  },

  login: {
    title: 'Log in to Meshboard',
    about:
      'Meshboard shows what your Kubernetes permissions allow. It asks the cluster with your token and keeps none of its own for you.',
    cluster: 'Cluster',
    token: 'Kubernetes token',
    submit: 'Log in',
    persona: (label: string) => `Look around as ${label}`,
    personas: 'This is a demo: be one of these, without a token.',
    how: 'How to get a token',
    rancher:
      'In Rancher: avatar at the top right, Account & API Keys, Create API Key with the scope of this cluster; paste the Bearer Token.',
    rancherPage: 'Open Account & API Keys',
    kubectl: 'With kubectl, for a service account of yours:',
    kubectlOnly:
      'With kubectl (Rancher has a shell with it at the top right), for a service account of yours. This Meshboard asks the cluster itself, which does not take Rancher’s API keys:',
    rancherKnows: (name: string) => `Rancher knows you here as ${name}, and lets cluster owners in without a login.`,
    rancherMissing: (reason: string) =>
      `For you that is not enough. ${reason}. With a token you see what your own permissions allow: the namespaces of your projects.`,
    command: 'kubectl create token my-account --namespace my-namespace --duration=8h',
    safety:
      'The token goes to the server once. It stays in an encrypted cookie that no script can read, for at most eight hours.',
    nobody: 'Nobody logs in to this Meshboard.',
  },

  namespaces: {
    label: 'Namespaces and projects',
    all: 'All namespaces',
    project: (name: string) => `Project: ${name}`,
    noProject: 'Not in a Project',
    filter: 'Filter namespaces and projects',
    nothingMatches: (text: string) => `No namespace or project matches “${text}”`,
    none: 'There are no namespaces to choose from',
    more: (count: number) => `+${count}`,
    chosen: (names: readonly string[]) => `${strings.namespaces.label}: ${names.join(', ')}`,
    failed: 'The namespaces could not be listed',
    byName: (name: string) => `Use “${name}” by name`,
  },

  window: {
    label: 'Time window',
    last: (span: string) => `Last ${withoutOne(span)}`,
    between: (from: string, to: string) => `${from} to ${to}`,
    inUtc: (text: string) => `${text} UTC`,
    custom: 'From … to …',
    customTitle: 'Between two instants',
    from: 'From',
    to: 'To',
    zone: 'Time zone',
    local: (offset: string) => `Yours, ${offset}`,
    utc: 'UTC',
    apply: 'Show this time',
    noInstant: 'Give a day and a time for both ends.',
    wrongWay: 'The end must be later than the start.',
    future: 'The start lies in the future: nothing was measured yet.',
  },

  refresh: {
    label: 'Refresh interval',
    now: 'Refresh now',
    every: 'Every',
    everySpan: (span: string) => `Every ${withoutOne(span)}`,
    off: 'Off',
    offLong: 'Off, refresh by hand',
    standsStill: 'The window lies in the past: there is nothing to refresh',
  },

  theme: {
    label: (current: string) => `Theme: ${current}`,
    light: 'Light',
    dark: 'Dark',
    system: 'As the system',
  },

  url: {
    malformed: (word: string, text: string, expects: string) =>
      `The address says ${word}=${text.length > 60 ? `${text.slice(0, 60)}…` : text}, which cannot be read: it should be ${expects}. The default is shown instead.`,
    clusterDown: (label: string, problem: string, shown: string) =>
      `${label} cannot be shown now: ${problem.replace(/[.]$/, '')}. ${shown} is shown instead.`,
    clusterClosed: (label: string, shown: string) =>
      `You are not logged in to ${label}; ${shown} is shown instead. The cluster menu at the top leads to its login.`,
    noSuchCluster: (name: string, shown: string) =>
      `There is no cluster ${name} that you may see; ${shown} is shown instead.`,
  },

  /** Under a warning of Prometheus, whose words may end in anything. */
  incomplete: (warnings: readonly string[]) => {
    const told = warnings.slice(0, 3).map((each) => (each.length > 300 ? `${each.slice(0, 300)}…` : each))
    const more = warnings.length > 3 ? ` (and ${warnings.length - 3} more)` : ''
    return `Prometheus answered, but not in full, so numbers may be too low: ${told.join('; ')}${more}`
  },

  states: {
    loading: 'Loading',
    retry: 'Retry',
    askOwner: (about: string) =>
      `Only a cluster owner can change this: tell them “${about}” and send them this page’s address.`,
    whatToDo: 'What to do',
    stale: (asOf: string, cause: string) => `These numbers are from ${asOf}: ${cause}`,

    loadFailed: 'The numbers could not be loaded',
    forbidden: 'You may not see this',
    missingPermission: (permission: string) => `The permission that is missing: ${permission}`,

    unreachable: {
      title: 'Meshboard does not answer',
      text: 'Your browser gets no answer from the Meshboard server. It asks again by itself.',
    },
    noPrometheus: {
      title: 'Prometheus does not answer',
      text: 'Meshboard runs, but the Prometheus it asks does not. Everything on this page comes from there. It asks again by itself.',
      steps: [
        'See whether Prometheus runs:',
        'See why Meshboard cannot reach it (in the namespace it is installed in):',
      ],
    },
    noIstio: {
      title: 'No Istio in this cluster',
      text: 'The cluster has none of Istio’s resources, and Prometheus has none of Istio’s metrics.',
      textMember: 'Prometheus has none of Istio’s metrics.',
      steps: ['Install Istio:', 'Put a namespace into the mesh, then restart its workloads:'],
    },
    nothingVisible: {
      title: 'Nothing here that you may see',
      text: 'The namespaces or the project in the address do not exist, or you may not see them. Choose others above.',
    },
    noMetrics: {
      title: 'Istio, but no metrics in Prometheus',
      text: 'The cluster has Istio, but Prometheus has seen none of Istio’s metrics in the last hour: either no workload is in the mesh, or Prometheus does not scrape the proxies.',
      steps: [
        'See which namespaces are in the mesh:',
        'See whether a proxy tells its metrics:',
        'Let Prometheus scrape the proxies (Istio’s sample; with the operator use a PodMonitor):',
      ],
    },
    noTraffic: {
      title: 'Istio, but no traffic yet',
      text: (window: string) =>
        `Prometheus scrapes the mesh, but no request and no byte was counted in the last ${withoutOne(window)}.`,
      steps: ['See whether the workloads’ proxies are there and ready:', 'Send a request from inside the mesh:'],
    },
  },

  health: {
    failing: 'Failing',
    degraded: 'Degraded',
    notReady: 'Not ready',
    healthy: 'Healthy',
    idle: 'Idle',
    unknown: 'Unknown',
  },

  copy: { copy: 'Copy', copied: 'Copied', failed: 'Could not copy' },

  notFound: {
    title: 'There is no such page',
    text: (path: string) => `Nothing lives at ${path}.`,
    back: 'To the Traffic Graph',
  },

  notBuilt: {
    title: 'Traffic Metrics is not built yet',
    text: 'The panels for success rate, request volume, response counts and durations will stand here.',
  },

  broken: {
    title: 'This page broke',
    text: 'That is a mistake of ours, not of your mesh. The other pages are not affected.',
    again: 'Try again',
  },
} as const

function some(names: readonly string[]): string {
  return names.slice(0, 6).join(', ') + (names.length > 6 ? ` and ${names.length - 6} more` : '')
}

/** `1 hour` after "last" or "every" is `hour`. */
function withoutOne(span: string): string {
  return span.replace(/^1\s/, '')
}
