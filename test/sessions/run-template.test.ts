import { describe, expect, it } from 'vitest';
import { allowsVariable, runTemplate } from '../../src/model/run-template.ts';

const TYPE = {
  id: 'a',
  displayName: 'A',
  provider: 'a',
  image: 'a',
  models: ['m'],
  defaultModel: 'm',
  resources: {},
};
const template = (fields: object = {}, more: object = {}) =>
  runTemplate.safeParse({ defaultRunnerType: 'a', runnerTypes: [{ ...TYPE, ...fields }], ...more });
const typeWith = (fields: object = {}) => {
  const [type] = template(fields).data?.runnerTypes ?? [];
  if (!type) throw new Error('not a run template');
  return type;
};

describe('the variables that a runner type allows', () => {
  it.each([
    [undefined, 'ANYTHING', true],
    [['*'], 'ANYTHING', true],
    [[], 'A', false],
    [['A'], 'A', true],
    [['A'], 'AB', false],
    [['A'], 'a', false],
    [['A*'], 'A', true],
    [['A*'], 'AB', true],
    [['A*'], 'BA', false],
    [['A', 'MY_*'], 'MY_COLOUR', true],
    [['A', 'MY_*'], 'MYCOLOUR', false],
  ])('%j: %s %s', (allowedEnvironment, name, allowed) => {
    expect(allowsVariable(typeWith({ ...(allowedEnvironment && { allowedEnvironment }) }), name)).toBe(
      allowed,
    );
  });

  it.each(['', 'A-B', '*A', 'A**', 'A B', '1A', '.*', 'A\n'])('cannot be written as %j', (name) => {
    expect(template({ allowedEnvironment: [name] }).success).toBe(false);
  });
});

describe('who a run is and how its image is pulled', () => {
  it('is user 1001 and without a Secret by default', () => {
    expect(template().data).toMatchObject({ runAsUser: 1001, imagePullSecrets: [] });
  });

  it('is for the cluster to choose, and with Secrets, if the administrator says so', () => {
    const given = { runAsUser: null, imagePullSecrets: ['registry', 'a.b-c'] };
    expect(template({}, given).data).toMatchObject(given);
  });

  it.each([{ runAsUser: 0 }, { runAsUser: -1 }, { imagePullSecrets: [''] }, { imagePullSecrets: ['a/b'] }])(
    'cannot be %j',
    (fields) => expect(template({}, fields).success).toBe(false),
  );
});

describe('what a run may store', () => {
  const storage = (resources: object) => typeWith({ resources }).resources;

  it('is limited by default', () => {
    expect(template().data).toMatchObject({ workspaceSizeLimit: '10Gi', tmpSizeLimit: '1Gi' });
    expect(storage({ limits: { cpu: '1' } })).toEqual({
      requests: { 'ephemeral-storage': '1Gi' },
      limits: { cpu: '1', 'ephemeral-storage': '12Gi' },
    });
  });

  it('is what the administrator says', () => {
    const given = { requests: {}, limits: { 'ephemeral-storage': '50Gi' } };
    expect(storage(given)).toEqual(given);
  });

  it('cannot be requested without a limit', () => {
    const { error } = template({ resources: { requests: { 'ephemeral-storage': '1Gi' } } });
    expect(error?.issues[0]?.path.slice(2)).toEqual(['resources', 'limits', 'ephemeral-storage']);
  });

  it.each(['0', '0Gi', '-1Gi', '', '10 Gi', '1e3', 'all'])('cannot be %j', (size) => {
    for (const name of ['workspaceSizeLimit', 'tmpSizeLimit'])
      expect(template({}, { [name]: size }).success).toBe(false);
  });
});
