import type { ToolState } from '../../../clients/tools/wire.ts'

/** What the tools' icons and cards say. */
export const toolStrings = {
  title: 'Tools',
  states: { open: 'Open', down: 'Down', locked: 'Locked', missing: 'Not installed' } satisfies Record<
    ToolState,
    string
  >,
  icon: (title: string, state: ToolState) => `${title}: ${toolStrings.states[state].toLowerCase()}`,
  all: 'Tools',
  open: (title: string) => `Open ${title}`,
  newTab: '(opens a new tab)',
  allTeams: (title: string) =>
    `${title} shows all teams: what you see there is not limited to your namespaces, and neither is what others see of yours.`,
  pastSpan: (title: string) => `${title} only shows spans that end now: it opens with the length of yours.`,
  token: (title: string) => `${title} asks for a token. This makes one that sees what ${title} itself sees:`,
  forward: 'No address of it leads there from a browser. Bring it to your machine:',
  thenOpen: 'and then open',
  since: (time: string) => `No answer since ${time}.`,
  checked: (time: string) => `checked ${time}`,
  again: 'Try again',
  grant: 'How to get in',
  install: 'How to add it',
  elsewhere: (places: readonly string[]) =>
    `Something that calls itself so runs as ${places.join(', ')}. Anybody may label a Service, so Meshboard sends nobody there: if it is yours, name it in Settings.`,
  loading: 'Looking for the tools',
  failed: 'The tools could not be looked for',
} as const
