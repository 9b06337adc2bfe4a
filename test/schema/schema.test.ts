import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildSchema,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { printSdl } from '../../schema/print.ts';
import { schema } from '../../src/graphql/schema.ts';

const own = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
const specified = new Set(['String', 'Int', 'Float', 'Boolean', 'ID']);

function membersOf(
  type: GraphQLNamedType,
): { name: string; description?: unknown; type?: unknown; args?: unknown }[] {
  if (isEnumType(type)) return [...type.getValues()];
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))
    return Object.values(type.getFields());
  return [];
}

describe('the schema', () => {
  it('is printed in schema/schema.graphql as it is (npm run schema)', () => {
    expect(readFileSync('schema/schema.graphql', 'utf8')).toBe(printSdl());
  });

  it('has typed its examples in examples/generated as it is (npm run codegen)', () => {
    const fresh = mkdtempSync(join(tmpdir(), 'writ-codegen-'));
    try {
      execFileSync(process.execPath, ['test/schema/generate-into.ts', fresh], { stdio: 'pipe' });
      const files = readdirSync('examples/generated').sort();
      expect(readdirSync(fresh).sort()).toEqual(files);
      for (const file of files) {
        expect(readFileSync(join(fresh, file), 'utf8')).toBe(
          readFileSync(join('examples/generated', file), 'utf8'),
        );
      }
    } finally {
      rmSync(fresh, { recursive: true });
    }
  });

  it('describes every type, field and argument', () => {
    const silent = own
      .filter((type) => !specified.has(type.name))
      .flatMap((type) => [
        ...(type.description ? [] : [type.name]),
        ...(isEnumType(type) ? [] : membersOf(type)).flatMap((member) => {
          const args = (member.args ?? []) as { name: string; description?: string }[];
          return [
            ...(member.description ? [] : [`${type.name}.${member.name}`]),
            ...args
              .filter((arg) => !arg.description)
              .map((arg) => `${type.name}.${member.name}(${arg.name}:)`),
          ];
        }),
      ]);
    expect(silent).toEqual([]);
  });
});

describe('the names that consumers rely on', () => {
  // Their types are named, and the rest of them is left to us.
  const named = ['RunnerType', 'ScheduledSession', 'ProjectMember', 'AccessKey', 'ProjectSettings'];
  const names = readFileSync('test/schema/consumer-names.graphql', 'utf8');
  const promised = buildSchema([names, ...named.map((name) => `scalar ${name}`)].join('\n'), {
    assumeValidSDL: true,
  });

  const shared = own.filter(
    ({ name }) => promised.getType(name) && !specified.has(name) && !named.includes(name),
  );
  it.each(shared.map((type) => type.name))('keeps what it has of %s', (name) => {
    const [ours, theirs] = [schema.getType(name), promised.getType(name)] as [
      GraphQLNamedType,
      GraphQLNamedType,
    ];
    expect(ours.constructor.name).toBe(theirs.constructor.name);
    const members = new Map(membersOf(ours).map((member) => [member.name, member]));
    for (const wanted of membersOf(theirs)) {
      const have = members.get(wanted.name);
      // What does not work yet is absent; what is there is as promised.
      if (have) expect(shapeOf(have)).toMatchObject(shapeOf(wanted));
    }
  });

  it('lacks only what does not work yet', () => {
    const missing = Object.values(promised.getTypeMap())
      .filter((type) => !type.name.startsWith('__'))
      .flatMap((type) => {
        const ours = schema.getType(type.name);
        if (!ours) return [type.name];
        const have = new Set(membersOf(ours).map((member) => member.name));
        return membersOf(type).flatMap(({ name }) => (have.has(name) ? [] : [`${type.name}.${name}`]));
      });
    expect(missing.sort()).toMatchSnapshot();
  });
});

function shapeOf({ type, args }: { type?: unknown; args?: unknown }) {
  const given = (args ?? []) as { name: string; type: unknown; default?: unknown }[];
  return { type: String(type), args: Object.fromEntries(given.map((arg) => [arg.name, String(arg.type)])) };
}
