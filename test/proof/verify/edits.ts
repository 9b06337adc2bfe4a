import { BACKEND, CONTROLLER } from '../../support/test-cluster.ts';
import { type EditableEvent, edited, type Line } from './recorded-log.ts';

interface Edit {
  of: string;
  /** Whether the line has what is edited, and it is checked. */
  applies(line: Line): boolean;
  edit(event: EditableEvent): void;
}

const isOfWrit = ({ call }: Line) => call?.username === BACKEND || call?.username === CONTROLLER;
const isReview = ({ call }: Line) => call !== undefined && /reviews$/.test(call.resource);
const isWrite = (line: Line) =>
  isOfWrit(line) &&
  !line.call?.isDryRun &&
  !isReview(line) &&
  ['create', 'patch', 'delete'].includes(line.call?.verb ?? '') &&
  isSuccess(line);
const isApiWrite = (line: Line) => isWrite(line) && line.call?.username === BACKEND;
const isSuccess = ({ call }: Line) => call !== undefined && call.status >= 200 && call.status < 300;
const isOfRun = ({ call }: Line) => /^session-[0-9a-f-]{36}-\d+$/.test(call?.name ?? '');

/** Changes of the fields that the checks look at. Each must be noticed, wherever it is made. */
export const EDITS: Edit[] = [
  {
    of: 'who made a call',
    applies: ({ call }) =>
      call !== undefined && call.username !== '' && !call.username.startsWith('system:anonymous'),
    edit: (event) => {
      event.user = { username: 'somebody-else' };
    },
  },
  {
    of: 'the number of a call',
    applies: () => true,
    edit: (event) => {
      event.auditID = event.auditID.replace(/\.\d+$/, '.900');
    },
  },
  {
    of: 'the request of a call',
    applies: () => true,
    edit: (event) => {
      event.auditID = `${crypto.randomUUID()}.1`;
    },
  },
  {
    of: 'the program that made a call',
    applies: () => true,
    edit: (event) => {
      event.userAgent = 'curl/8';
    },
  },
  {
    of: 'the verb of a write',
    applies: isWrite,
    edit: (event) => {
      event.verb = 'deletecollection';
    },
  },
  {
    of: 'the resource of a write',
    applies: isWrite,
    edit: (event) => {
      event.objectRef.resource = 'pods';
    },
  },
  {
    of: 'the namespace of a write',
    applies: (line) => isWrite(line) && (line.call?.namespace ?? '') !== '',
    edit: (event) => {
      event.objectRef.namespace = 'kube-system';
    },
  },
  {
    of: 'the name of an object of a run',
    applies: (line) => isWrite(line) && isOfRun(line),
    edit: (event) => {
      event.objectRef.name = 'default';
    },
  },
  {
    of: 'the result of a write',
    applies: isApiWrite,
    edit: (event) => {
      event.responseStatus = { code: 500 };
    },
  },
];

export function isCheckedCall(line: Line): boolean {
  return line.call !== undefined && /^[0-9a-f-]{36}\.\d+$/.test(line.call.auditId);
}

export function apply({ edit }: Edit, line: Line): Line {
  return edited(line, edit);
}
