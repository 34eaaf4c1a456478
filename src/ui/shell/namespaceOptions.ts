import { projectName, type NamespaceEntry } from '../queries/cluster.ts'

/** What the filter has chosen: nothing (all), one project, or namespaces by name. */
export interface ScopeChoice {
  readonly namespaces: readonly string[]
  readonly project: string | undefined
}

/** A project with its namespaces; without an id, the namespaces that are in no project. */
export interface NamespaceGroup {
  readonly project: string | undefined
  readonly namespaces: readonly string[]
}

/** Namespaces under their projects: projects by name, those in no project last, namespaces by name. */
export function groupsOf(entries: readonly NamespaceEntry[]): readonly NamespaceGroup[] {
  const byProject = new Map<string | undefined, string[]>()
  for (const { name, project } of entries) {
    const names = byProject.get(project)
    if (names === undefined) byProject.set(project, [name])
    else names.push(name)
  }
  return [...byProject]
    .map(([project, namespaces]) => ({ project, namespaces: namespaces.sort() }))
    .sort((a, b) => {
      if (a.project === undefined || b.project === undefined) return a.project === undefined ? 1 : -1
      return projectName(a.project).localeCompare(projectName(b.project))
    })
}

/** The groups that match a text: all of a project whose name contains it, else those of its namespaces that do. */
export function matching(groups: readonly NamespaceGroup[], text: string): readonly NamespaceGroup[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return groups
  return groups.flatMap(({ project, namespaces }): NamespaceGroup[] => {
    if (project !== undefined && projectName(project).toLowerCase().includes(wanted)) return [{ project, namespaces }]
    const found = namespaces.filter((name) => name.toLowerCase().includes(wanted))
    return found.length === 0 ? [] : [{ project, namespaces: found }]
  })
}

/** The namespaces a choice stands for; empty means all. */
export function namespacesOf(choice: ScopeChoice, groups: readonly NamespaceGroup[]): readonly string[] {
  if (choice.project === undefined) return choice.namespaces
  return groups.find(({ project }) => project === choice.project)?.namespaces ?? []
}

/** The choice after a click on a namespace: in or out; out of a chosen project leaves the project's others, by name. */
export function toggleNamespace(choice: ScopeChoice, name: string, groups: readonly NamespaceGroup[]): ScopeChoice {
  const before = namespacesOf(choice, groups)
  const after = before.includes(name) ? before.filter((each) => each !== name) : [...before, name]
  return { namespaces: after.sort(), project: undefined }
}

/**
 * The choice after a click on a group's heading. From nothing (or from within it) to that project as such; beside other namespaces
 * its own are added by name; where all of it is chosen already, it is taken out.
 */
export function toggleGroup(
  choice: ScopeChoice,
  group: NamespaceGroup,
  groups: readonly NamespaceGroup[],
): ScopeChoice {
  const before = namespacesOf(choice, groups)
  const isChosen =
    (choice.project !== undefined && choice.project === group.project) ||
    (before.length > 0 && group.namespaces.every((name) => before.includes(name)))
  if (isChosen) {
    return { namespaces: before.filter((name) => !group.namespaces.includes(name)), project: undefined }
  }
  if (group.project !== undefined && before.every((name) => group.namespaces.includes(name))) {
    return { namespaces: [], project: group.project }
  }
  return { namespaces: [...new Set([...before, ...group.namespaces])].sort(), project: undefined }
}
