import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { canonicalHash } from '../../src/http/operations/canonical-document.ts';

const hashOf = (text: string) => canonicalHash(parse(text));

describe('documents that mean the same have the same hash', () => {
  it.for([
    ['white space and comments', '{ a b }', '{\n  a, # first\n  b\n}'],
    ['the keyword query', '{ a }', 'query { a }'],
    ['the order of fields', '{ a b { c d } }', '{ b { d c } a }'],
    ['the order of arguments', '{ a(x: 1, y: 2) }', '{ a(y: 2, x: 1) }'],
    ['the order of variables', 'query ($x: Int, $y: Int) { a }', 'query ($y: Int, $x: Int) { a }'],
    ['the order of definitions', '{ ...f } fragment f on Q { a }', 'fragment f on Q { a } { ...f }'],
    ['fields below that of a mutation', 'mutation { a { b c } }', 'mutation { a { c b } }'],
    ['inline fragments', '{ ... on Q { a b } c }', '{ c ... on Q { b a } }'],
  ] as const)('%s', ([, one, other]) => {
    expect(hashOf(one)).toBe(hashOf(other));
  });
});

describe('others have not', () => {
  it.for([
    ['another field', '{ a }', '{ b }'],
    ['an alias', '{ a }', '{ b: a }'],
    ['aliases that are swapped', '{ a: b b: a }', '{ a b }'],
    ['an argument', '{ a(x: 1) }', '{ a(x: 2) }'],
    ['a string and a number', '{ a(x: "1") }', '{ a(x: 1) }'],
    ['white space in a string', '{ a(x: "1 2") }', '{ a(x: "1  2") }'],
    ['the order of a list', '{ a(x: [1, 2]) }', '{ a(x: [2, 1]) }'],
    ['a directive', '{ a }', '{ a @skip(if: false) }'],
    ['a directive elsewhere', '{ a @x b }', '{ a b @x }'],
    ['a directive of a fragment', '{ ... @x { a } }', '{ ... { a } }'],
    ['a directive of the operation', 'query Q { a }', 'query Q @x { a }'],
    ['the place of a field', '{ a { b } c }', '{ a { b c } }'],
    ['the kind of operation', 'query { a }', 'mutation { a }'],
    ['the name of the operation', 'query A { a }', 'query B { a }'],
    ['a default value', 'query ($x: Int = 1) { a }', 'query ($x: Int = 2) { a }'],
    ['the type of a fragment', '{ ... on A { a } }', '{ ... on B { a } }'],
    ['one operation more', 'query A { a }', 'query A { a } query B { a }'],
    ['the order of mutations', 'mutation { a b }', 'mutation { b a }'],
    [
      'the order of mutations in a fragment',
      'mutation { ...f } fragment f on M { a b }',
      'mutation { ...f } fragment f on M { b a }',
    ],
    ['the order of mutations inline', 'mutation { ... { a b } }', 'mutation { ... { b a } }'],
  ] as const)('%s', ([, one, other]) => {
    expect(hashOf(one)).not.toBe(hashOf(other));
  });
});
