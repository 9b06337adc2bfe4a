export const sessionForm = {
  title: 'New session',
  cloneTitle: (name: string) => `New session like ${name}`,
  cloneHint: 'Its annotations, MCP servers and workflow are not copied.',
  displayNameHint: 'Without one, the beginning of the prompt, unless the session has a name of its own.',
  name: 'Name',
  nameHint: 'Lower-case letters, digits and hyphens, at most 63. Without one, a name is generated.',
  parentSession: 'Parent session',
  parentSessionHint: 'The name of a session of this project that this one continues.',
  start: 'Start it at once',
  submit: 'Create session',
};
