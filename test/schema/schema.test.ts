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
import codegen from '../../codegen.ts';
import { printPossibleTypes, printSdl } from '../../schema/print.ts';
import { schema } from '../../src/graphql/schema.ts';

const own = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
const specified = new Set(['String', 'Int', 'Float', 'Boolean', 'ID']);

interface Member {
  name: string;
  description?: string | null | undefined;
  type?: unknown;
  args?: readonly Member[];
}

/** The fields of a type, its input fields, or its enum values. */
function membersOf(type: GraphQLNamedType): Member[] {
  if (isEnumType(type)) return [...type.getValues()];
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))
    return Object.values(type.getFields());
  return [];
}

/** Everything in the schema that can have a description, with its text; '' if it has none. */
function descriptions(): { of: string; text: string }[] {
  return own
    .filter((type) => !specified.has(type.name))
    .flatMap((type) => [
      { of: type.name, text: type.description ?? '' },
      ...membersOf(type).flatMap(({ name, description, args = [] }) => [
        { of: `${type.name}.${name}`, text: description ?? '' },
        ...args.map((arg) => ({ of: `${type.name}.${name}(${arg.name}:)`, text: arg.description ?? '' })),
      ]),
    ]);
}

describe('the schema', () => {
  it('matches schema/schema.graphql (npm run schema)', () => {
    expect(readFileSync('schema/schema.graphql', 'utf8')).toBe(printSdl());
  });

  it('matches schema/possible-types.json (npm run schema)', () => {
    expect(readFileSync('schema/possible-types.json', 'utf8')).toBe(printPossibleTypes());
  });

  it('matches the generated types of the examples (npm run codegen)', () => {
    const fresh = mkdtempSync(join(tmpdir(), 'writ-codegen-'));
    try {
      execFileSync(process.execPath, ['test/schema/generate-into.ts', fresh], { stdio: 'pipe' });
      for (const folder of Object.keys(codegen.generates)) {
        const files = readdirSync(folder).sort();
        expect(readdirSync(join(fresh, folder)).sort()).toEqual(files);
        for (const file of files) {
          expect(readFileSync(join(fresh, folder, file), 'utf8')).toBe(
            readFileSync(join(folder, file), 'utf8'),
          );
        }
      }
    } finally {
      rmSync(fresh, { recursive: true });
    }
  });

  it('describes every type, field, argument, input field and enum value', () => {
    expect(descriptions().filter(({ text }) => !text)).toEqual([]);
  });

  it('describes them in sentences: at least three words that end with a full stop', () => {
    const isSentence = (text: string) => text.endsWith('.') && text.split(/\s+/).length >= 3;
    expect(descriptions().filter(({ text }) => !isSentence(text))).toEqual([]);
  });
});

describe('the types that implement Node', () => {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  const nodes = types.filter((type) => type.getInterfaces().some(({ name }) => name === 'Node'));
  const pairs = nodes.flatMap((a, index) => nodes.slice(index + 1).map((b) => [a, b] as const));

  it('have one type for all fields of one name: otherwise no operation could select it on two of them', () => {
    expect(pairs.length).toBeGreaterThan(10);
    const different = pairs.flatMap(([a, b]) => {
      const others = b.getFields();
      return Object.values(a.getFields()).flatMap(({ name, type }) => {
        const other = others[name];
        if (!other || String(other.type) === String(type)) return [];
        return [`${a.name}.${name}: ${type}, ${b.name}.${name}: ${other.type}`];
      });
    });
    expect(different).toEqual([]);
  });
});

describe('the API that consumers rely on', () => {
  // The consumers' file mentions these types and does not define all of their fields.
  const named = ['RunnerType'];
  const names = readFileSync('test/schema/consumer-names.graphql', 'utf8');
  const promised = buildSchema([names, ...named.map((name) => `scalar ${name}`)].join('\n'), {
    assumeValidSDL: true,
  });

  const shared = own.filter(
    ({ name }) => promised.getType(name) && !specified.has(name) && !named.includes(name),
  );
  it.each(shared.map((type) => type.name))('keeps the names and types in %s', (name) => {
    const [ours, theirs] = [schema.getType(name), promised.getType(name)] as [
      GraphQLNamedType,
      GraphQLNamedType,
    ];
    expect(ours.constructor.name).toBe(theirs.constructor.name);
    const members = new Map(membersOf(ours).map((member) => [member.name, member]));
    for (const wanted of membersOf(theirs)) {
      const have = members.get(wanted.name);
      // A field that does not work yet is absent from the schema.
      if (have) expect(shapeOf(have)).toMatchObject(shapeOf(wanted));
    }
  });

  it('lacks only fields that do not work yet', () => {
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

function shapeOf({ type, args = [] }: Member) {
  return { type: String(type), args: Object.fromEntries(args.map((arg) => [arg.name, String(arg.type)])) };
}
