export const conflict = {
  changed: 'Somebody else has changed this meanwhile:',
  onlyVersion: 'It was written meanwhile, but nothing that is shown here has changed.',
  change: (field: string, before: string, after: string) => `${field}: ${before} → ${after}`,
  /** What has changed of it is not for everybody to see. */
  changedField: (field: string) => `${field}: changed`,
  nothing: '(nothing)',
  overwrite: 'Save mine all the same',
  discard: 'Discard mine',
};
